import type { IDataObject } from 'n8n-workflow';

import { load, runNode, type Setting } from '../host/harness';
import { answering, described, pick, type Prepared, type Sent } from './wire';

const origin = 'https://api.getreditus.com';
const credentials = { reditusApi: { apiToken: 'token-of-program', baseUrl: '' } };
const churnPath = '/api/v1/referrals/churn';
const soon = { 'retry-after': '0' };

const churnedAt = '2024-09-11T15:07:46.000Z';
const seconds = Date.parse(churnedAt) / 1000;
const referral = (state: string, more: IDataObject = {}) => ({
	id: '4711',
	type: 'referral',
	attributes: {
		email: 'ada@example.com',
		state,
		state_set_at: seconds,
		created_at: 1,
		updated_at: 2,
		...more,
	},
});
const one = (state: string): Prepared => [200, { data: referral(state) }];
const list = (...data: unknown[]): Prepared => [
	200,
	{ data, meta: { pagination: { page: 1, per_page: 50, has_more: false } } },
];
const said = (status: number, details: unknown, headers?: Record<string, string>): Prepared => [
	status,
	{ errors: [{ title: 'No', details }] },
	headers,
];

interface More extends Partial<Setting> {
	options?: IDataObject;
}

const setting = (operation: string, parameters: IDataObject, more: More = {}): Setting => ({
	node: 'reditus',
	items: [{}],
	credentials,
	onError: 'continueRegularOutput',
	...more,
	parameters: {
		resource: 'referral',
		operation,
		...parameters,
		options: { requestsPerMinute: 60_000, ...more.options },
	},
});

async function run(operation: string, parameters: IDataObject, more?: More) {
	const { main } = await runNode(setting(operation, parameters, more));
	return main.map(({ json }) => json);
}

const lines = (sent: Sent[]) => sent.map(({ method, path }) => `${method} ${path}`);
const idOf = (value: string) => ({ __rl: true, mode: 'id', value });
const byUid = { identifyBy: 'referralUid', referralUid: 'user_1' };
const byEmail = { identifyBy: 'referralEmail', referralEmail: 'ada@example.com' };
const byId = { identifyBy: 'referralId', referralId: idOf('4711') };
const post = `POST ${churnPath}`;
const getById = 'GET /api/v1/referrals/4711';
const getByEmail = 'GET /api/v1/referrals?email_eq=ada%40example.com&per_page=50';

describe('churn sends', () => {
	const spec = described('reditus-churn-referral');

	test.each<[string, IDataObject, IDataObject]>([
		['the uid', byUid, { referral_uid: 'user_1' }],
		['the uid where nothing else is chosen', { referralUid: 'user_1' }, { referral_uid: 'user_1' }],
		['the e-mail', byEmail, { referral_email: 'ada@example.com' }],
		['the ID', byId, { referral_id: '4711' }],
		[
			'the ID from the list',
			{ identifyBy: 'referralId', referralId: { __rl: true, mode: 'list', value: '4711' } },
			{ referral_id: '4711' },
		],
		[
			'an ID without spaces around it',
			{ identifyBy: 'referralId', referralId: idOf(' 4711 ') },
			{ referral_id: '4711' },
		],
		[
			'a number as text',
			{ identifyBy: 'referralId', referralId: idOf('={{ 4711 }}') },
			{ referral_id: '4711' },
		],
		[
			'only what was chosen',
			{ ...byEmail, referralUid: 'user_2', referralId: idOf('9') },
			{ referral_email: 'ada@example.com' },
		],
	])('%s, as the vendor describes it', async (_, parameters, body) => {
		const sent = answering(origin, one('churned'));
		const [json] = await run('churn', parameters);
		expect(json).toMatchObject({
			ok: true,
			ended: true,
			outcome: 'cancelled',
			effectiveAt: churnedAt,
		});
		expect(sent).toEqual([
			{
				method: 'POST',
				path: churnPath,
				body,
				headers: expect.objectContaining({
					authorization: 'Bearer token-of-program',
					'content-type': 'application/json',
				}),
			},
		]);
		expect(spec.against(sent[0])).toBeUndefined();
	});

	test('a body that the description would refuse, if there were one', () => {
		const good = { method: 'POST', path: churnPath, headers: {}, body: { referral_uid: 'a' } };
		expect(spec.against(good)).toBeUndefined();
		for (const bad of [
			{ ...good, method: 'DELETE' },
			{ ...good, path: '/api/v1/referrals' },
			{ ...good, path: `${churnPath}?referral_uid=a` },
			{ ...good, body: { referral_uid: 7 } },
			{ ...good, body: '' },
		])
			expect([bad, spec.against(bad)]).toEqual([bad, expect.anything()]);
	});
});

