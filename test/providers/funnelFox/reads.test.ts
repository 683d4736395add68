import type { IDataObject } from 'n8n-workflow';

import { answering, lines, type Prepared } from '../wire';
import { origin, path, active, get, run, serverError } from './vendor';

describe('get', () => {
	test('reads one subscription', async () => {
		const sent = answering(origin, [200, active]);
		expect(await run('get')).toEqual([{ ...active, isTest: false }]);
		expect(lines(sent)).toEqual([get]);
	});

	test.each<[Prepared, string]>([
		[[400, { message: 'No' }], 'failed'],
		[[401, { message: 'No' }], 'unauthorized'],
		[[404, { message: 'Subscription not found' }], 'notFound'],
		[[200, '<html>'], 'failed'],
		[[200, { data: null }], 'failed'],
	])('answered with %j is %s', async (answer, outcome) => {
		answering(origin, answer);
		const [json] = await run('get');
		expect(json).toMatchObject({ outcome });
	});
});

describe('get many', () => {
	const page = (
		data: unknown[],
		next_cursor?: string,
		has_more = next_cursor !== undefined,
	): Prepared => [200, { data, pagination: { has_more, total: 9, next_cursor } }];
	const row = (id: string, more: IDataObject = {}) => ({ ...active, id, ...more });

	test.each<[string, IDataObject, string]>([
		['nothing', {}, ''],
		['an e-mail', { email: 'a+b@example.com' }, '&filter%5Bemail%5D=a%2Bb%40example.com'],
		['a funnel', { funnelId: 'fun_1' }, '&filter%5Bfunnel_id%5D=fun_1'],
		['a profile', { profileId: 'pro_1' }, '&filter%5Bprofile_id%5D=pro_1'],
		[
			'the time of its last change',
			{ updatedAfter: '2026-07-01T00:00:00Z', updatedBefore: '2026-08-01T00:00:00Z' },
			'&filter%5Bupdated_at.from%5D=2026-07-01T00%3A00%3A00.000Z&filter%5Bupdated_at.to%5D=2026-08-01T00%3A00%3A00.000Z',
		],
		...['braintree', 'paddle', 'paypal', 'solidgate', 'stripe'].map(
			(psp): [string, IDataObject, string] => [psp, { psp }, `&filter%5Bpsp%5D=${psp}`],
		),
		...['active', 'cancelled', 'created', 'expired', 'paused', 'trialing', 'unpaid'].map(
			(status): [string, IDataObject, string] => [
				status,
				{ status },
				`&filter%5Bstatus%5D=${status}`,
			],
		),
		[
			'two at once',
			{ email: 'a@b.co', status: 'active' },
			'&filter%5Bemail%5D=a%40b.co&filter%5Bstatus%5D=active',
		],
	])('filters by %s', async (_, filters, query) => {
		const sent = answering(origin, page([]));
		expect(await run('getAll', { returnAll: true, filters })).toEqual([]);
		expect(lines(sent)).toEqual([`GET ${path}?limit=100${query}`]);
	});

	test.each<[IDataObject, string]>([
		[{ email: 'ada' }, 'is not an e-mail address'],
		[{ status: 'gone' }, 'Use one of: active, cancelled'],
		[{ psp: 'adyen' }, 'Use one of: braintree'],
		...['email', 'profileId', 'funnelId'].map((filter): [IDataObject, string] => [
			{ [filter]: '={{ $json.none }}' },
			'is empty',
		]),
		...['status', 'psp'].map((filter): [IDataObject, string] => [
			{ [filter]: '={{ $json.none }}' },
			'Use one of',
		]),
	])('refuses %j', async (filters, reason) => {
		const sent = answering(origin);
		const [json] = await run('getAll', { returnAll: true, filters });
		expect(json).toMatchObject({
			outcome: 'invalid',
			message: expect.stringContaining(reason),
		});
		expect(sent).toEqual([]);
	});

	test('follows the cursor to the last page', async () => {
		const sent = answering(origin, page([row('a')], 'a'), page([row('b')], 'b'), page([row('c')]));
		const rows = await run('getAll', { returnAll: true, filters: { status: 'active' } });
		expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
		const first = `GET ${path}?limit=100&filter%5Bstatus%5D=active`;
		expect(lines(sent)).toEqual([first, `${first}&cursor=a`, `${first}&cursor=b`]);
	});

	test.each<[Prepared, string]>([
		[[200, { data: null }], 'The response holds no records.'],
		[[200, { message: 'later' }], 'The response holds no records.'],
	])('answered with %j fails instead of giving a row', async (answer, description) => {
		answering(origin, answer);
		expect(await run('getAll', { returnAll: true })).toMatchObject([
			{ ok: false, outcome: 'failed', description },
		]);
	});

	test('ends at a cursor that comes again', async () => {
		const sent = answering(origin, page([row('a')], 'a'), page([row('b')], 'a'));
		expect(await run('getAll', { returnAll: true })).toHaveLength(2);
		expect(sent).toHaveLength(2);
	});

	test('fails where there is more and no cursor leads to it', async () => {
		const sent = answering(origin, page([row('a')], undefined, true));
		expect(await run('getAll', { returnAll: true })).toMatchObject([
			{ ok: false, outcome: 'failed' },
		]);
		expect(sent).toHaveLength(1);
	});

	test.each<[string, Prepared]>([
		['says that there is no more', page([row('a')], 'a', false)],
		['tells nothing about pages', [200, { data: [row('a')] }]],
	])('ends at a page that %s', async (_, answer) => {
		const sent = answering(origin, answer);
		expect(await run('getAll', { returnAll: true })).toHaveLength(1);
		expect(sent).toHaveLength(1);
	});

	test('asks for no page more than the limit needs', async () => {
		const sent = answering(
			origin,
			page([row('a'), row('b')], 'b'),
			page([row('c'), row('d')], 'd'),
		);
		const rows = await run('getAll', { returnAll: false, limit: 3 });
		expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
		expect(sent).toHaveLength(2);
	});

	test('marks sandbox and preview rows', async () => {
		answering(
			origin,
			page([row('a'), row('b', { sandbox: true }), row('c', { profile: { preview: true } })]),
		);
		const rows = await run('getAll', { returnAll: true });
		expect(rows.map(({ id, isTest }) => [id, isTest])).toEqual([
			['a', false],
			['b', true],
			['c', true],
		]);
	});

	test('repeats a page that was not answered', async () => {
		const sent = answering(origin, serverError, page([row('a')]));
		expect(await run('getAll', { returnAll: true })).toHaveLength(1);
		expect(sent).toHaveLength(2);
	});
});
