import type { IDataObject } from 'n8n-workflow';

import { load, runNode, type Setting } from '../host/harness';
import { answering, described, pick, type Prepared, type Sent } from './wire';

const origin = 'https://api.funnelfox.io';
const credentials = { funnelFoxApi: { secretKey: 'secret_of_project', baseUrl: '' } };
const path = '/public/v1/subscriptions';
const soon = { 'retry-after': '0' };
const future = '2999-12-31T00:00:00.000Z';
const past = '2020-01-31T00:00:00.000Z';

const active = {
	id: 'sub_1',
	psp_id: 'psp_1',
	status: 'active',
	renews: true,
	sandbox: false,
	period_ends_at: future,
	updated_at: past,
	profile: { id: 'pro_1', email: 'ada@example.com', created_at: past },
	product: { id: 'p', name: 'Pro', status: 'active' },
};
const cancelled = { ...active, status: 'cancelled', renews: false, cancelled_at: past };

interface More extends Partial<Setting> {
	options?: IDataObject;
}

const idOf = (value: string) => ({ __rl: true, mode: 'id', value });

const setting = (operation: string, parameters: IDataObject, more: More = {}): Setting => ({
	node: 'funnelFox',
	items: [{}],
	credentials,
	onError: 'continueRegularOutput',
	...more,
	parameters: {
		resource: 'subscription',
		operation,
		...(operation !== 'getAll' && { subscriptionId: idOf('sub_1') }),
		...parameters,
		options: { requestsPerMinute: 60_000, ...more.options },
	},
});

async function run(operation: string, parameters: IDataObject = {}, more?: More) {
	const { main } = await runNode(setting(operation, parameters, more));
	return main.map(({ json }) => json);
}

const lines = (sent: Sent[]) => sent.map(({ method, path }) => `${method} ${path}`);
const post = `POST ${path}/sub_1/cancel`;
const get = `GET ${path}/sub_1`;

describe('cancel sends', () => {
	const spec = described('funnelfox-cancel-subscription');

	test.each<[string, IDataObject, unknown]>([
		['nothing but the ID', {}, ''],
		['a reason', { additionalFields: { reason: 'Too expensive' } }, { reason: 'Too expensive' }],
		['no reason that is empty', { additionalFields: { reason: ' ' } }, ''],
		['the ID from the list', { subscriptionId: { __rl: true, mode: 'list', value: 'sub_1' } }, ''],
		['the ID without spaces around it', { subscriptionId: idOf(' sub_1 ') }, ''],
	])('%s, as the vendor describes it', async (_, parameters, body) => {
		const sent = answering(origin, [200, cancelled]);
		const [json] = await run('cancel', parameters);
		expect(json).toMatchObject({
			ok: true,
			ended: true,
			outcome: 'scheduled',
			effectiveAt: future,
		});
		expect(sent).toEqual([
			{
				method: 'POST',
				path: `${path}/sub_1/cancel`,
				body,
				headers: expect.objectContaining({ 'fox-secret': 'secret_of_project' }),
			},
		]);
		expect(sent[0].headers['content-type']).toBe(body === '' ? undefined : 'application/json');
		expect(spec.against(sent[0])).toBeUndefined();
	});

	test('a request that the description would refuse, if there were one', () => {
		const headers = { 'fox-secret': 'secret_' };
		const good = { method: 'POST', path: `${path}/sub_1/cancel`, headers, body: '' };
		expect(spec.against(good)).toBeUndefined();
		for (const bad of [
			{ ...good, method: 'GET' },
			{ ...good, path: `${path}/a/b/cancel` },
			{ ...good, path: `${path}/sub_1/cancel?reason=a` },
			{ ...good, headers: {} },
			{ ...good, body: { reason: 7 } },
		])
			expect([bad, spec.against(bad)]).toEqual([bad, expect.anything()]);
	});

	test('tells the reason in the outcome', async () => {
		answering(origin, [200, cancelled]);
		const [json] = await run('cancel', { additionalFields: { reason: 'Too expensive' } });
		expect(json).toMatchObject({ reason: 'Too expensive', target: 'sub_1' });
	});
});

