import { NodeHelpers, type IDataObject, type INode, type INodeType } from 'n8n-workflow';

import { load, retrySaved, runNode, type Setting } from '../host/harness';
import { answering, described, type Prepared, type Sent } from './wire';

const v1 = 'https://firstpromoter.com';
const v2 = 'https://api.firstpromoter.com';
const keyV1 = { apiKey: 'key-of-v1', baseUrl: '' };
const keyV2 = { apiKey: 'key-of-v2', accountId: 'account-7', baseUrl: '' };
const credentials = { firstPromoterApi: keyV1, firstPromoterV2Api: keyV2 };
const derived = 'n8n-[\\w-]{22}';

const lead = {
	id: 20738339,
	state: 'cancelled',
	email: 'ada@example.com',
	uid: 'cus_ada',
	cancelled_at: '2024-09-11T15:07:46.174Z',
};
const active = { ...lead, state: 'active', cancelled_at: null };
const promoter = { id: 1, email: 'pat@example.com', temp_password: 'hunter2', auth_token: 'tok_9' };
const recorded = { id: 33848911, type: 'cancellation', amount_cents: null, lead, promoter };
const unknownV1: Prepared = [404, { error: 'Lead not found.' }];
const unknownV2: Prepared = [404, { message: 'Referral not found', code: 'not_found' }];
const soon = { 'retry-after': '0' };
const ofV1: Prepared = [200, recorded];

interface More extends Partial<Setting> {
	options?: IDataObject;
}

