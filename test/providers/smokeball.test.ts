import nock from 'nock';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	ILoadOptionsFunctions,
} from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

import { keys } from '../../sandbox/keys';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { load, runNode } from '../host/harness';
import { byId } from './samples';

const host = 'https://api.smokeball.com';
const id = 'b471682e-fa17-4e46-b7fe-9b2b8fdcb3c2';
const ahead = '2099-12-31T00:00:00.000Z';
const past = '2020-01-01T00:00:00.000Z';
const token: Record<string, ICredentialDataDecryptedObject> = {
	smokeballApi: { apiKey: 'key_of_firm', accessToken: 'token_of_firm', baseUrl: host },
};

beforeAll(() => nock.disableNetConnect());
afterAll(() => nock.enableNetConnect());
let sent: Array<{ method: string; path: string; headers: Record<string, string>; body: string }>;
beforeEach(() => {
	sent = [];
	nock.cleanAll();
});

/** Answers in turn; every request is written down. */
function smokeball(...answers: Array<[status: number, body?: unknown, headers?: object]>): void {
	for (const [status, body = '', headers = {}] of answers) {
		for (const [method, path] of [
			['GET', /^\/subscriptions/],
			['PATCH', /^\/subscriptions\//],
		] as const) {
			nock(host)
				.intercept(path, method)
				.reply(function (uri, requestBody) {
					const flat = Object.entries(this.req.headers).map(([name, value]) => [
						name,
						String(value),
					]);
					sent.push({
						method,
						path: uri,
						headers: Object.fromEntries(flat) as Record<string, string>,
						body: typeof requestBody === 'string' ? requestBody : JSON.stringify(requestBody),
					});
					const [code, what, more] = queue.shift() ?? [599, '', {}];
					return [code, what, { 'Content-Type': 'application/json', ...more }] as never;
				});
		}
		queue.push([status, body, headers]);
	}
}
const queue: Array<[number, unknown, object]> = [];
beforeEach(() => queue.splice(0));

const patches = () => sent.filter(({ method }) => method === 'PATCH');

async function run(
	operation: string,
	parameters: IDataObject = {},
	{ credentials = token, item = {} }: { credentials?: typeof token; item?: IDataObject } = {},
) {
	const { options, ...more } = parameters;
	const outcome = await runNode({
		node: 'smokeball',
		parameters: {
			resource: 'subscription',
			operation,
			...(operation === 'getAll' ? {} : { subscriptionId: byId(id) }),
			...more,
			options: { requestsPerMinute: 60_000, ...(options as IDataObject) },
		},
		items: [item],
		credentials,
		onError: 'continueRegularOutput',
	});
	return outcome.main.map(({ json }) => json);
}
const one = async (...args: Parameters<typeof run>) => {
	const [json] = await run(...args);
	return (json.error ?? json) as IDataObject;
};

const answer = (more: IDataObject = {}): IDataObject => ({
	preview: false,
	cancellationType: 'PeriodEnd',
	cancellationBehaviour: 'Cancel',
	cancelAt: ahead,
	reason: null,
	tier: null,
	addOns: [],
	...more,
});
const record = (more: IDataObject = {}): IDataObject => ({
	id,
	status: 'Active',
	cancellationStatus: 'None',
	currentPeriodEndDate: ahead,
	tier: { name: 'Grow' },
	productSuite: 'Smokeball',
	...more,
});
const pending = record({ cancellationStatus: 'Pending', cancelAt: ahead, canceledAt: past });
const gone = record({ status: 'Canceled', cancellationStatus: 'Canceled', canceledAt: past });
const problem = (status: number, detail: string) => ({ title: 'Bad Request', status, detail });

describe('a cancellation', () => {
	test('is one PATCH with a plain object, signed with both headers', async () => {
		smokeball([200, answer()]);
		await one('cancel');
		expect(sent).toHaveLength(1);
		expect(sent[0]).toMatchObject({
			method: 'PATCH',
			path: `/subscriptions/${id}/cancel`,
			body: '{"cancellationType":"PeriodEnd"}',
		});
		expect(sent[0].headers).toMatchObject({
			'content-type': 'application/json',
			'x-api-key': 'key_of_firm',
			authorization: 'Bearer token_of_firm',
		});
	});

	test.each<[IDataObject, IDataObject]>([
		[{ cancellationType: 'Immediate' }, { cancellationType: 'Immediate' }],
		[
			{ cancellationType: 'Date', cancelAt: '2099-06-30T12:00:00' },
			{ cancellationType: 'Date', cancelAt: '2099-06-30T12:00:00.000Z' },
		],
		[
			{ additionalFields: { reason: 'Too expensive', cancelSubscription: true } },
			{ cancellationType: 'PeriodEnd', reason: 'Too expensive', cancelSubscription: true },
		],
		[
			{ additionalFields: { cancelSubscription: false } },
			{ cancellationType: 'PeriodEnd', cancelSubscription: false },
		],
		[{ cancelAt: past }, { cancellationType: 'PeriodEnd' }],
		[
			{ cancellationType: "={{ 'Immediate' }}", cancelAt: "={{ ' ' }}" },
			{ cancellationType: 'Immediate' },
		],
		[
			{ cancellationType: "={{ 'Date' }}", cancelAt: "={{ '2099-06-30T12:00:00' }}" },
			{ cancellationType: 'Date', cancelAt: '2099-06-30T12:00:00.000Z' },
		],
		[
			{ cancellationType: "={{ 'Immediate' }}", cancelAt: '={{ $json.none }}' },
			{ cancellationType: 'Immediate' },
		],
	])('with %j sends %j', async (parameters, body) => {
		smokeball([200, answer()]);
		await one('cancel', parameters);
		expect(sent.map((request) => JSON.parse(request.body) as unknown)).toEqual([body]);
	});

	test.each<[string, IDataObject, IDataObject]>([
		[
			'at the end of the period is scheduled',
			answer(),
			{ outcome: 'scheduled', effectiveAt: ahead },
		],
		[
			'at a date is scheduled',
			answer({ cancellationType: 'Date' }),
			{ outcome: 'scheduled', effectiveAt: ahead },
		],
		[
			'without a date is scheduled for a time that nobody says',
			answer({ cancelAt: null }),
			{ outcome: 'scheduled', effectiveAt: null },
		],
		[
			'at once is over',
			answer({ cancellationType: 'Immediate', cancelAt: null }),
			{ outcome: 'cancelled', effectiveAt: null },
		],
		[
			'whose date has passed is over',
			answer({ cancelAt: past }),
			{ outcome: 'cancelled', effectiveAt: past },
		],
		[
			'of a trial that leaves nothing is scheduled',
			answer({ cancellationBehaviour: 'CancelTrials' }),
			{ outcome: 'scheduled', ended: true, note: 'It was on trial; nothing is left after that.' },
		],
	])('%s', async (_, body, expected) => {
		smokeball([200, body]);
		expect(await one('cancel')).toMatchObject({ ok: true, ended: true, ...expected });
		expect(sent).toHaveLength(1);
	});

	test('of a trial tier says that the subscription goes on', async () => {
		smokeball([200, answer({ cancellationBehaviour: 'CancelTrials', tier: { name: 'Grow' } })]);
		expect(await one('cancel')).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'scheduled',
			effectiveAt: ahead,
			note: expect.stringContaining('goes on with the tier "Grow"'),
		});
	});

	test.each<[string, IDataObject]>([
		['that was only a preview', answer({ preview: true })],
		['without a type', {}],
		['of the type None', answer({ cancellationType: 'None' })],
	])('with an answer %s is not believed: the record decides', async (_, body) => {
		smokeball([200, body], [200, pending]);
		expect(await one('cancel')).toMatchObject({
			outcome: 'scheduled',
			effectiveAt: ahead,
			verified: true,
		});
		expect(sent.map(({ method }) => method)).toEqual(['PATCH', 'GET']);
	});

	test('that was only a preview, with nothing changed, is nothing', async () => {
		smokeball([200, answer({ preview: true })], [200, record()]);
		expect(await one('cancel', { options: { maxAttempts: 1 } })).toMatchObject({
			outcome: 'failed',
			description: expect.stringContaining('preview'),
		});
		expect(patches()).toHaveLength(1);
	});

	test.each<[number, unknown, unknown, IDataObject, number]>([
		[400, problem(400, 'The subscription is canceled.'), gone, { outcome: 'alreadyCancelled' }, 1],
		[
			400,
			problem(400, 'Trials end with the period only.'),
			record(),
			{ outcome: 'notCancellable', description: 'HTTP 400: Trials end with the period only.' },
			1,
		],
		[404, problem(404, 'Subscription not found.'), undefined, { outcome: 'notFound' }, 1],
		[500, '', pending, { outcome: 'scheduled', verified: true }, 1],
		[503, '<html>', undefined, { outcome: 'unknown' }, 1],
	])(
		'answered %i %j, with the record at %j, is %j',
		async (status, body, state, expected, tries) => {
			smokeball(
				[status, body],
				state === undefined ? [status === 404 ? 404 : 500, ''] : [200, state],
				[500],
				[500],
				[500],
			);
			expect(await one('cancel', { options: { maxAttempts: 1 } })).toMatchObject(expected);
			expect(patches()).toHaveLength(tries);
		},
	);

	test.each([401, 403])('answered %i is unauthorized, and sent once', async (status) => {
		smokeball([status, problem(status, 'No.')]);
		expect(await one('cancel')).toMatchObject({ outcome: 'unauthorized', httpStatus: status });
		expect(sent).toHaveLength(1);
	});

	test('answered 429 is sent again, up to Max Attempts', async () => {
		const busy = [429, problem(429, 'Slow down.'), { 'Retry-After': '0' }] as never;
		smokeball(busy, [200, answer()]);
		expect(await one('cancel')).toMatchObject({ outcome: 'scheduled', attempts: 2 });
		smokeball(busy, busy);
		expect(await one('cancel', { options: { maxAttempts: 2 } })).toMatchObject({
			outcome: 'rateLimited',
			attempts: 2,
		});
		expect(patches()).toHaveLength(4);
	});

	test('without a clear answer is sent again only after a look shows that nothing changed', async () => {
		smokeball([500], [200, record()], [200, answer()]);
		expect(await one('cancel')).toMatchObject({ outcome: 'scheduled', attempts: 2 });
		expect(sent.map(({ method }) => method)).toEqual(['PATCH', 'GET', 'PATCH']);
	});
});