describe('an answer to a churn', () => {
	interface Case {
		title: string;
		who?: IDataObject;
		answers: Prepared[];
		outcome: string;
		seen?: IDataObject;
		asked?: string[];
	}
	const churned = "Referral in state 'churned' cannot be churned";
	const clicked = "Referral in state 'clicked' cannot be churned";
	const cases: Case[] = [
		{
			title: '200',
			answers: [one('churned')],
			outcome: 'cancelled',
			seen: { httpStatus: 200, effectiveAt: churnedAt, target: 'user_1' },
		},
		{
			title: '200 without a state',
			answers: [[200, { data: { id: '4711' } }]],
			outcome: 'cancelled',
			seen: { effectiveAt: null },
		},
		{
			title: '200 with no time',
			answers: [[200, { data: referral('churned', { state_set_at: null }) }]],
			outcome: 'cancelled',
			seen: { effectiveAt: null },
		},
		{ title: '200 with another state, by uid', answers: [one('paid')], outcome: 'unknown' },
		{
			title: '200 with another state, by ID',
			who: byId,
			answers: [one('paid'), one('churned')],
			outcome: 'cancelled',
			seen: { verified: true },
			asked: [post, getById],
		},
		{ title: '200 with a web page, by uid', answers: [[200, '<html>']], outcome: 'unknown' },
		{
			title: '400 with text',
			answers: [said(400, 'Validation failed: one of them is required')],
			outcome: 'failed',
			seen: { description: 'HTTP 400: Validation failed: one of them is required' },
		},
		{
			title: '400 with an object',
			answers: [
				said(400, { amount: ['must be an integer'], key: ['has already been taken', 'is long'] }),
			],
			outcome: 'failed',
			seen: {
				description: 'HTTP 400: amount: must be an integer; key: has already been taken, is long',
			},
		},
		{ title: '401', answers: [said(401, 'Unauthorized')], outcome: 'unauthorized' },
		{ title: '403', answers: [said(403, 'No access')], outcome: 'unauthorized' },
		{
			title: '404, by ID',
			who: byId,
			answers: [said(404, 'Referral not found')],
			outcome: 'notFound',
			seen: { description: 'HTTP 404: Referral not found' },
		},
		{
			title: '404 of a wrong address, by ID',
			who: byId,
			answers: [
				[404, '<html>'],
				[404, '<html>'],
			],
			outcome: 'notFound',
			asked: [post, getById],
		},
		{
			title: '422 of a churned one, by ID',
			who: byId,
			answers: [said(422, churned), one('churned')],
			outcome: 'alreadyCancelled',
			seen: { ended: true, effectiveAt: churnedAt },
			asked: [post, getById],
		},
		{
			title: '422 of a churned one, by e-mail',
			who: byEmail,
			answers: [said(422, churned), list(referral('churned'))],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: churnedAt },
			asked: [post, getByEmail],
		},
		{
			title: '422 of a churned one, by an e-mail that two have',
			who: byEmail,
			answers: [said(422, churned), list(referral('churned'), referral('paid'))],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: null },
			asked: [post, getByEmail],
		},
		{
			title: '422 of a churned one that cannot be read',
			who: byId,
			answers: [said(422, churned), [502, '', soon], [502, '', soon]],
			outcome: 'alreadyCancelled',
			asked: [post, getById, getById],
		},
		{
			title: '422 of a churned one that has paid again meanwhile',
			who: byId,
			answers: [said(422, churned), one('paid')],
			outcome: 'notCancellable',
			asked: [post, getById],
		},
		{
			title: '422 of a churned one, by uid',
			answers: [said(422, churned)],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: null },
		},
		{
			title: '422 in other words of a churned one, by ID',
			who: byId,
			answers: [said(422, 'Already done'), one('churned')],
			outcome: 'alreadyCancelled',
			asked: [post, getById],
		},
		{
			title: '422 in other words, by uid',
			answers: [said(422, 'Already done')],
			outcome: 'notCancellable',
		},
		{
			title: '422 of a clicked one, by uid',
			answers: [said(422, clicked)],
			outcome: 'notCancellable',
			seen: { description: `HTTP 422: ${clicked}` },
		},
		{
			title: '422 of a clicked one, by ID',
			who: byId,
			answers: [said(422, clicked), one('clicked')],
			outcome: 'notCancellable',
			seen: { description: `HTTP 422: ${clicked}` },
			asked: [post, getById],
		},
		{
			title: '429 until it gives up',
			answers: [said(429, 'Slow down', soon), said(429, 'Slow down', soon)],
			outcome: 'rateLimited',
			seen: { attempts: 2 },
			asked: [post, post],
		},
		{
			title: '429, then 200',
			answers: [said(429, 'Slow down', soon), one('churned')],
			outcome: 'cancelled',
			seen: { attempts: 2 },
			asked: [post, post],
		},
		{ title: '500, by uid', answers: [[500, '', soon]], outcome: 'unknown', seen: { attempts: 1 } },
		{
			title: '500, by ID, and it was churned',
			who: byId,
			answers: [[500, '', soon], one('churned')],
			outcome: 'cancelled',
			seen: { verified: true, effectiveAt: churnedAt },
			asked: [post, getById],
		},
		{
			title: '500, by ID, and it was not',
			who: byId,
			answers: [[500, '', soon], one('paid'), one('churned')],
			outcome: 'cancelled',
			seen: { attempts: 2 },
			asked: [post, getById, post],
		},
		{
			title: '500, by an e-mail that two have',
			who: byEmail,
			answers: [[500, '', soon], list(referral('paid'), referral('paid'))],
			outcome: 'unknown',
			asked: [post, getByEmail],
		},
		{
			title: '500, by an e-mail that the list answers with another',
			who: byEmail,
			answers: [[500, '', soon], list(referral('churned', { email: 'ben@example.com' }))],
			outcome: 'unknown',
			asked: [post, getByEmail],
		},
		{
			title: '500, by an e-mail that nobody has',
			who: byEmail,
			answers: [[500, '', soon], list()],
			outcome: 'notFound',
			asked: [post, getByEmail],
		},
		{ title: 'no answer in time, by uid', answers: ['silence'], outcome: 'unknown' },
	];
	test.each(cases)(
		'$title means $outcome',
		async ({ who = byUid, answers, outcome, seen = {}, asked = [post] }) => {
			const sent = answering(origin, ...answers);
			const [json] = await run('churn', who, {
				options: { maxAttempts: 2, ...(answers.includes('silence') && { timeout: 300 }) },
			});
			expect(json.error ?? json).toMatchObject({ outcome, ...seen });
			expect(json.ok === true).toBe(json.error === undefined);
			expect(lines(sent)).toEqual(asked);
		},
	);

	test('that it was churned before fails on demand', async () => {
		const sent = answering(origin, said(422, churned));
		const [json] = await run('churn', byUid, { options: { alreadyCancelled: 'fail' } });
		expect(json.error).toMatchObject({ outcome: 'notCancellable' });
		expect(sent).toHaveLength(1);
	});

	test('that has the token in it comes out without it', async () => {
		answering(origin, [200, { data: referral('churned'), echo: 'Bearer token-of-program' }]);
		const [json] = await run('churn', byUid);
		expect(json.response).toMatchObject({ echo: 'Bearer ***' });
		expect(JSON.stringify(json)).not.toContain('token-of-program');
	});

	test('of two equal items is asked for once', async () => {
		const sent = answering(origin, one('churned'));
		const [first, second] = await run('churn', byUid, { items: [{}, {}] });
		expect(first).toMatchObject({ outcome: 'cancelled' });
		expect(second).toMatchObject({ outcome: 'cancelled', duplicateOf: 0 });
		expect(sent).toHaveLength(1);
	});
});