const setting = (operation: string, parameters: IDataObject, more: More = {}): Setting => ({
	node: 'firstPromoter',
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

/** Writes and reads in order, as "METHOD path". */
const lines = (sent: Sent[]) => sent.map(({ method, path }) => `${method} ${path}`);
const byEmail = { identifyBy: 'email', email: 'ada@example.com' };
const byUid = { identifyBy: 'uid', uid: 'cus_ada' };
const cancelPath = `/api/v1/track/cancellation\\?email=ada%40example.com&event_id=${derived}`;
const showPath = '/api/v1/leads/show?email=ada%40example.com';
const referralPath = '/api/v2/company/referrals/ada%40example.com?find_by=email';

describe('track cancellation on v1 sends', () => {
	const spec = described('firstpromoter-v1-cancellation');
	const eventId = 'evt_1';

	test.each<[string, IDataObject, string]>([
		['the e-mail', byEmail, `email=ada%40example.com&event_id=${derived}`],
		['the uid', byUid, `uid=cus_ada&event_id=${derived}`],
		[
			'only the identifier that was chosen',
			{ ...byEmail, uid: 'cus_ben' },
			`email=ada%40example.com&event_id=${derived}`,
		],
		['an event ID', { ...byUid, additionalFields: { eventId } }, 'uid=cus_ada&event_id=evt_1'],
		[
			'an event ID with signs',
			{ ...byUid, additionalFields: { eventId: 'a&b=c #1+2' } },
			'uid=cus_ada&event_id=a%26b%3Dc%20%231%2B2',
		],
		[
			'no event ID that is empty',
			{ ...byUid, additionalFields: { eventId: ' ' } },
			`uid=cus_ada&event_id=${derived}`,
		],
		[
			'no notification',
			{ ...byUid, additionalFields: { eventId, skipEmailNotification: true } },
			'uid=cus_ada&event_id=evt_1&skip_email_notification=true',
		],
		[
			'nothing about a notification that is wanted',
			{ ...byUid, additionalFields: { eventId, skipEmailNotification: false } },
			'uid=cus_ada&event_id=evt_1',
		],
		[
			'everything at once',
			{
				...byUid,
				additionalFields: {
					eventId,
					createdAt: '2026-07-01T09:00:00Z',
					skipEmailNotification: true,
				},
			},
			'uid=cus_ada&event_id=evt_1&created_at=2026-07-01T09%3A00%3A00\\.000Z&skip_email_notification=true',
		],
	])('%s, as the vendor describes it', async (_, parameters, query) => {
		const sent = answering(v1, ofV1);
		await run('cancel', { apiVersion: 'v1', ...parameters });
		expect(sent).toHaveLength(1);
		expect(sent[0]).toMatchObject({ method: 'POST', body: '' });
		expect(sent[0].path).toMatch(new RegExp(`^/api/v1/track/cancellation\\?${query}$`));
		expect(sent[0].headers).toMatchObject({ 'x-api-key': 'key-of-v1' });
		expect(sent[0].headers).not.toHaveProperty('authorization');
		expect(spec.against(sent[0])).toBeUndefined();
	});

	test('a request that the description would refuse, if there were one', () => {
		const good = {
			method: 'POST',
			headers: {},
			body: '',
			path: '/api/v1/track/cancellation?uid=a',
		};
		expect(spec.against(good)).toBeUndefined();
		for (const bad of [
			{ ...good, method: 'GET' },
			{ ...good, path: '/api/v1/track/sale?uid=a' },
			{ ...good, path: `${good.path}&reason=none` },
			{ ...good, path: `${good.path}&created_at=yesterday` },
			{ ...good, path: `${good.path}&skip_email_notification=yes` },
			{ ...good, body: { uid: 'a' } },
		])
			expect([bad, spec.against(bad)]).toEqual([bad, expect.anything()]);
	});

	test.each<[string, string, string]>([
		['2026-07-01T09:00:00', 'America/New_York', '2026-07-01T13:00:00.000Z'],
		['2026-01-01T09:00:00', 'America/New_York', '2026-01-01T14:00:00.000Z'],
		['2026-07-01 09:00', 'Asia/Kolkata', '2026-07-01T03:30:00.000Z'],
		['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
		['2026-07-01T09:00:00+02:00', 'Asia/Tokyo', '2026-07-01T07:00:00.000Z'],
		['={{ DateTime.fromISO("2026-07-01T09:00:00Z") }}', 'Asia/Tokyo', '2026-07-01T09:00:00.000Z'],
	])('the moment %s in %s', async (createdAt, timezone, expected) => {
		const sent = answering(v1, ofV1);
		await run('cancel', { ...byUid, additionalFields: { createdAt } }, { timezone });
		expect(new URL(sent[0].path, v1).searchParams.get('created_at')).toBe(expected);
	});

	test.each(['yesterday', '11/21/2026', '2026-13-01'])(
		'nothing for the moment "%s"',
		async (createdAt) => {
			const sent = answering(v1);
			const [json] = await run('cancel', { ...byUid, additionalFields: { createdAt } });
			expect(json.error).toMatchObject({
				outcome: 'invalid',
				message: expect.stringContaining('Created At'),
			});
			expect(sent).toEqual([]);
		},
	);

	test('the same event ID again after a doubtful answer, and others for others', async () => {
		const sent = answering(v1, [500, 'oops', soon], [200, recorded], [200, recorded]);
		const items = [{ email: 'ada@example.com' }, { email: 'ben@example.com' }];
		await run(
			'cancel',
			{ identifyBy: 'email', email: '={{ $json.email }}' },
			{ items, options: { maxConcurrency: 1 } },
		);
		const ids = sent.map(({ path }) => new URL(path, v1).searchParams.get('event_id'));
		expect(ids[0]).toMatch(new RegExp(`^${derived}$`));
		expect(ids[1]).toBe(ids[0]);
		expect(ids[2]).not.toBe(ids[0]);
	});

	test('the same event ID when a saved execution is retried', async () => {
		const sent = answering(v1, 'silence', [200, active], [200, active], [200, recorded]);
		const one = setting('cancel', byEmail, {
			onError: 'stopWorkflow',
			options: { maxAttempts: 1, timeout: 300 },
		});
		const { run: failed, thrown } = await runNode(one);
		expect(thrown?.message).toContain('ada@example.com');
		const { main } = await retrySaved(one, failed);
		expect(main[0].json).toMatchObject({ ok: true, outcome: 'cancelled' });
		expect(lines(sent)).toEqual([
			expect.stringMatching(new RegExp(`^POST ${cancelPath}$`)),
			`GET ${showPath}`,
			`GET ${showPath}`,
			`POST ${sent[0].path}`,
		]);
	});
});

describe('track cancellation on v2 sends', () => {
	test.each<[string, IDataObject, IDataObject]>([
		['the e-mail', byEmail, { email: 'ada@example.com' }],
		['the uid', byUid, { uid: 'cus_ada' }],
		[
			'only the identifier that was chosen',
			{ ...byUid, email: 'ben@example.com' },
			{ uid: 'cus_ada' },
		],
		[
			'nothing that v2 does not know',
			{
				...byUid,
				additionalFields: { eventId: 'evt_1', createdAt: 'never', skipEmailNotification: true },
			},
			{ uid: 'cus_ada' },
		],
	])('%s', async (_, parameters, body) => {
		const sent = answering(v2, [200, recorded]);
		const [json] = await run(
			'cancel',
			{ apiVersion: 'v2', ...parameters },
			{ credentials: { firstPromoterV2Api: keyV2 } },
		);
		expect(json).toMatchObject({ ok: true, outcome: 'cancelled', effectiveAt: lead.cancelled_at });
		expect(sent).toEqual([
			{
				method: 'POST',
				path: '/api/v2/track/cancellation',
				body,
				headers: expect.objectContaining({
					authorization: 'Bearer key-of-v2',
					'account-id': 'account-7',
					'content-type': 'application/json',
				}),
			},
		]);
		expect(sent[0].headers).not.toHaveProperty('x-api-key');
	});
});

describe.each([
	{ version: 'v1', origin: v1, path: cancelPath, look: showPath, unknown: unknownV1 },
	{
		version: 'v2',
		origin: v2,
		path: '/api/v2/track/cancellation',
		look: referralPath,
		unknown: unknownV2,
	},
])('an answer of $version', ({ version, origin, path, look, unknown }) => {
	const parameters = { apiVersion: version, ...byEmail };
	const post = expect.stringMatching(new RegExp(`^POST ${path}$`));
	const get = `GET ${look}`;

	interface Case {
		title: string;
		answers: Prepared[];
		outcome: string;
		seen?: IDataObject;
		asked?: unknown[];
	}
	const cases: Case[] = [
		{
			title: '200 with the lead',
			answers: [[200, recorded]],
			outcome: 'cancelled',
			seen: {
				ok: true,
				ended: true,
				httpStatus: 200,
				effectiveAt: lead.cancelled_at,
				target: 'ada@example.com',
			},
		},
		{
			title: '200 with a referral',
			answers: [[200, { id: 1, referral: lead }]],
			outcome: 'cancelled',
			seen: { effectiveAt: lead.cancelled_at },
		},
		{
			title: '200 without a record',
			answers: [[200, { id: 1 }]],
			outcome: 'cancelled',
			seen: { effectiveAt: null },
		},
		{
			title: '200 with a date that is none',
			answers: [[200, { lead: { ...lead, cancelled_at: 'soon' } }]],
			outcome: 'cancelled',
			seen: { effectiveAt: null },
		},
		{
			title: '200 with a mere sign-up',
			answers: [[200, { lead: { ...active, state: 'signup' } }]],
			outcome: 'cancelled',
			seen: { note: 'It was recorded; the referral is shown as "signup".' },
		},
		{
			title: '204',
			answers: [[204]],
			outcome: 'nothingToCancel',
			seen: { ok: true, ended: true, effectiveAt: null },
		},
		{
			title: '404 in its own words',
			answers: [unknown],
			outcome: 'nothingToCancel',
			seen: { ok: true, ended: true, httpStatus: 404 },
		},
		{
			title: '404 of a wrong address',
			answers: [
				[404, '<html>Not Found</html>'],
				[404, '<html>Not Found</html>'],
			],
			outcome: 'notFound',
			asked: [post, get],
		},
		{
			title: '400',
			answers: [[400, { message: 'Error. Email and uid can not be blank!' }]],
			outcome: 'failed',
			seen: { httpStatus: 400, description: 'HTTP 400: Error. Email and uid can not be blank!' },
		},
		{
			title: '422 for an active one',
			answers: [
				[422, { message: 'No' }],
				[200, active],
			],
			outcome: 'notCancellable',
			asked: [post, get],
		},
		{
			title: '422 for a cancelled one',
			answers: [
				[422, { message: 'No' }],
				[200, lead],
			],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: lead.cancelled_at },
			asked: [post, get],
		},
		{
			title: '429 until it gives up',
			answers: [
				[429, '', soon],
				[429, '', soon],
			],
			outcome: 'rateLimited',
			seen: { attempts: 2, httpStatus: 429 },
			asked: [post, post],
		},
		{
			title: '429, then 200',
			answers: [
				[429, '', soon],
				[200, recorded],
			],
			outcome: 'cancelled',
			seen: { attempts: 2 },
			asked: [post, post],
		},
		{
			title: 'a web page instead of a record, and it was cancelled',
			answers: [
				[200, '<html>'],
				[200, lead],
			],
			outcome: 'cancelled',
			seen: { verified: true },
			asked: [post, get],
		},
	];
	test.each(cases)(
		'$title means $outcome',
		async ({ answers, outcome, seen = {}, asked = [post] }) => {
			const sent = answering(origin, ...answers);
			const [json] = await run('cancel', parameters, { options: { maxAttempts: 2 } });
			expect(json.error ?? json).toMatchObject({ outcome, ...seen });
			expect(lines(sent)).toEqual(asked);
		},
	);

	test('is not tried again where the key is not accepted', async () => {
		const sent = answering(
			origin,
			version === 'v1' ? [401, '"Bad credentials"', { 'content-type': 'application/json' }] : [401],
		);
		const [json, next] = await run(
			'cancel',
			{ ...parameters, email: '={{ $json.email }}' },
			{
				items: [{ email: 'ada@example.com' }, { email: 'ben@example.com' }],
				options: { maxConcurrency: 1 },
			},
		);
		expect(json.error).toMatchObject({
			outcome: 'unauthorized',
			description: version === 'v1' ? 'HTTP 401: Bad credentials' : 'HTTP 401',
		});
		expect(next.error).toMatchObject({ outcome: 'skipped' });
		expect(lines(sent)).toEqual([post]);
	});

	test('keeps nothing that belongs to the promoter alone', async () => {
		answering(origin, [200, recorded]);
		const [json] = await run('cancel', parameters);
		expect(json.response).toMatchObject({
			lead,
			promoter: { email: 'pat@example.com', temp_password: '***', auth_token: '***' },
		});
		expect(JSON.stringify(json)).not.toMatch(/hunter2|tok_9|key-of/);
	});

	test('is only foreseen by a dry run', async () => {
		const sent = answering(origin, [200, active]);
		const [json] = await run('cancel', { ...parameters, dryRun: true });
		expect(json).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'preview',
			current: { status: 'active', email: 'ada@example.com' },
			wouldBe: { outcome: 'cancelled', effectiveAt: null },
			request: { method: 'POST', body: version === 'v1' ? null : { email: 'ada@example.com' } },
		});
		expect(JSON.stringify(json)).not.toContain('key-of');
		expect(lines(sent)).toEqual([get]);
	});

	test.each<[string, IDataObject, Prepared, IDataObject]>([
		[
			'a cancelled one',
			{},
			[200, lead],
			{ outcome: 'alreadyCancelled', effectiveAt: lead.cancelled_at },
		],
		['no referral', {}, unknown, { outcome: 'nothingToCancel' }],
	])('of a dry run tells that there is %s', async (_, more, answer, wouldBe) => {
		const sent = answering(origin, answer);
		const [json] = await run('cancel', { ...parameters, ...more, dryRun: true });
		expect(json).toMatchObject({ outcome: 'preview', wouldBe });
		expect(lines(sent)).toEqual([get]);
	});

	test('to a look at a wrong address is no word about the customer', async () => {
		const sent = answering(origin, [404, '<html>Not Found</html>']);
		const [json] = await run('cancel', { ...parameters, dryRun: true });
		expect(json.error).toMatchObject({ outcome: 'notFound' });
		expect(lines(sent)).toEqual([get]);
	});

	test.each<[string, IDataObject]>([
		['another e-mail', { expectedEmail: 'ben@example.com' }],
		['another status', { expectedStatus: 'signup' }],
	])('with %s than expected stops the item', async (_, options) => {
		const sent = answering(origin, [200, active]);
		const [json] = await run('cancel', parameters, { options });
		expect(json.error).toMatchObject({ outcome: 'refused' });
		expect(lines(sent)).toEqual([get]);
	});
});