describe('what is refused before anything is sent', () => {
	test.each<[string, string, IDataObject]>([
		['cancel', 'Subscription is empty', { subscriptionId: byId('={{ $json.none }}') }],
		['cancel', 'found nothing', { subscriptionId: byId('undefined') }],
		['cancel', 'cannot be an identifier', { subscriptionId: byId('..') }],
		['resume', 'Subscription is empty', { subscriptionId: byId(' ') }],
		['get', 'Subscription is empty', { subscriptionId: byId('={{ $json.none }}') }],
		['cancel', 'Cancel At is empty', { cancellationType: 'Date', cancelAt: '={{ $json.none }}' }],
		['cancel', 'is in the past', { cancellationType: 'Date', cancelAt: '2020-01-01T00:00:00' }],
		['cancel', 'is not a date', { cancellationType: 'Date', cancelAt: 'soon' }],
		[
			'cancel',
			'Cancel At is "2099-06-30", but Cancellation Type is "Immediate"',
			{ cancellationType: "={{ 'Immediate' }}", cancelAt: "={{ '2099-06-30' }}" },
		],
		[
			'cancel',
			'but Cancellation Type is "PeriodEnd". Nothing was sent. Leave Cancel At empty, or use Date.',
			{ cancellationType: "={{ 'PeriodEnd' }}", cancelAt: '2099-06-30T12:00:00' },
		],
		['cancel', 'Cancellation Type is "Never"', { cancellationType: 'Never' }],
		['cancel', 'Authentication is "basic"', { authentication: 'basic' }],
	])('%s: %s', async (operation, message, parameters) => {
		expect(await one(operation, parameters)).toMatchObject({
			outcome: 'invalid',
			message: expect.stringContaining(message),
		});
		expect(sent).toHaveLength(0);
	});

	test.each(['a/b', 'a/../b', 'a?b=c', 'a#b', 'a b', 'a+b', 'ü', 'a%2fb'])(
		'never leaves its place in the path: %s',
		async (strange) => {
			smokeball([200, answer()]);
			await one('cancel', { subscriptionId: byId(strange) });
			expect(sent[0].path).toBe(`/subscriptions/${encodeURIComponent(strange)}/cancel`);
		},
	);
});