describe('an answer to a cancel', () => {
	interface Case {
		title: string;
		answers: Prepared[];
		outcome: string;
		seen?: IDataObject;
		asked?: string[];
	}
	const cases: Case[] = [
		{
			title: '200 with an end to come',
			answers: [[200, cancelled]],
			outcome: 'scheduled',
			seen: { effectiveAt: future, httpStatus: 200 },
		},
		{
			title: '200 with an end that has passed',
			answers: [[200, { ...cancelled, period_ends_at: past }]],
			outcome: 'cancelled',
			seen: { effectiveAt: past },
		},
		{
			title: '200 without an end',
			answers: [[200, { ...cancelled, period_ends_at: undefined }]],
			outcome: 'cancelled',
			seen: { effectiveAt: past },
		},
		{
			title: '200 expired',
			answers: [[200, { ...cancelled, status: 'expired', period_ends_at: past }]],
			outcome: 'cancelled',
			seen: { effectiveAt: past },
		},
		{
			title: '200 with renewal off',
			answers: [[200, { ...active, renews: false }]],
			outcome: 'scheduled',
			seen: { effectiveAt: future },
		},
		{
			title: '200 of a paused one that does not renew',
			answers: [[200, { ...active, status: 'paused', renews: false }]],
			outcome: 'scheduled',
		},
		{
			title: '200 that still renews, then cancelled',
			answers: [
				[200, active],
				[200, cancelled],
			],
			outcome: 'scheduled',
			seen: { verified: true },
			asked: [post, get],
		},
		{
			title: '200 that goes on renewing',
			answers: [
				[200, active, soon],
				[200, active],
				[200, active, soon],
				[200, active],
			],
			outcome: 'failed',
			seen: { attempts: 2 },
			asked: [post, get, post, get],
		},
		{
			title: 'a web page',
			answers: [
				[200, '<html>', soon],
				[200, cancelled],
			],
			outcome: 'scheduled',
			seen: { verified: true },
			asked: [post, get],
		},
		{
			title: 'the JSON word null',
			answers: [
				[200, 'null', { ...soon, 'content-type': 'application/json' }],
				[200, cancelled],
			],
			outcome: 'scheduled',
			seen: { verified: true },
			asked: [post, get],
		},
		{
			title: '400 of a cancelled one',
			answers: [
				[400, { message: 'already canceled' }],
				[200, cancelled],
			],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: future },
			asked: [post, get],
		},
		{
			title: '400 of one whose renewal is off',
			answers: [
				[400, { message: 'already canceled' }],
				[200, { ...active, renews: false }],
			],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: future },
			asked: [post, get],
		},
		{
			title: '400 of an active one',
			answers: [
				[400, { message: 'Braintree cannot' }],
				[200, active],
			],
			outcome: 'notCancellable',
			seen: { description: 'HTTP 400: Braintree cannot' },
			asked: [post, get],
		},
		{
			title: '400 of a deleted one',
			answers: [
				[400, { message: 'deleted' }],
				[404, { message: 'no' }],
			],
			outcome: 'notFound',
			asked: [post, get],
		},
		{
			title: '401',
			answers: [[401, { message: 'Wrong secret' }]],
			outcome: 'unauthorized',
			seen: { description: 'HTTP 401: Wrong secret' },
		},
		{ title: '403', answers: [[403, { message: 'No' }]], outcome: 'unauthorized' },
		{
			title: '404',
			answers: [
				[404, { message: 'Subscription not found' }],
				[404, { message: 'Subscription not found' }],
			],
			outcome: 'notFound',
			asked: [post, get],
		},
		{
			title: '409',
			answers: [
				[409, { message: 'busy' }],
				[200, active],
			],
			outcome: 'notCancellable',
			asked: [post, get],
		},
		{
			title: '429 until it gives up',
			answers: [
				[429, '', soon],
				[429, '', soon],
			],
			outcome: 'rateLimited',
			seen: { attempts: 2 },
			asked: [post, post],
		},
		{
			title: '429, then 200',
			answers: [
				[429, '', soon],
				[200, cancelled],
			],
			outcome: 'scheduled',
			seen: { attempts: 2 },
			asked: [post, post],
		},
		{
			title: '500, and it was cancelled',
			answers: [
				[500, '', soon],
				[200, cancelled],
			],
			outcome: 'scheduled',
			seen: { verified: true, attempts: 1 },
			asked: [post, get],
		},
		{
			title: '500, and it was not',
			answers: [
				[500, '', soon],
				[200, active],
				[200, cancelled],
			],
			outcome: 'scheduled',
			seen: { attempts: 2 },
			asked: [post, get, post],
		},
		{
			title: '500, and it cannot be read',
			answers: [
				[500, '', soon],
				[500, '', soon],
				[500, '', soon],
			],
			outcome: 'unknown',
			asked: [post, get, get],
		},
		{
			title: 'no answer in time, and it was cancelled',
			answers: ['silence', [200, cancelled]],
			outcome: 'scheduled',
			seen: { verified: true },
			asked: [post, get],
		},
		{
			title: 'a redirect',
			answers: [[302, '', { location: 'https://elsewhere.test/' }]],
			outcome: 'failed',
			seen: { description: 'It answered with a redirect to https://elsewhere.test/.' },
		},
	];
	test.each(cases)(
		'$title means $outcome',
		async ({ answers, outcome, seen = {}, asked = [post] }) => {
			const sent = answering(origin, ...answers);
			const [json] = await run(
				'cancel',
				{},
				{ options: { maxAttempts: 2, ...(answers.includes('silence') && { timeout: 300 }) } },
			);
			expect(json.error ?? json).toMatchObject({ outcome, ...seen });
			expect(lines(sent)).toEqual(asked);
		},
	);

	test('that it was cancelled before fails on demand', async () => {
		answering(origin, [400, { message: 'already canceled' }], [200, cancelled]);
		const [json] = await run('cancel', {}, { options: { alreadyCancelled: 'fail' } });
		expect(json.error).toMatchObject({ outcome: 'notCancellable' });
	});

	test('that has the secret in it comes out without it', async () => {
		answering(origin, [
			200,
			{ ...cancelled, note: 'secret_of_project', webhook: { 'Fox-Secret-Key': 'x' } },
		]);
		const [json] = await run('cancel');
		expect(json.response).toMatchObject({ note: '***', webhook: { 'Fox-Secret-Key': '***' } });
	});
});