describe('a repeated cancellation', () => {
	const post = expect.stringMatching(new RegExp(`^POST ${cancelPath}$`));
	const taken: Prepared = [
		409,
		{ message: "The 'cancellation' event with the id 'x' already exists." },
	];

	test("is our own where v1 knows the node's event ID", async () => {
		const sent = answering(v1, [500, '', soon], taken);
		const [json] = await run('cancel', byEmail);
		expect(json).toMatchObject({ outcome: 'cancelled', verified: true, attempts: 2 });
		expect(lines(sent)).toEqual([post, post]);
	});

	test("is somebody's where v1 knows the user's event ID", async () => {
		const sent = answering(v1, taken);
		const [json] = await run('cancel', { ...byEmail, additionalFields: { eventId: 'evt_1' } });
		expect(json).toMatchObject({ outcome: 'alreadyCancelled', ended: true });
		expect(sent).toHaveLength(1);
	});

	test('fails on demand', async () => {
		answering(v1, taken);
		const parameters = { ...byEmail, additionalFields: { eventId: 'evt_1' } };
		const [json] = await run('cancel', parameters, { options: { alreadyCancelled: 'fail' } });
		expect(json.error).toMatchObject({ outcome: 'notCancellable' });
	});

	test.each<[string, Prepared[], IDataObject, string[]]>([
		[
			'sent again where the referral is still active',
			[
				[500, '', soon],
				[200, active],
				[200, recorded],
			],
			{ outcome: 'cancelled', attempts: 2 },
			['POST', 'GET', 'POST'],
		],
		[
			'not sent again where the referral is cancelled',
			[
				[500, '', soon],
				[200, lead],
			],
			{ outcome: 'cancelled', verified: true, effectiveAt: lead.cancelled_at, attempts: 1 },
			['POST', 'GET'],
		],
		[
			'not sent again where there is no referral',
			[[500, '', soon], unknownV2],
			{ outcome: 'nothingToCancel' },
			['POST', 'GET'],
		],
		[
			'not sent again where the referral cannot be read',
			[
				[500, '', soon],
				[500, '', soon],
				[500, '', soon],
			],
			{ outcome: 'unknown' },
			['POST', 'GET', 'GET'],
		],
		[
			'looked at where v2 says that it exists',
			[
				[409, { message: 'exists' }],
				[200, lead],
			],
			{ outcome: 'alreadyCancelled' },
			['POST', 'GET'],
		],
	])('on v2, which knows no event ID, is %s', async (_, answers, expected, methods) => {
		const sent = answering(v2, ...answers);
		const [json] = await run(
			'cancel',
			{ apiVersion: 'v2', ...byEmail },
			{ options: { maxAttempts: 2 } },
		);
		expect(json.error ?? json).toMatchObject(expected);
		expect(sent.map(({ method }) => method)).toEqual(methods);
	});

	test('on v2 without rights is unauthorized', async () => {
		const message = "You don't have enough rights to perform this action";
		const sent = answering(v2, [403, { message, code: 'forbidden' }]);
		const [json] = await run('cancel', { apiVersion: 'v2', ...byEmail });
		expect(json.error).toMatchObject({
			outcome: 'unauthorized',
			description: `HTTP 403: ${message}`,
		});
		expect(sent).toHaveLength(1);
	});
});