describe('a dry run', () => {
	test('asks Smokeball for its preview, and shows the real request', async () => {
		smokeball([200, record()], [200, answer({ preview: true })]);
		const shown = await one('cancel', { dryRun: true, additionalFields: { reason: 'Moved' } });
		expect(shown).toMatchObject({
			outcome: 'preview',
			ended: false,
			wouldBe: { outcome: 'scheduled', effectiveAt: ahead },
			current: { status: 'Active', active: true },
			request: { method: 'PATCH', body: { cancellationType: 'PeriodEnd', reason: 'Moved' } },
		});
		expect(patches().map(({ body }) => JSON.parse(body) as unknown)).toEqual([
			{ cancellationType: 'PeriodEnd', reason: 'Moved', preview: true },
		]);
	});

	test('says when only a trial would end', async () => {
		const trials = { preview: true, cancellationBehaviour: 'CancelTrials', tier: { name: 'Grow' } };
		smokeball([200, record()], [200, answer(trials)]);
		expect(await one('cancel', { dryRun: true })).toMatchObject({
			wouldBe: { outcome: 'scheduled', note: expect.stringContaining('goes on') },
		});
	});

	test('that Smokeball does not confirm as a preview is reported as unknown', async () => {
		smokeball([200, record()], [200, answer({ preview: false })]);
		expect(await one('cancel', { dryRun: true })).toMatchObject({ outcome: 'unknown' });
	});

	test.each<[number, string]>([
		[400, 'notCancellable'],
		[500, 'failed'],
	])('answered %i is %s', async (status, outcome) => {
		smokeball([200, record()], [status, problem(status, 'No.')]);
		expect(await one('cancel', { dryRun: true, options: { maxAttempts: 1 } })).toMatchObject({
			outcome,
		});
	});

	test.each<[string, IDataObject, IDataObject, IDataObject]>([
		[
			'a pending end is left alone',
			pending,
			{},
			{ outcome: 'alreadyCancelled', effectiveAt: ahead },
		],
		['so is an ended plan', gone, {}, { outcome: 'alreadyCancelled', effectiveAt: past }],
		[
			'an ended plan has ended at cancelAt',
			{ ...gone, cancelAt: '2021-01-01T00:00:00Z' },
			{ cancellationType: 'Immediate' },
			{ outcome: 'alreadyCancelled', effectiveAt: '2021-01-01T00:00:00.000Z' },
		],
		[
			'an end before the wished date stays',
			pending,
			{ cancellationType: 'Date', cancelAt: '2100-01-01T00:00:00Z' },
			{ outcome: 'alreadyCancelled' },
		],
	])('%s', async (_, state, parameters, wouldBe) => {
		smokeball([200, state]);
		expect(await one('cancel', { dryRun: true, ...parameters })).toMatchObject({ wouldBe });
		expect(patches()).toHaveLength(0);
	});

	test.each<[IDataObject]>([
		[{ cancellationType: 'Immediate' }],
		[{ cancellationType: 'Date', cancelAt: '2090-01-01T00:00:00Z' }],
	])('a pending end can be moved forward with %j', async (parameters) => {
		smokeball([200, pending], [200, answer({ preview: true })]);
		const shown = await one('cancel', { dryRun: true, ...parameters });
		expect(shown.wouldBe).toMatchObject({ outcome: 'scheduled' });
		expect(patches()).toHaveLength(1);
	});

	test('of a resume reads only', async () => {
		smokeball([200, gone]);
		expect(await one('resume', { dryRun: true })).toMatchObject({
			wouldBe: { outcome: 'restored' },
			current: { status: 'Canceled' },
		});
		expect(patches()).toHaveLength(0);
	});
});