describe('before a churn', () => {
	test.each<[string, IDataObject, Prepared, IDataObject, string]>([
		[
			'a paying referral, by ID',
			byId,
			one('paid'),
			{ current: { status: 'paid', email: 'ada@example.com' }, wouldBe: { outcome: 'cancelled' } },
			getById,
		],
		[
			'a paying referral, by e-mail',
			byEmail,
			list(referral('paid')),
			{ current: { status: 'paid' }, wouldBe: { outcome: 'cancelled' } },
			getByEmail,
		],
		[
			'an e-mail in other letters',
			byEmail,
			list(referral('paid', { email: 'Ada@Example.com' })),
			{ current: { status: 'paid' } },
			getByEmail,
		],
		[
			'a churned referral',
			byId,
			one('churned'),
			{ wouldBe: { outcome: 'alreadyCancelled', effectiveAt: churnedAt } },
			getById,
		],
		['a mere click', byId, one('clicked'), { wouldBe: { outcome: 'notCancellable' } }, getById],
		[
			'an e-mail that two have',
			byEmail,
			list(referral('paid'), referral('paid')),
			{ current: { unread: 'Reditus does not name exactly one referral for "ada@example.com".' } },
			getByEmail,
		],
	])('a dry run foresees %s', async (_, who, answer, expected, asked) => {
		const sent = answering(origin, answer);
		const [json] = await run('churn', { ...who, dryRun: true });
		expect(json).toMatchObject({ ok: true, ended: false, outcome: 'preview', ...expected });
		expect(lines(sent)).toEqual([asked]);
	});

	test('a dry run by uid says that it could not look, and asks nothing', async () => {
		const sent = answering(origin);
		const [json] = await run('churn', { ...byUid, dryRun: true });
		expect(json).toMatchObject({
			outcome: 'preview',
			current: { unread: 'Reditus offers no way to look a referral up by its UID.' },
			request: { method: 'POST', url: `${origin}${churnPath}`, body: { referral_uid: 'user_1' } },
		});
		expect(sent).toEqual([]);
	});

	test.each<[string, IDataObject, Prepared]>([
		['ID', byId, said(404, 'Referral not found')],
		['e-mail', byEmail, list()],
	])('a dry run by an unknown %s finds nobody', async (_, who, answer) => {
		const sent = answering(origin, answer);
		const [json] = await run('churn', { ...who, dryRun: true });
		expect(json.error).toMatchObject({ outcome: 'notFound' });
		expect(sent).toHaveLength(1);
	});

	test.each<[string, IDataObject, IDataObject, Prepared[], string]>([
		[
			'another e-mail',
			byId,
			{ expectedEmail: 'ben@example.com' },
			[one('paid')],
			'belongs to ada@example.com',
		],
		[
			'another state',
			byEmail,
			{ expectedStatus: 'converted' },
			[list(referral('paid'))],
			'has the status "paid"',
		],
		[
			'nothing that can be read, by uid',
			byUid,
			{ expectedEmail: 'ada@example.com' },
			[],
			'no way to look a referral up by its UID',
		],
	])('a guard that finds %s sends nothing', async (_, who, options, answers, reason) => {
		const sent = answering(origin, ...answers);
		const [json] = await run('churn', who, { options });
		expect(json.error).toMatchObject({
			outcome: 'refused',
			message: expect.stringContaining(reason),
		});
		expect(sent.map(({ method }) => method)).toEqual(answers.map(() => 'GET'));
	});

	test('a guard that agrees lets it through', async () => {
		const sent = answering(origin, one('paid'), one('churned'));
		const [json] = await run('churn', byId, {
			options: { expectedEmail: 'ADA@example.com', expectedStatus: 'paid' },
		});
		expect(json).toMatchObject({ outcome: 'cancelled' });
		expect(lines(sent)).toEqual([getById, post]);
	});
});

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
		expect(json.error).toMatchObject({ outcome: 'notFound' });
	});

	test('by uid is refused with the reason', async () => {
		const sent = answering(origin);
		const [json] = await run('get', { identifyBy: 'referralUid', referralUid: 'user_1' });
		expect(json.error).toMatchObject({
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
		[{ state: 'gone' }, 'Use one of: churned, clicked, converted, paid, rejected'],
		[{ createdAfter: 'yesterday' }, 'is not a date'],
	])('refuses %j', async (filters, reason) => {
		const sent = answering(origin);
		const [json] = await run('getAll', { returnAll: true, filters });
		expect(json.error).toMatchObject({
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
		['without rows', [page(1, true)], 0],
		[
			'without a number',
			[[200, { data: [referral('paid')], meta: { pagination: { has_more: true } } }]],
			1,
		],
	])('does not go round and round after a page %s', async (_, answers, count) => {
		const sent = answering(origin, ...answers);
		const rows = await run('getAll', { returnAll: true });
		expect(rows).toHaveLength(count);
		expect(sent).toHaveLength(answers.length);
	});

	test('asks for no page more than the limit needs', async () => {
		const sent = answering(origin, page(1, true, referral('paid'), referral('paid')));
		expect(await run('getAll', { returnAll: false, limit: 1 })).toHaveLength(1);
		expect(sent).toHaveLength(1);
	});

	test('tells a key that is not accepted', async () => {
		answering(origin, said(401, 'Unauthorized'));
		const [json] = await run('getAll', { returnAll: true });
		expect(json.error).toMatchObject({ outcome: 'unauthorized' });
	});
});

describe('the list of referrals', () => {
	const search = (typed?: string, page?: string) =>
		pick('reditus', 'searchReferrals', credentials, typed, page);

	test('shows the first ones, and where to go on', async () => {
		const sent = answering(origin, [
			200,
			{ data: [referral('paid')], meta: { pagination: { page: 1, has_more: true } } },
		]);
		expect(await search()).toEqual({
			results: [{ name: 'ada@example.com · paid · 4711', value: '4711' }],
			paginationToken: '2',
		});
		expect(lines(sent)).toEqual(['GET /api/v1/referrals?page=1&per_page=50']);
		expect(sent[0].headers.authorization).toBe('Bearer token-of-program');
	});

	test('goes on to the page that was named', async () => {
		const sent = answering(origin, [
			200,
			{ data: [], meta: { pagination: { page: 2, has_more: false } } },
		]);
		expect(await search('', '2')).toEqual({ results: [], paginationToken: undefined });
		expect(lines(sent)).toEqual(['GET /api/v1/referrals?page=2&per_page=50']);
	});

	test('shows those of an e-mail', async () => {
		const sent = answering(origin, list(referral('churned')));
		expect((await search(' a+b@example.com ')).results).toHaveLength(1);
		expect(lines(sent)).toEqual([
			'GET /api/v1/referrals?email_eq=a%2Bb%40example.com&page=1&per_page=50',
		]);
	});

	test('asks for the whole address before it asks Reditus', async () => {
		const sent = answering(origin);
		await expect(search('ada')).rejects.toThrow('Type the whole e-mail address');
		expect(sent).toEqual([]);
	});

	test('says why it is empty where the key is not accepted', async () => {
		answering(origin, said(401, 'Unauthorized'));
		await expect(search()).rejects.toThrow('Reditus could not list them: HTTP 401: Unauthorized');
	});
});

describe('an identifier', () => {
	const odd = ['a/b', 'a?b=c', 'a#b', 'a b', 'a+b', 'ünï-🦊', '%2e%2e', '../../churn'];

	test.each(odd)('"%s" arrives as it is', async (id) => {
		let sent = answering(origin, one('churned'));
		await run('churn', { identifyBy: 'referralUid', referralUid: id });
		expect(sent.map(({ body }) => body)).toEqual([{ referral_uid: id }]);
		sent = answering(origin, one('paid'));
		await run('get', { identifyBy: 'referralId', referralId: idOf(id) });
		expect(lines(sent)).toEqual([`GET /api/v1/referrals/${encodeURIComponent(id)}`]);
	});

	const nothing = [
		'={{ "" }}',
		'  ',
		'undefined',
		'null',
		'[object Object]',
		'={{ $json.none }}',
		'={{ {} }}',
		'a\nb',
	];
	const doubtful: IDataObject[] = [
		...nothing.map((referralUid) => ({ identifyBy: 'referralUid', referralUid })),
		...nothing.map((id) => ({ identifyBy: 'referralId', referralId: idOf(id) })),
		...['={{ "" }}', 'ada', 'a@b.co, c@d.co', 'null'].map((referralEmail) => ({
			identifyBy: 'referralEmail',
			referralEmail,
		})),
		{ identifyBy: 'email', referralEmail: 'ada@example.com' },
	];
	test.each(doubtful.map((who) => [who]))('%j is not sent', async (who) => {
		const sent = answering(origin);
		for (const operation of ['churn', 'get']) {
			const [json] = await run(operation, who);
			expect(json.error).toMatchObject({
				outcome: 'invalid',
				attempts: 0,
				message: expect.stringContaining('Nothing was sent'),
			});
		}
		expect(sent).toEqual([]);
	});

	test.each<[string, IDataObject]>([
		['Referral UID', { identifyBy: 'referralUid', referralUid: '' }],
		['Referral Email', { identifyBy: 'referralEmail', referralEmail: '' }],
		[
			'Referral ID',
			{ identifyBy: 'referralId', referralId: { __rl: true, mode: 'list', value: '' } },
		],
	])('%s is asked for by n8n itself where the field is empty', async (_, who) => {
		const sent = answering(origin);
		await expect(run('churn', who)).rejects.toThrow(/is required|has issues/);
		expect(sent).toEqual([]);
	});

	test.each(['..', '.'])('"%s" does not become a path', async (id) => {
		const sent = answering(origin);
		const [json] = await run('get', { identifyBy: 'referralId', referralId: idOf(id) });
		expect(json.error).toMatchObject({ outcome: 'invalid' });
		expect(sent).toEqual([]);
	});
});

test('the credential is tested by reading one referral', async () => {
	const { type } = (await load()).getCredential('reditusApi');
	expect(type.test).toMatchObject({
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/v1/referrals', qs: { per_page: 1 } },
	});
});

test('the pace without options stays within 100 requests in 5 minutes', async () => {
	const { limits } = jest.requireActual('../../nodes/Reditus/provider').reditus;
	expect(limits.burst + 5 * limits.requestsPerMinute).toBeLessThanOrEqual(100);
});