describe('set active again', () => {
	const put = 'PUT /api/v1/leads/update?email=ada%40example.com&state=active';
	const get = `GET ${showPath}`;

	test.each<[string, Prepared[], IDataObject, string[]]>([
		[
			'a cancelled referral',
			[
				[200, lead],
				[200, active],
			],
			{ outcome: 'restored', ok: true, ended: false, effectiveAt: null },
			[get, put],
		],
		['nothing where it is active', [[200, active]], { outcome: 'restored', attempts: 0 }, [get]],
		[
			'nothing that was denied',
			[[200, { ...lead, state: 'denied' }]],
			{ outcome: 'refused' },
			[get],
		],
		['no mere sign-up', [[200, { ...lead, state: 'signup' }]], { outcome: 'refused' }, [get]],
		['nobody unknown', [unknownV1], { outcome: 'notFound' }, [get]],
		[
			'a referral of which it is read afterwards',
			[
				[200, lead],
				[500, '', soon],
				[200, active],
			],
			{ outcome: 'restored', verified: true },
			[get, put, get],
		],
		[
			'nothing twice without a look',
			[
				[200, lead],
				[500, '', soon],
				[200, lead],
				[200, active],
			],
			{ outcome: 'restored', attempts: 2 },
			[get, put, get, put],
		],
		[
			'nothing that stays cancelled',
			[
				[200, lead],
				[200, lead, soon],
				[200, lead],
				[200, lead, soon],
				[200, lead],
			],
			{ outcome: 'failed', attempts: 2 },
			[get, put, get, put, get],
		],
		[
			'nothing that is refused',
			[
				[200, lead],
				[422, { error: 'No.' }],
				[200, lead],
			],
			{ outcome: 'notCancellable' },
			[get, put, get],
		],
		['nothing with another key', [[401, '"Bad credentials"']], { outcome: 'unauthorized' }, [get]],
	])('sets %s', async (_, answers, expected, asked) => {
		const sent = answering(v1, ...answers);
		const [json] = await run('restore', byEmail, { options: { maxAttempts: 2 } });
		expect(json.error ?? json).toMatchObject(expected);
		expect(lines(sent)).toEqual(asked);
	});

	test('says why a referral in another state is left alone', async () => {
		answering(v1, [200, { ...lead, state: 'denied' }]);
		const [json] = await run('restore', byEmail);
		expect(json.message).toBe(
			'"ada@example.com" is "denied", not "cancelled", so there is no cancellation to undo. Nothing was sent. If it should be active, set that in FirstPromoter. [item 0]',
		);
	});

	test('sends the uid where that was chosen, and signs with the key of v1', async () => {
		const sent = answering(v1, [200, lead], [200, active]);
		await run('restore', byUid, { credentials: { firstPromoterApi: keyV1 } });
		expect(lines(sent)).toEqual([
			'GET /api/v1/leads/show?uid=cus_ada',
			'PUT /api/v1/leads/update?uid=cus_ada&state=active',
		]);
		expect(sent[1]).toMatchObject({ body: '', headers: { 'x-api-key': 'key-of-v1' } });
	});

	test('shows in a dry run what it would send', async () => {
		const sent = answering(v1, [200, lead]);
		const [json] = await run('restore', { ...byUid, dryRun: true });
		expect(json).toMatchObject({
			outcome: 'preview',
			current: { status: 'cancelled' },
			wouldBe: { outcome: 'restored' },
			request: { method: 'PUT', url: `${v1}/api/v1/leads/update?uid=cus_ada&state=active` },
		});
		expect(lines(sent)).toEqual(['GET /api/v1/leads/show?uid=cus_ada']);
	});
});