describe('a guard', () => {
	test('on the status refuses another one', async () => {
		smokeball([200, record({ status: 'PastDue' })]);
		expect(await one('cancel', { options: { expectedStatus: 'Active' } })).toMatchObject({
			outcome: 'refused',
			message: expect.stringContaining('PastDue'),
		});
		expect(patches()).toHaveLength(0);
	});

	test('on what was planned refuses a changed record', async () => {
		smokeball([200, record()], [200, answer({ preview: true })]);
		const { planToken } = await one('cancel', { dryRun: true });
		smokeball([200, record({ status: undefined })]);
		expect(await one('cancel', { options: { planToken } })).toMatchObject({ outcome: 'refused' });
		smokeball([200, record()], [200, answer()]);
		expect(await one('cancel', { options: { planToken } })).toMatchObject({ outcome: 'scheduled' });
		expect(patches()).toHaveLength(2);
	});

	test('may let nothing left to cancel count as a failed item', async () => {
		smokeball([400, problem(400, 'Canceled.')], [200, gone]);
		expect(await one('cancel', { options: { alreadyCancelled: 'fail' } })).toMatchObject({
			outcome: 'notCancellable',
		});
	});
});

describe('a resumption', () => {
	test('is one PATCH with an empty object', async () => {
		smokeball([202, { id, href: '', relation: '', method: 'GET' }]);
		expect(await one('resume')).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'restored',
			note: expect.stringContaining('PastDue'),
		});
		expect(sent).toMatchObject([
			{ method: 'PATCH', path: `/subscriptions/${id}/resume`, body: '{}' },
		]);
		expect(sent[0].headers['content-type']).toBe('application/json');
	});

	test('without a clear answer is never sent again, because it may charge twice', async () => {
		smokeball([500], [200, gone]);
		expect(await one('resume')).toMatchObject({
			outcome: 'unknown',
			description: expect.stringContaining('still "Canceled"'),
		});
		expect(patches()).toHaveLength(1);
	});

	test('without a clear answer counts once the record runs again', async () => {
		smokeball([500], [200, record()]);
		expect(await one('resume')).toMatchObject({ outcome: 'restored', verified: true });
		expect(patches()).toHaveLength(1);
	});

	test.each<[number, string]>([
		[400, 'notCancellable'],
		[404, 'notFound'],
	])('answered %i is %s', async (status, outcome) => {
		smokeball([status, problem(status, 'No.')], status === 404 ? [404, ''] : [200, gone]);
		expect(await one('resume')).toMatchObject({ outcome });
		expect(patches()).toHaveLength(1);
	});
});

