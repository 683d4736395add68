import type { IDataObject } from 'n8n-workflow';

import { answering, lines, type Prepared, type Sent } from '../wire';
import {
	origin,
	referral,
	one,
	list,
	said,
	byEmail,
	byId,
	getById,
	getByEmail,
	run,
} from './vendor';

describe('get', () => {
	test.each<[string, IDataObject, Prepared, string]>([
		['ID', byId, one('paid'), getById],
		['e-mail', byEmail, list(referral('paid')), getByEmail],
		[
			'e-mail where nothing else is chosen',
			{ referralEmail: 'ada@example.com' },
			list(referral('paid')),
			getByEmail,
		],
	])('by %s reads the referral, its attributes on one level', async (_, who, answer, asked) => {
		const sent = answering(origin, answer);
		const rows = await run('get', who);
		expect(rows).toEqual([{ id: '4711', type: 'referral', ...referral('paid').attributes }]);
		expect(lines(sent)).toEqual([asked]);
	});

	test.each<[string, IDataObject, Prepared]>([
		['ID', byId, said(404, 'Referral not found')],
		['e-mail', byEmail, list()],
	])('by an unknown %s is not found', async (_, who, answer) => {
		answering(origin, answer);
		const [json] = await run('get', who);
		expect(json).toMatchObject({ outcome: 'notFound' });
	});

	test('by uid is refused with the reason', async () => {
		const sent = answering(origin);
		const [json] = await run('get', { identifyBy: 'referralUid', referralUid: 'user_1' });
		expect(json).toMatchObject({
			outcome: 'invalid',
			message:
				'Reditus offers no way to look a referral up by its UID. Nothing was sent. Identify it by e-mail or by its ID. [item 0]',
		});
		expect(sent).toEqual([]);
	});
});

describe('get many', () => {
	const query = (sent: Sent) => Object.fromEntries(new URL(sent.path, origin).searchParams);
	const page = (number: number, has_more: boolean, ...data: unknown[]): Prepared => [
		200,
		{ data, meta: { pagination: { page: number, per_page: 50, has_more } } },
	];

	test.each<[string, IDataObject, IDataObject]>([
		['nothing', {}, {}],
		['an e-mail', { email: 'a+b@example.com' }, { email_eq: 'a+b@example.com' }],
		['a state', { state: 'churned' }, { state_eq: 'churned' }],
		[
			'when it was made',
			{ createdAfter: '2022-12-24T12:47:45', createdBefore: '2022-12-25' },
			{ created_at_gt: '2022-12-24 17:47:45 +0000', created_at_lt: '2022-12-25 05:00:00 +0000' },
		],
		[
			'when its state was set',
			{ stateSetAfter: '2022-07-24T12:47:45', stateSetBefore: '2022-12-24T12:47:45+02:00' },
			{
				state_set_at_gt: '2022-07-24 16:47:45 +0000',
				state_set_at_lt: '2022-12-24 10:47:45 +0000',
			},
		],
	])('filters by %s', async (_, filters, expected) => {
		const sent = answering(origin, page(1, false));
		const rows = await run(
			'getAll',
			{ returnAll: true, filters },
			{ timezone: 'America/New_York' },
		);
		expect(rows).toEqual([]);
		expect(sent.map(query)).toEqual([{ ...expected, page: '1', per_page: '50' }]);
	});

	test('sends the plus of a date and of an address encoded', async () => {
		const sent = answering(origin, page(1, false));
		await run('getAll', {
			returnAll: true,
			filters: { email: 'a+b@example.com', createdAfter: '2022-12-24T12:47:45Z' },
		});
		expect(lines(sent)).toEqual([
			'GET /api/v1/referrals?email_eq=a%2Bb%40example.com&created_at_gt=2022-12-24%2012%3A47%3A45%20%2B0000&page=1&per_page=50',
		]);
	});

	test.each<[IDataObject, string]>([
		[{ email: 'ada' }, 'is not an e-mail address'],
		[{ state: 'gone' }, 'Use one of: churned, clicked, converted, expired, paid, rejected'],
		[{ createdAfter: 'yesterday' }, 'is not a date'],
		[{ createdAfter: '2027-02-30' }, 'is not a date'],
		...['email', 'state', 'createdAfter', 'createdBefore', 'stateSetAfter', 'stateSetBefore'].map(
			(name): [IDataObject, string] => [{ [name]: '={{ $json.none }}' }, 'Nothing was sent'],
		),
	])('refuses %j', async (filters, reason) => {
		const sent = answering(origin);
		const [json] = await run('getAll', { returnAll: true, filters });
		expect(json).toMatchObject({
			outcome: 'invalid',
			message: expect.stringContaining(reason),
		});
		expect(sent).toEqual([]);
	});

	test('follows the pages to the last one', async () => {
		const sent = answering(
			origin,
			page(1, true, referral('paid')),
			page(2, true, referral('churned')),
			page(3, false, referral('clicked')),
		);
		const rows = await run('getAll', { returnAll: true, filters: { state: 'paid' } });
		expect(rows.map(({ state }) => state)).toEqual(['paid', 'churned', 'clicked']);
		expect(sent.map(query)).toEqual(
			['1', '2', '3'].map((page) => ({ state_eq: 'paid', page, per_page: '50' })),
		);
	});

	test.each<[string, Prepared[], number]>([
		['that it gave before', [page(1, true, referral('paid')), page(1, true, referral('paid'))], 2],
	])('does not go round and round after a page %s', async (_, answers, count) => {
		const sent = answering(origin, ...answers);
		const rows = await run('getAll', { returnAll: true });
		expect(rows).toHaveLength(count);
		expect(sent).toHaveLength(answers.length);
	});

	test.each<[string, Prepared]>([
		['without rows', page(1, true)],
		[
			'without a number',
			[200, { data: [referral('paid')], meta: { pagination: { has_more: true } } }],
		],
	])('fails after a page %s that says there is more', async (_, answer) => {
		const sent = answering(origin, answer);
		expect(await run('getAll', { returnAll: true })).toMatchObject([
			{ ok: false, outcome: 'failed' },
		]);
		expect(sent).toHaveLength(1);
	});

	test('by an e-mail with capitals looks once more in lower case', async () => {
		const sent = answering(origin, list(), list(referral('paid')));
		const rows = await run('get', { ...byEmail, referralEmail: 'Ada@Example.com' });
		expect(rows).toMatchObject([{ id: '4711' }]);
		expect(lines(sent)[1]).toBe(getByEmail);
	});

	test('asks for no page more than the limit needs', async () => {
		const sent = answering(origin, page(1, true, referral('paid'), referral('paid')));
		expect(await run('getAll', { returnAll: false, limit: 1 })).toHaveLength(1);
		expect(sent).toHaveLength(1);
	});

	test('tells a key that is not accepted', async () => {
		answering(origin, said(401, 'Unauthorized'));
		const [json] = await run('getAll', { returnAll: true });
		expect(json).toMatchObject({ outcome: 'unauthorized' });
	});
});