describe('get', () => {
	test.each<[string, string, IDataObject, string]>([
		['v1', v1, byEmail, showPath],
		['v1', v1, byUid, '/api/v1/leads/show?uid=cus_ada'],
		['v2', v2, byEmail, referralPath],
		['v2', v2, byUid, '/api/v2/company/referrals/cus_ada?find_by=uid'],
	])('on %s reads the referral without secrets', async (apiVersion, origin, who, path) => {
		const sent = answering(origin, [200, { ...lead, promoter }]);
		const [json] = await run('get', { apiVersion, ...who });
		expect(json).toEqual({
			...lead,
			promoter: { ...promoter, temp_password: '***', auth_token: '***' },
		});
		expect(lines(sent)).toEqual([`GET ${path}`]);
	});

	test.each<[Prepared, string]>([
		[unknownV1, 'notFound'],
		[[401, '"Bad credentials"'], 'unauthorized'],
		[
			[422, { error: 'You need to find the lead/customer either by id, uid or email.' }],
			'notCancellable',
		],
		[[200, '<html>'], 'failed'],
	])('answered with %j is %s', async (answer, outcome) => {
		answering(v1, answer);
		const [json] = await run('get', byEmail);
		expect(json.error).toMatchObject({ outcome });
	});
});

describe('an identifier', () => {
	const odd = ['a/b', 'a?b=c', 'a#b', 'a b', 'a+b', 'ünï-🦊', '%2e%2e', '../../x', 'a&uid=b'];

	test.each(odd)('"%s" arrives as it is', async (uid) => {
		const encoded = encodeURIComponent(uid);
		let sent = answering(v1, ofV1);
		await run('cancel', { identifyBy: 'uid', uid, additionalFields: { eventId: 'e' } });
		expect(lines(sent)).toEqual([`POST /api/v1/track/cancellation?uid=${encoded}&event_id=e`]);
		sent = answering(v2, ofV1);
		await run('cancel', { apiVersion: 'v2', identifyBy: 'uid', uid });
		expect(sent.map(({ body }) => body)).toEqual([{ uid }]);
		sent = answering(v2, [200, lead]);
		await run('get', { apiVersion: 'v2', identifyBy: 'uid', uid });
		expect(lines(sent)).toEqual([`GET /api/v2/company/referrals/${encoded}?find_by=uid`]);
	});

	test.each(['a+b@example.com', "o'neil@example.com", 'ada@exämple.com'])(
		'e-mail "%s" arrives as it is',
		async (email) => {
			const sent = answering(v1, ofV1);
			await run('cancel', { identifyBy: 'email', email });
			expect(new URL(sent[0].path, v1).searchParams.get('email')).toBe(email);
		},
	);

	const operations: Array<[string, IDataObject]> = [
		['cancel', { apiVersion: 'v1' }],
		['cancel', { apiVersion: 'v2' }],
		['restore', {}],
		['get', { apiVersion: 'v1' }],
		['get', { apiVersion: 'v2' }],
	];
	const doubtful: IDataObject[] = [
		...[
			'={{ "" }}',
			'  ',
			'undefined',
			'null',
			'[object Object]',
			'={{ $json.none }}',
			'={{ null }}',
			'={{ ["a"] }}',
		].map((uid) => ({ identifyBy: 'uid', uid })),
		...['={{ "" }}', 'ada', 'ada@', 'a@b.co, c@d.co', 'undefined'].map((email) => ({
			identifyBy: 'email',
			email,
		})),
		{ identifyBy: 'username', username: 'ada' },
	];
	test.each(
		operations.flatMap(([operation, more]) => doubtful.map((who) => ({ operation, who, more }))),
	)('$who is not sent by $operation with $more', async ({ operation, who, more }) => {
		const sent = [...answering(v1), ...answering(v2)];
		const [json] = await run(operation, { ...more, ...who });
		expect(json.error).toMatchObject({
			outcome: 'invalid',
			attempts: 0,
			message: expect.stringContaining('Nothing was sent'),
		});
		expect(sent).toEqual([]);
	});

	test.each<[string, IDataObject]>([
		['UID', { identifyBy: 'uid', uid: '' }],
		['Email', { identifyBy: 'email', email: '' }],
	])('%s is asked for by n8n itself where the field is empty', async (_, who) => {
		const sent = answering(v1);
		await expect(run('cancel', who)).rejects.toThrow(/is required|has issues/);
		expect(sent).toEqual([]);
	});

	test.each(['..', '.'])('"%s" does not become a path', async (uid) => {
		const sent = answering(v2);
		const [json] = await run('get', { apiVersion: 'v2', identifyBy: 'uid', uid });
		expect(json.error).toMatchObject({ outcome: 'invalid' });
		expect(sent).toEqual([]);
	});
});