describe('reading', () => {
	test('gets one subscription', async () => {
		smokeball([200, record()]);
		expect(await run('get')).toEqual([record()]);
		expect(sent).toMatchObject([{ method: 'GET', path: `/subscriptions/${id}` }]);
	});

	test.each<[string, unknown]>([
		['a collection', { id: 'subscriptions', value: [record(), pending] }],
		['a bare array', [record(), pending]],
	])('gets many from %s, up to the limit', async (_, body) => {
		smokeball([200, body]);
		expect(await run('getAll', { returnAll: true })).toHaveLength(2);
		smokeball([200, body]);
		expect(await run('getAll', { limit: 1 })).toHaveLength(1);
		expect(sent).toMatchObject([{ path: '/subscriptions' }, { path: '/subscriptions' }]);
	});

	test('of what is not there ends as notFound', async () => {
		smokeball([404, problem(404, 'Subscription not found.')]);
		expect(await one('get')).toMatchObject({ outcome: 'notFound' });
	});
});

describe('the credential', () => {
	test.each([
		['https://api.smokeball.com.au', { baseUrl: 'https://api.smokeball.com.au' }],
		['https://stagingapi.smokeball.co.uk', { baseUrl: 'https://stagingapi.smokeball.co.uk' }],
		[
			'https://api.smokeball.com',
			{ baseUrl: 'custom', customBaseUrl: 'https://api.smokeball.com/' },
		],
		['http://127.0.0.1:4010/smokeball', { baseUrl: 'http://127.0.0.1:4010/smokeball' }],
	])('leads to %s', async (address, fields) => {
		const asked = nock(address).get('/subscriptions').reply(200, []);
		const credentials = { smokeballApi: { ...token.smokeballApi, ...fields } };
		expect(await run('getAll', {}, { credentials })).toEqual([]);
		expect(asked.isDone()).toBe(true);
	});

	test('with a base URL that is none keeps its key', async () => {
		const credentials = {
			smokeballApi: { ...token.smokeballApi, baseUrl: 'http://evil.test', customBaseUrl: '' },
		};
		expect(await one('cancel', {}, { credentials })).toMatchObject({ outcome: 'invalid' });
	});

	test('is tested by reading', async () => {
		const { test: check } = (await load()).getCredential('smokeballApi').type;
		expect(check?.request.url).toBe('/subscriptions');
		expect(check?.request.method).toBeUndefined();
		const { expression } = await workflow();
		const of = (fields: IDataObject) =>
			expression.getParameterValue(check!.request.baseURL!, null, 0, 0, 'Smokeball', [], 'manual', {
				$credentials: fields,
			} as never);
		expect(of({ baseUrl: host })).toBe(host);
		expect(of({ baseUrl: 'custom', customBaseUrl: 'https://x.test' })).toBe('https://x.test');
	});
});