describe('before a cancel', () => {
	test.each<[string, IDataObject, IDataObject]>([
		[
			'an active one',
			active,
			{
				current: { status: 'active', active: true, endsAt: future, email: 'ada@example.com' },
				wouldBe: { outcome: 'scheduled', effectiveAt: future },
			},
		],
		[
			'a cancelled one',
			cancelled,
			{ current: { active: false }, wouldBe: { outcome: 'alreadyCancelled', effectiveAt: future } },
		],
		['a paused one', { ...active, status: 'paused' }, { wouldBe: { outcome: 'scheduled' } }],
		[
			'a paused one that does not renew meanwhile',
			{ ...active, status: 'paused', renews: false },
			{ current: { active: true }, wouldBe: { outcome: 'scheduled' } },
		],
		['a trial', { ...active, status: 'trialing' }, { wouldBe: { outcome: 'scheduled' } }],
		[
			'one without an end',
			{ ...active, period_ends_at: undefined, profile: null },
			{ current: { email: null, endsAt: null }, wouldBe: { outcome: 'cancelled' } },
		],
	])('a dry run foresees %s', async (_, record, expected) => {
		const sent = answering(origin, [200, record]);
		const [json] = await run('cancel', { dryRun: true, additionalFields: { reason: 'R' } });
		expect(json).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'preview',
			request: { method: 'POST', url: `${origin}${path}/sub_1/cancel`, body: { reason: 'R' } },
			planToken: expect.any(String),
			...expected,
		});
		expect(lines(sent)).toEqual([get]);
	});

	test('a plan is carried out while the record stays as it was', async () => {
		answering(origin, [200, active]);
		const [{ planToken }] = await run('cancel', { dryRun: true });
		let sent = answering(origin, [200, active], [200, cancelled]);
		expect((await run('cancel', {}, { options: { planToken } }))[0]).toMatchObject({
			outcome: 'scheduled',
		});
		expect(lines(sent)).toEqual([get, post]);
		sent = answering(origin, [200, { ...active, updated_at: future }]);
		const [json] = await run('cancel', {}, { options: { planToken } });
		expect(json.error).toMatchObject({ outcome: 'refused' });
		expect(lines(sent)).toEqual([get]);
	});

	test.each<[string, IDataObject]>([
		['e-mail', { expectedEmail: 'ben@example.com' }],
		['status', { expectedStatus: 'trialing' }],
	])('another %s than expected stops the item', async (_, options) => {
		const sent = answering(origin, [200, active]);
		const [json] = await run('cancel', {}, { options });
		expect(json.error).toMatchObject({ outcome: 'refused' });
		expect(lines(sent)).toEqual([get]);
	});
});