describe('the editor', () => {
	const shown = async (parameters: IDataObject) => {
		const { description } = (await load()).getNode('firstPromoter').type as INodeType;
		const node = { typeVersion: 1, parameters } as unknown as INode;
		const isShown = (one: IDataObject) =>
			NodeHelpers.displayParameter(parameters as never, one as never, node, description);
		return {
			credentials: description
				.credentials!.filter((one) => isShown(one as never))
				.map(({ name }) => name),
			fields: description.properties.filter((one) => isShown(one as never)).map(({ name }) => name),
		};
	};
	const base = { resource: 'referral', identifyBy: 'email' };

	test.each<[IDataObject, string]>([
		[{ operation: 'cancel', apiVersion: 'v1' }, 'firstPromoterApi'],
		[{ operation: 'cancel', apiVersion: 'v2' }, 'firstPromoterV2Api'],
		[{ operation: 'get', apiVersion: 'v2' }, 'firstPromoterV2Api'],
		[{ operation: 'restore' }, 'firstPromoterApi'],
	])('asks with %j for %s alone', async (parameters, credential) => {
		expect((await shown({ ...base, ...parameters })).credentials).toEqual([credential]);
	});

	test('offers the additional fields of v1 on v1 only, and no version where there is none to choose', async () => {
		const on = async (parameters: IDataObject) => (await shown({ ...base, ...parameters })).fields;
		expect(await on({ operation: 'cancel', apiVersion: 'v1' })).toContain('additionalFields');
		expect(await on({ operation: 'cancel', apiVersion: 'v2' })).not.toContain('additionalFields');
		expect(await on({ operation: 'restore' })).not.toContain('apiVersion');
		expect(await on({ operation: 'restore' })).toContain('email');
		expect(await on({ operation: 'restore' })).not.toContain('uid');
	});

	test.each([
		['firstPromoterApi', '/promoters/list'],
		['firstPromoterV2Api', '/company/promoters'],
	])('tests %s by reading one promoter', async (name, url) => {
		const { type } = (await load()).getCredential(name);
		expect(type.test).toMatchObject({
			request: { baseURL: '={{$credentials.baseUrl}}', url, qs: { per_page: 1 } },
		});
	});
});