async function workflow() {
	const loader = await load();
	const nodeTypes = { getByNameAndVersion: () => loader.getNode('smokeball').type };
	return new Workflow({
		nodes: [
			{
				id: 's',
				name: 'Smokeball',
				type: 'smokeball',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
		],
		connections: {},
		active: false,
		nodeTypes: nodeTypes as never,
	});
}

describe('OAuth2', () => {
	const sandboxed = { authentication: 'oAuth2', options: { maxAttempts: 2 } };
	const account = (more: ICredentialDataDecryptedObject = {}) => ({
		smokeballOAuth2Api: {
			grantType: 'authorizationCode',
			clientId: 'client_of_firm',
			clientSecret: 'secret_of_firm',
			accessTokenUrl: 'https://auth.smokeball.com/oauth2/token',
			authentication: 'header',
			additionalBodyProperties: '{"client_id":"client_of_firm"}',
			apiKey: 'key_of_firm',
			region: 'us',
			environment: 'production',
			oauthTokenData: {
				access_token: 'old_token',
				refresh_token: 'refresh_token_of_firm',
				token_type: 'Bearer',
			},
			...more,
		} as ICredentialDataDecryptedObject,
	});
	const basic = `Basic ${Buffer.from('client_of_firm:secret_of_firm').toString('base64')}`;

	test('signs with the token, and adds the API key itself', async () => {
		smokeball([200, answer()]);
		expect(await one('cancel', sandboxed, { credentials: account() })).toMatchObject({
			outcome: 'scheduled',
		});
		expect(sent).toHaveLength(1);
		expect(sent[0].headers).toMatchObject({
			'x-api-key': 'key_of_firm',
			authorization: 'Bearer old_token',
		});
	});

	test('renews an expired token and sends again what was turned away', async () => {
		smokeball([401, problem(401, 'Expired.')], [200, answer()]);
		const renewal = nock('https://auth.smokeball.com', { reqheaders: { authorization: basic } })
			.post('/oauth2/token', {
				grant_type: 'refresh_token',
				refresh_token: 'refresh_token_of_firm',
			})
			.reply(200, { access_token: 'new_token', expires_in: 3600, token_type: 'Bearer' });
		const done = await one('cancel', sandboxed, { credentials: account() });
		expect(done).toMatchObject({ outcome: 'scheduled', attempts: 1 });
		expect(renewal.isDone()).toBe(true);
		expect(sent.map(({ headers, body }) => [headers.authorization, body])).toEqual([
			['Bearer old_token', '{"cancellationType":"PeriodEnd"}'],
			['Bearer new_token', '{"cancellationType":"PeriodEnd"}'],
		]);
		expect(sent[1].headers['x-api-key']).toBe('key_of_firm');
	});

	test('keeps the empty object of a resumption', async () => {
		smokeball([401], [202, { id }]);
		nock('https://auth.smokeball.com')
			.post('/oauth2/token')
			.reply(200, { access_token: 'new_token', token_type: 'Bearer' });
		expect(await one('resume', sandboxed, { credentials: account() })).toMatchObject({
			outcome: 'restored',
		});
		expect(patches().map(({ body }) => body)).toEqual(['{}', '{}']);
	});

	test.each<[number, IDataObject]>([
		[400, { error: 'invalid_grant' }],
		[401, { error: 'invalid_client' }],
	])('that cannot be renewed (%i) is unauthorized, and nothing was done', async (status, body) => {
		smokeball([401, problem(401, 'Expired.')]);
		nock('https://auth.smokeball.com').post('/oauth2/token').reply(status, body);
		expect(await one('cancel', sandboxed, { credentials: account() })).toMatchObject({
			outcome: 'unauthorized',
		});
		expect(sent).toHaveLength(1);
	});

	test('that is renewed and still turned away is unauthorized', async () => {
		// n8n 1.x asks once more, with the same token.
		smokeball([401], [401, problem(401, 'No scope.')], [401, problem(401, 'No scope.')]);
		nock('https://auth.smokeball.com')
			.post('/oauth2/token')
			.reply(200, { access_token: 'new_token', token_type: 'Bearer' });
		expect(await one('cancel', sandboxed, { credentials: account() })).toMatchObject({
			outcome: 'unauthorized',
			httpStatus: 401,
		});
		expect(sent.filter(({ headers }) => headers.authorization === 'Bearer old_token')).toHaveLength(
			1,
		);
		expect(sent.length).toBeLessThanOrEqual(3);
	});

	test('that was never connected is unauthorized, and nothing is sent', async () => {
		const credentials = account({ oauthTokenData: undefined as never });
		expect(await one('cancel', sandboxed, { credentials })).toMatchObject({
			outcome: 'unauthorized',
		});
		expect(sent).toHaveLength(0);
	});

	test.each<[number, string]>([
		[400, 'notCancellable'],
		[404, 'notFound'],
		[403, 'unauthorized'],
	])('answered %i is %s, with the words of Smokeball', async (status, outcome) => {
		smokeball(
			[status, problem(status, 'In its own words.')],
			status === 404 ? [404] : [200, record()],
		);
		expect(await one('cancel', sandboxed, { credentials: account() })).toMatchObject({
			outcome,
			httpStatus: status,
			description: `HTTP ${status}: In its own words.`,
		});
		expect(patches()).toHaveLength(1);
	});

	test('asks for client credentials with the client ID in the form, too', async () => {
		smokeball([200, answer()]);
		const asked = nock('https://auth.smokeball.com', { reqheaders: { authorization: basic } })
			.post('/oauth2/token', /^grant_type=client_credentials&client_id=client_of_firm(&scope=)?$/)
			.reply(200, { access_token: 'machine_token', expires_in: 3600, token_type: 'Bearer' });
		const credentials = account({
			grantType: 'clientCredentials',
			oauthTokenData: undefined as never,
			scope: '',
		});
		expect(await one('cancel', sandboxed, { credentials })).toMatchObject({ outcome: 'scheduled' });
		expect(asked.isDone()).toBe(true);
		expect(sent[0].headers.authorization).toBe('Bearer machine_token');
	});

	test.each<[IDataObject, string]>([
		[{}, 'https://api.smokeball.com'],
		[{ region: 'au' }, 'https://api.smokeball.com.au'],
		[{ region: 'uk', environment: 'staging' }, 'https://stagingapi.smokeball.co.uk'],
		[{ baseUrl: 'https://api.smokeball.com/acc_1' }, 'https://api.smokeball.com/acc_1'],
	])('with %j leads to %s', async (fields, address) => {
		const asked = nock(address).get('/subscriptions').reply(200, []);
		const credentials = account(fields as ICredentialDataDecryptedObject);
		await run('getAll', { authentication: 'oAuth2' }, { credentials });
		expect(asked.isDone()).toBe(true);
	});

	test('derives where to sign in from region and environment', async () => {
		const { properties } = (await load()).getCredential('smokeballOAuth2Api').type;
		const { expression } = await workflow();
		const derived = (name: string, fields: IDataObject) =>
			expression.getParameterValue(
				properties.find((property) => property.name === name)!.default as string,
				null,
				0,
				0,
				'Smokeball',
				[],
				'manual',
				{},
				undefined,
				false,
				fields as never,
			);
		const us = { region: 'us', environment: 'production' };
		expect(derived('authUrl', us)).toBe('https://auth.smokeball.com/oauth2/authorize');
		expect(derived('accessTokenUrl', us)).toBe('https://auth.smokeball.com/oauth2/token');
		expect(derived('accessTokenUrl', { region: 'uk', environment: 'staging' })).toBe(
			'https://datastaging-auth.smokeball.co.uk/oauth2/token',
		);
		expect(derived('accessTokenUrl', { region: 'au', environment: 'production' })).toBe(
			'https://auth.smokeball.com.au/oauth2/token',
		);
		expect(
			derived('accessTokenUrl', { ...us, authBaseUrl: 'http://127.0.0.1:4010/smokeball/' }),
		).toBe('http://127.0.0.1:4010/smokeball/oauth2/token');
		expect(derived('additionalBodyProperties', { clientId: 'a"b' })).toBe('{"client_id":"a\\"b"}');
	});
});

describe('the list behind the Subscription field', () => {
	async function listed(filter: string | undefined, parameters: IDataObject = {}) {
		const { methods } = (await load()).getNode('smokeball').type as unknown as {
			methods: { listSearch: Record<string, (this: unknown, filter?: string) => Promise<unknown>> };
		};
		const used: string[] = [];
		const host: Partial<ILoadOptionsFunctions> = {
			getCurrentNodeParameter: (name) => parameters[name] as never,
			getNode: () => ({ name: 'Smokeball', credentials: {} }) as never,
			getCredentials: async () => token.smokeballApi as never,
			helpers: {
				httpRequestWithAuthentication: async (type: string) => {
					used.push(type);
					const unnamed = { id: 'sub_2', currentPeriodEndDate: ahead };
					return { statusCode: 200, headers: {}, body: { value: [pending, unnamed] } };
				},
			} as never,
		};
		return { found: await methods.listSearch.searchSubscriptions.call(host, filter), used };
	}

	test('names product, status and end, and filters as the user types', async () => {
		const { found, used } = await listed(undefined);
		expect(used).toEqual(['smokeballApi']);
		expect(found).toMatchObject({
			results: [
				{ name: 'Smokeball Grow · Active · cancellation pending · until 2099-12-31', value: id },
				{ name: 'sub_2 · no plan · until 2099-12-31', value: 'sub_2' },
			],
		});
		expect((await listed('GROW')).found).toMatchObject({ results: [{ value: id }] });
	});

	test('is signed with the credential that the node uses', async () => {
		expect((await listed('', { authentication: 'oAuth2' })).used).toEqual(['smokeballOAuth2Api']);
	});
});

describe('against the sandbox', () => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		nock.enableNetConnect('127.0.0.1');
		sandbox = await startSandbox();
	});
	afterAll(async () => {
		await sandbox.close();
		nock.disableNetConnect();
	});
	beforeEach(() => sandbox.reset());
	const person = (number: number) =>
		byId(`b471682e-fa17-4e46-b7fe-${String(number).padStart(12, '0')}`);
	const access = () => ({
		smokeballApi: {
			apiKey: keys.smokeball.apiKey,
			accessToken: keys.smokeball.accessToken,
			baseUrl: `${sandbox.url}/smokeball`,
		},
	});

	test('a plan is made, carried out, and refused after a change', async () => {
		const subscriptionId = person(1);
		const credentials = access();
		const { planToken } = await one('cancel', { subscriptionId, dryRun: true }, { credentials });
		expect(sandbox.journal('smokeball')).toHaveLength(0);
		const planned = { subscriptionId, options: { planToken } };
		expect(await one('cancel', planned, { credentials })).toMatchObject({ outcome: 'scheduled' });
		expect(sandbox.journal('smokeball')).toHaveLength(1);
		expect(await one('cancel', planned, { credentials })).toMatchObject({ outcome: 'refused' });
		expect(await one('resume', { subscriptionId }, { credentials })).toMatchObject({
			outcome: 'restored',
		});
		expect(sandbox.journal('smokeball')).toHaveLength(2);
	});

	test('client credentials open it', async () => {
		const { apiKey, clientId, clientSecret } = keys.smokeball;
		const credentials = {
			smokeballOAuth2Api: {
				grantType: 'clientCredentials',
				clientId,
				clientSecret,
				apiKey,
				accessTokenUrl: `${sandbox.url}/smokeball/oauth2/token`,
				authentication: 'header',
				additionalBodyProperties: JSON.stringify({ client_id: clientId }),
				baseUrl: `${sandbox.url}/smokeball`,
			},
		};
		const parameters = { authentication: 'oAuth2', subscriptionId: person(1) };
		expect(await one('cancel', parameters, { credentials })).toMatchObject({
			outcome: 'scheduled',
		});
		expect(sandbox.journal('smokeball')).toHaveLength(1);
	});

	test('never more than five a second go out', async () => {
		sandbox.limit('smokeball', { perSecond: 5, burst: 5 });
		const items = Array.from({ length: 8 }, (_, index) => ({ id: `nobody_${index}` }));
		const began = Date.now();
		const { main } = await runNode({
			node: 'smokeball',
			parameters: {
				resource: 'subscription',
				operation: 'get',
				subscriptionId: byId('={{ $json.id }}'),
			},
			items,
			credentials: access(),
			onError: 'continueRegularOutput',
		});
		expect(main.map(({ json }) => (json.error as IDataObject).outcome)).toEqual(
			items.map(() => 'notFound'),
		);
		expect(Date.now() - began).toBeGreaterThan(1300);
		expect(sandbox.requests('smokeball')).toHaveLength(8);
	});
});