describe('get', () => {
	test('reads one subscription', async () => {
		const sent = answering(origin, [200, active]);
		expect(await run('get')).toEqual([{ ...active, isTest: false }]);
		expect(lines(sent)).toEqual([get]);
	});

	test.each<[Prepared, string]>([
		[[400, { message: 'No' }], 'failed'],
		[[401, { message: 'No' }], 'unauthorized'],
		[[404, { message: 'No' }], 'notFound'],
		[[200, '<html>'], 'failed'],
	])('answered with %j is %s', async (answer, outcome) => {
		answering(origin, answer);
		const [json] = await run('get');
		expect(json.error).toMatchObject({ outcome });
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
		['a funnel', { funnelId: 'f 1' }, '&filter%5Bfunnel_id%5D=f%201'],
		['a profile', { profileId: 'pro_1' }, '&filter%5Bprofile_id%5D=pro_1'],
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
	])('refuses %j', async (filters, reason) => {
		const sent = answering(origin);
		const [json] = await run('getAll', { returnAll: true, filters });
		expect(json.error).toMatchObject({
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

	test('ends at a cursor that comes again', async () => {
		const sent = answering(origin, page([row('a')], 'a'), page([row('b')], 'a'));
		expect(await run('getAll', { returnAll: true })).toHaveLength(2);
		expect(sent).toHaveLength(2);
	});

	test.each<[string, Prepared]>([
		['says that there is no more', page([row('a')], 'a', false)],
		['names no cursor', page([row('a')], undefined, true)],
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
		const sent = answering(origin, [500, '', soon], page([row('a')]));
		expect(await run('getAll', { returnAll: true })).toHaveLength(1);
		expect(sent).toHaveLength(2);
	});
});

describe('the list of subscriptions', () => {
	const search = (typed?: string, cursor?: string) =>
		pick('funnelFox', 'searchSubscriptions', credentials, typed, cursor);

	test('names product, status, customer and end, and marks tests', async () => {
		const data = [active, { id: 'sub_2', status: 'created', sandbox: true }];
		const sent = answering(origin, [
			200,
			{ data, pagination: { has_more: true, next_cursor: 'sub_2' } },
		]);
		expect(await search()).toEqual({
			results: [
				{ name: 'Pro · active · ada@example.com · until 2999-12-31', value: 'sub_1' },
				{ name: 'sub_2 · created · test', value: 'sub_2' },
			],
			paginationToken: 'sub_2',
		});
		expect(lines(sent)).toEqual([`GET ${path}?limit=50`]);
		expect(sent[0].headers['fox-secret']).toBe('secret_of_project');
	});

	test('looks for an e-mail, and goes on from a cursor', async () => {
		const sent = answering(origin, [200, { data: [], pagination: { has_more: false } }]);
		expect(await search(' a+b@example.com ', 'sub_2')).toEqual({
			results: [],
			paginationToken: undefined,
		});
		expect(lines(sent)).toEqual([
			`GET ${path}?limit=50&filter%5Bemail%5D=a%2Bb%40example.com&cursor=sub_2`,
		]);
	});

	test('says why it is empty where the key is not accepted', async () => {
		answering(origin, [401, { message: 'Wrong secret' }]);
		await expect(search()).rejects.toThrow('FunnelFox could not list them: HTTP 401: Wrong secret');
	});
});

describe('an ID', () => {
	test.each(['a/b', 'a?b=c', 'a#b', 'a b', 'a+b', 'ünï-🦊', '%2e%2e', '../../refund'])(
		'"%s" stays one part of the path',
		async (id) => {
			let sent = answering(origin, [200, cancelled]);
			await run('cancel', { subscriptionId: idOf(id) });
			expect(lines(sent)).toEqual([`POST ${path}/${encodeURIComponent(id)}/cancel`]);
			sent = answering(origin, [200, active]);
			await run('get', { subscriptionId: idOf(id) });
			expect(lines(sent)).toEqual([`GET ${path}/${encodeURIComponent(id)}`]);
		},
	);

	test.each<[string, string]>([
		['sub_1NG8Du2eZvKYlo2CUI79vXWy', 'Stripe'],
		['sub_1Mc70vJEtINljGAa1xaGI5q9', 'Stripe'],
		['I-BW452GLLEP1G', 'PayPal'],
	])('"%s" is known to be of %s', async (id, psp) => {
		const sent = answering(origin);
		for (const operation of ['cancel', 'get']) {
			const [json] = await run(operation, { subscriptionId: idOf(id) });
			expect(json.error).toMatchObject({
				outcome: 'invalid',
				message: `Subscription "${id}" is an ID of ${psp}; FunnelFox has its own. Find it with Get Many: "id", not "psp_id". Nothing was sent. [item 0]`,
			});
		}
		expect(sent).toEqual([]);
	});

	// FunnelFox documents none of its subscriptions; these are the shapes that its other records have.
	test.each([
		'sub_00000000000000000000000000',
		'sub_01J9ZC3VKX5W2T8QH4N7RBD6YM',
		'sub_01j9zc3vkx5w2t8qh4n7rbd6ym',
		'sub_12345678901234567890',
		'01J9ZC3VKX5W2T8QH4N7RBD6YM',
		'b471682e-fa17-4e46-b7fe-000000000001',
		'I-1',
	])('"%s" may be one of FunnelFox, and is sent', async (id) => {
		const sent = answering(origin, [200, cancelled]);
		await run('cancel', { subscriptionId: idOf(id) });
		expect(lines(sent)).toEqual([`POST ${path}/${id}/cancel`]);
	});

	test.each([
		'={{ "" }}',
		'  ',
		'undefined',
		'null',
		'[object Object]',
		'={{ $json.none }}',
		'={{ {} }}',
		'a\nb',
		'.',
		'..',
	])('"%s" is not sent', async (id) => {
		const sent = answering(origin);
		for (const operation of ['cancel', 'get']) {
			const [json] = await run(operation, { subscriptionId: idOf(id) });
			expect(json.error).toMatchObject({ outcome: 'invalid', attempts: 0 });
		}
		expect(sent).toEqual([]);
	});

	test('is asked for by n8n itself where the field is empty', async () => {
		const sent = answering(origin);
		await expect(run('cancel', { subscriptionId: idOf('') })).rejects.toThrow(
			/is required|has issues/,
		);
		expect(sent).toEqual([]);
	});
});

test('the credential is tested by reading one funnel', async () => {
	const { type } = (await load()).getCredential('funnelFoxApi');
	expect(type.test).toMatchObject({
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/funnels', qs: { limit: 1 } },
	});
});
