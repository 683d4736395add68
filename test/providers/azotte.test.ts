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

const host = 'https://acme.azotte.com';
const base = '/api/v1/c2a';
const urn = 'cu.00.482';
const order = 'or_01J3X';
const ahead = '2099-12-31T00:00:00.000Z';
const past = '2020-01-01T00:00:00.000Z';
const key: Record<string, ICredentialDataDecryptedObject> = {
	azotteApi: {
		projectName: 'acme',
		environment: 'live',
		tenantId: 'tenant_1',
		apiKey: 'sk_live_secret',
		baseUrl: '',
	},
};

beforeAll(() => nock.disableNetConnect());
afterAll(() => nock.enableNetConnect());
let sent: Array<{ method: string; path: string; headers: Record<string, unknown>; body: unknown }>;
let queue: Array<[number, unknown, object?]>;
beforeEach(() => {
	sent = [];
	queue = [];
	nock.cleanAll();
});

/** Answers in turn, in Azotte's own media type; every request is written down. */
function azotte(...answers: typeof queue): void {
	queue.push(...answers);
	for (const method of ['GET', 'POST']) {
		nock(host)
			.persist()
			.intercept(/.*/, method)
			.reply(function (path, body) {
				sent.push({ method, path, headers: this.req.headers, body });
				const [status, answer, headers] = queue.shift() ?? [599, ''];
				const type = { 'Content-Type': 'application/clientOutput+Json', ...headers };
				return [status, typeof answer === 'string' ? answer : JSON.stringify(answer), type];
			});
	}
}

const said = (messageCode: string, more: IDataObject = {}) => ({
	...more,
	status: { messageCode },
});
const ok = (more: IDataObject = {}) => said('SUCCESS', more);
const row = (more: IDataObject = {}): IDataObject => ({
	bundleName: 'Plus',
	state: 'Active',
	endDate: ahead,
	orderIdentifier: order,
	subscriptionChannel: 'Azotte',
	options: { canCancel: true },
	...more,
});
const list = (...rows: IDataObject[]) =>
	ok({ result: [row({ orderIdentifier: 'or_other' }), ...rows] });
const reasons = [{ code: 'PRICE', label: 'Too expensive' }];
const processed = ok({ responseType: 'Processed', cancellationReasons: reasons });
const offer = ok({ responseType: 'Offer', offer: { offerIdentifier: 'of_1' } });
const presentation = ok({ responseType: 'Presentation' });
const canceled = row({ state: 'Canceled' });

async function run(
	operation: string,
	parameters: IDataObject = {},
	credentials: typeof key = key,
): Promise<IDataObject[]> {
	const { options, ...more } = parameters;
	const outcome = await runNode({
		node: 'azotte',
		parameters: {
			resource: 'subscription',
			operation,
			...(operation === 'getAll' ? {} : { orderIdentifier: byId(order) }),
			...more,
			options: { requestsPerMinute: 60_000, maxAttempts: 1, ...(options as IDataObject) },
		},
		items: [{}],
		credentials,
		onError: 'continueRegularOutput',
	});
	return outcome.main.map(({ json }) => json);
}
const one = async (...args: Parameters<typeof run>) => {
	const [json] = await run(...args);
	return (json.error ?? json) as IDataObject;
};
const seen = { customerUrn: urn };
const paths = () => sent.map(({ method, path }) => `${method} ${path.replace(base, '')}`);
const asked = 'POST /subscription/cancel/request';
const confirmed = 'POST /subscription/cancel/confirm';
const reactivated = 'POST /subscription/reactivate';
const looked = `GET /subscription/${urn}`;

describe('a request to cancel', () => {
	test('is one POST, signed with key and tenant', async () => {
		azotte([200, processed]);
		expect(await one('requestCancel')).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'readyToConfirm',
			response: { cancellationReasons: reasons },
		});
		expect(paths()).toEqual([asked]);
		expect(sent[0]).toMatchObject({
			path: `${base}/subscription/cancel/request`,
			body: { orderIdentifier: order, cancelationMethod: 'Normal', currentStep: 0 },
			headers: { 'x-api-key': 'sk_live_secret', 'x-tn': 'tenant_1' },
		});
	});

	test('carries the method and the step', async () => {
		azotte([200, processed]);
		await one('requestCancel', {
			cancelationMethod: 'EndOfPeriod',
			additionalFields: { currentStep: 2 },
		});
		expect(sent.map(({ body }) => body)).toEqual([
			{ orderIdentifier: order, cancelationMethod: 'EndOfPeriod', currentStep: 2 },
		]);
	});

	test.each<[string, IDataObject, IDataObject]>([
		['an offer', offer, { ok: true, ended: false, outcome: 'offer' }],
		['a step to show', presentation, { ok: true, ended: false, outcome: 'presentation' }],
		['something else', ok({ responseType: 'Other' }), { outcome: 'failed' }],
		['no envelope', {}, { outcome: 'failed' }],
		['an order that is not known', said('SUBSCRIPTION_NOT_FOUND'), { outcome: 'notFound' }],
		['a refusal', said('SUBSCRIPTION_NOT_CANCELABLE'), { outcome: 'notCancellable' }],
	])('answered with %s', async (_, answer, expected) => {
		azotte([200, answer]);
		expect(await one('requestCancel')).toMatchObject(expected);
		expect(paths()).toEqual([asked]);
	});

	test('may be repeated after an answer that leaves doubt', async () => {
		azotte([500, ''], [200, processed]);
		expect(await one('requestCancel', { options: { maxAttempts: 2 } })).toMatchObject({
			outcome: 'readyToConfirm',
			attempts: 2,
		});
	});

	test('that never gets a clear answer has changed nothing', async () => {
		azotte([503, '']);
		expect(await one('requestCancel')).toMatchObject({ outcome: 'failed', httpStatus: 503 });
	});

	test('that gets no answer at all has changed nothing either', async () => {
		nock(host)
			.post(/request$/)
			.delay(1000)
			.reply(200, processed);
		const { outcome, description } = await one('requestCancel', { options: { timeout: 100 } });
		expect([outcome, description]).toEqual(['failed', expect.stringMatching(/no answer/)]);
	});
});

describe('a confirmation', () => {
	test('is one POST', async () => {
		azotte([200, ok()]);
		await one('confirmCancel', { cancelationMethod: 'Immediate' });
		expect(paths()).toEqual([confirmed]);
		expect(sent[0].body).toEqual({
			orderIdentifier: order,
			cancelationMethod: 'Immediate',
			currentStep: 1,
		});
	});

	test.each<[IDataObject, unknown]>([
		[
			{ reasonCode: 'PRICE', comment: 'Too "dear"' },
			{ reasonCode: 'PRICE', comment: 'Too "dear"' },
		],
		[{ reasonCode: 'PRICE' }, { reasonCode: 'PRICE' }],
		[{ comment: 'Moved' }, { comment: 'Moved' }],
	])('sends %j as a survey in JSON', async (answers, survey) => {
		azotte([200, ok()]);
		const done = await one('confirmCancel', { additionalFields: { ...answers, currentStep: 3 } });
		const body = sent[0].body as IDataObject;
		expect(JSON.parse(body.survey as string)).toEqual(survey);
		expect(body.currentStep).toBe(3);
		expect(done.reason).toBe(answers.comment ?? null);
	});

	test('that cannot be seen through waits, and says what it needs', async () => {
		azotte([200, ok()]);
		expect(await one('confirmCancel')).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'pendingProvider',
			note: expect.stringContaining('Customer URN'),
		});
	});

	test.each<[string, IDataObject, IDataObject, IDataObject]>([
		[
			'that ends later is scheduled',
			row(),
			canceled,
			{ ended: true, outcome: 'scheduled', effectiveAt: ahead },
		],
		[
			'that ended at once is over',
			row({ state: 'Trial' }),
			row({ state: 'Canceled', endDate: past }),
			{ ended: true, outcome: 'cancelled', effectiveAt: past },
		],
		[
			'through a partner waits for it',
			row({ subscriptionChannel: 'ExternalPartner' }),
			row({ subscriptionChannel: 'ExternalPartner' }),
			{ ended: false, outcome: 'pendingProvider', note: expect.stringContaining('partner') },
		],
		[
			'through a partner that was quick is scheduled',
			row({ subscriptionChannel: 'ExternalPartner' }),
			row({ subscriptionChannel: 'ExternalPartner', state: 'Canceled' }),
			{ ended: true, outcome: 'scheduled' },
		],
		[
			'that does not show yet waits',
			row(),
			row(),
			{
				ended: false,
				outcome: 'pendingProvider',
				note: expect.stringContaining('still says "Active"'),
			},
		],
	])('%s', async (_, before, after, expected) => {
		azotte([200, list(before)], [200, ok()], [200, list(after)]);
		expect(await one('confirmCancel', seen)).toMatchObject({ ok: true, ...expected });
		expect(paths()).toEqual([looked, confirmed, looked]);
	});

	test('that cannot be read afterwards is still accepted', async () => {
		azotte([200, list(row())], [200, ok()], [500, '']);
		expect(await one('confirmCancel', seen)).toMatchObject({
			ok: true,
			outcome: 'pendingProvider',
			note: expect.stringContaining('could not be read'),
		});
	});

	test('whose order turns out to be a store order is left to the customer', async () => {
		const store = row({ subscriptionChannel: 'InappAppStore' });
		azotte([500, ''], [200, ok()], [200, list(store)]);
		expect(await one('confirmCancel', seen)).toMatchObject({ outcome: 'customerActionRequired' });
	});

	test.each([200, 404, 409])('with HTTP %i, the code in the envelope decides', async (status) => {
		azotte([status, said('SUBSCRIPTION_NOT_FOUND')]);
		expect(await one('confirmCancel')).toMatchObject({ outcome: 'notFound', httpStatus: status });
		azotte([status, said('SUBSCRIPTION_NOT_CANCELABLE')]);
		expect(await one('confirmCancel')).toMatchObject({
			outcome: 'notCancellable',
			description: expect.stringContaining('SUBSCRIPTION_NOT_CANCELABLE'),
		});
		expect(paths()).toEqual([confirmed, confirmed]);
	});

	test.each<[number, unknown, string]>([
		[200, said('SOMETHING_NEW'), 'failed'],
		[400, said('INVALID_REQUEST'), 'failed'],
		[401, '', 'unauthorized'],
		[403, said('FORBIDDEN'), 'unauthorized'],
		[404, said('NOT_FOUND'), 'notFound'],
		[200, { result: null }, 'unknown'],
		[200, '<html></html>', 'unknown'],
		[200, said('INTERNAL_SERVER_ERROR'), 'unknown'],
		[500, said('SQL_DATABASE_FAILURE'), 'unknown'],
		[502, '', 'unknown'],
		[429, '', 'rateLimited'],
	])('answered %i %j is %s, and sent once', async (status, body, outcome) => {
		azotte([status, body, { 'Retry-After': '0' }]);
		expect(await one('confirmCancel')).toMatchObject({ outcome });
		expect(paths()).toEqual([confirmed]);
	});

	test('refused, while the order is over, was not needed', async () => {
		azotte([500, ''], [200, said('SUBSCRIPTION_NOT_CANCELABLE')], [200, list(canceled)]);
		expect(await one('confirmCancel', seen)).toMatchObject({
			outcome: 'alreadyCancelled',
			effectiveAt: ahead,
		});
	});

	test('that leaves doubt is settled by the record', async () => {
		azotte([200, list(row())], [500, ''], [200, list(canceled)]);
		expect(await one('confirmCancel', seen)).toMatchObject({
			outcome: 'scheduled',
			verified: true,
		});
		expect(paths()).toEqual([looked, confirmed, looked]);
	});

	test('that leaves doubt is sent again where nothing changed', async () => {
		azotte([200, list(row())], [500, ''], [200, list(row())], [200, ok()], [200, list(canceled)]);
		expect(await one('confirmCancel', { ...seen, options: { maxAttempts: 2 } })).toMatchObject({
			outcome: 'scheduled',
			attempts: 2,
		});
		expect(paths()).toEqual([looked, confirmed, looked, confirmed, looked]);
	});

	test('that leaves doubt through a partner is never sent again: its record lags behind', async () => {
		const partner = list(row({ subscriptionChannel: 'ExternalPartner' }));
		azotte([200, partner], [500, ''], [200, partner]);
		expect(await one('confirmCancel', { ...seen, options: { maxAttempts: 4 } })).toMatchObject({
			outcome: 'unknown',
		});
		expect(paths()).toEqual([looked, confirmed, looked]);
	});
});

describe('a cancellation in one go', () => {
	test('asks, confirms with the answers of the customer, and looks', async () => {
		azotte([200, list(row())], [200, processed], [200, ok()], [200, list(canceled)]);
		expect(
			await one('cancel', {
				...seen,
				cancelationMethod: 'EndOfPeriod',
				additionalFields: { reasonCode: 'PRICE', comment: 'Too expensive' },
			}),
		).toMatchObject({
			ok: true,
			ended: true,
			outcome: 'scheduled',
			effectiveAt: ahead,
			reason: 'Too expensive',
		});
		expect(paths()).toEqual([looked, asked, confirmed, looked]);
		const same = { orderIdentifier: order, cancelationMethod: 'EndOfPeriod' };
		expect(sent[1].body).toEqual({ ...same, currentStep: 0 });
		expect(sent[2].body).toEqual({
			...same,
			currentStep: 1,
			survey: '{"reasonCode":"PRICE","comment":"Too expensive"}',
		});
	});

	test.each<[string, IDataObject, IDataObject, string]>([
		['an offer', offer, {}, 'offer'],
		['a step to show', presentation, {}, 'presentation'],
		[
			'a step to show, even where offers are declined',
			presentation,
			{ onOffer: 'confirm' },
			'presentation',
		],
	])('stops at %s', async (_, answer, parameters, outcome) => {
		azotte([200, answer]);
		expect(await one('cancel', parameters)).toMatchObject({
			ok: true,
			ended: false,
			outcome,
			requestedAt: null,
			response: answer,
		});
		expect(paths()).toEqual([asked]);
	});

	test('declines an offer where it is told to', async () => {
		azotte([200, offer], [200, ok()]);
		expect(await one('cancel', { onOffer: 'confirm' })).toMatchObject({
			outcome: 'pendingProvider',
		});
		expect(paths()).toEqual([asked, confirmed]);
	});

	test.each<[number, unknown, string]>([
		[200, said('SUBSCRIPTION_NOT_CANCELABLE'), 'notCancellable'],
		[200, said('SUBSCRIPTION_NOT_FOUND'), 'notFound'],
		[200, ok(), 'failed'],
		[200, 'gone', 'failed'],
		[401, '', 'unauthorized'],
		[500, '', 'failed'],
	])('asked and answered %i %j is %s, and nothing is confirmed', async (status, body, outcome) => {
		azotte([status, body]);
		expect(await one('cancel')).toMatchObject({ outcome });
		expect(paths()).toEqual([asked]);
	});

	test('of what is over sends nothing', async () => {
		azotte([200, list(canceled)]);
		expect(await one('cancel', seen)).toMatchObject({
			outcome: 'alreadyCancelled',
			effectiveAt: ahead,
		});
		expect(paths()).toEqual([looked]);
	});
});

describe('with a customer', () => {
	const writes = ['requestCancel', 'confirmCancel', 'cancel'];

	test.each(
		[...writes, 'reactivate'].flatMap((operation) =>
			['InappPlayStore', 'InappAppStore'].map((channel) => [operation, channel]),
		),
	)('%s sends nothing for %s: the customer has to act', async (operation, subscriptionChannel) => {
		const state = operation === 'reactivate' ? 'Canceled' : 'Active';
		azotte([200, list(row({ subscriptionChannel, state }))]);
		expect(await one(operation, seen)).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'customerActionRequired',
			note: expect.stringContaining('Store'),
		});
		expect(paths()).toEqual([looked]);
	});

	test.each([...writes, 'reactivate'])(
		'%s sends nothing for an order that is not among the customer’s',
		async (operation) => {
			azotte([200, list()]);
			expect(await one(operation, seen)).toMatchObject({ outcome: 'notFound' });
			expect(paths()).toEqual([looked]);
		},
	);

	test.each([200, 404])('a customer who is not known (HTTP %i) is notFound', async (status) => {
		azotte([status, said('CUSTOMER_NOT_FOUND')]);
		expect(await one('cancel', seen)).toMatchObject({ outcome: 'notFound' });
		expect(paths()).toEqual([looked]);
	});

	test('the expected status is a guard', async () => {
		azotte([200, list(row({ state: 'PastDue' }))]);
		const options = { expectedStatus: 'Active' };
		expect(await one('cancel', { ...seen, options })).toMatchObject({ outcome: 'refused' });
		expect(paths()).toEqual([looked]);
	});

	test('without one, the guard refuses and says why', async () => {
		azotte();
		expect(await one('cancel', { options: { expectedStatus: 'Active' } })).toMatchObject({
			outcome: 'refused',
			message: expect.stringContaining('Customer URN'),
		});
		expect(sent).toHaveLength(0);
	});
});

describe('a reactivation', () => {
	test('is one POST, and is seen through', async () => {
		azotte([200, list(canceled)], [200, ok()], [200, list(row({ state: 'Reactivated' }))]);
		expect(await one('reactivate', seen)).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'restored',
		});
		expect(paths()).toEqual([looked, reactivated, looked]);
		expect(sent[1].body).toEqual({ orderIdentifier: order });
	});

	test('that does not show yet waits', async () => {
		azotte([200, list(canceled)], [200, ok()], [200, list(canceled)]);
		expect(await one('reactivate', seen)).toMatchObject({ outcome: 'pendingProvider' });
	});

	test('without a customer says that it was not looked at', async () => {
		azotte([200, ok()]);
		expect(await one('reactivate')).toMatchObject({
			outcome: 'restored',
			note: expect.stringContaining('app store'),
		});
		expect(paths()).toEqual([reactivated]);
	});

	test.each<[number, unknown, string]>([
		[200, said('SUBSCRIPTION_NOT_REACTIVATABLE'), 'notCancellable'],
		[200, said('SUBSCRIPTION_NOT_FOUND'), 'notFound'],
		[200, {}, 'unknown'],
		[500, '', 'unknown'],
		[401, '', 'unauthorized'],
	])('answered %i %j is %s, and sent once', async (status, body, outcome) => {
		azotte([status, body]);
		expect(await one('reactivate')).toMatchObject({ outcome });
		expect(paths()).toEqual([reactivated]);
	});
});

describe('a dry run', () => {
	test.each<[string, IDataObject, IDataObject, IDataObject]>([
		['confirmCancel', {}, row(), { outcome: 'scheduled', effectiveAt: ahead }],
		['cancel', {}, row(), { outcome: 'scheduled', effectiveAt: ahead }],
		[
			'cancel',
			{ cancelationMethod: 'Immediate' },
			row(),
			{ outcome: 'cancelled', effectiveAt: null },
		],
		[
			'cancel',
			{},
			row({ subscriptionChannel: 'ExternalPartner' }),
			{ outcome: 'pendingProvider', note: expect.stringContaining('partner') },
		],
		['requestCancel', {}, row(), { outcome: 'readyToConfirm' }],
	])(
		'of %s %j goes through the first phase only',
		async (operation, parameters, state, wouldBe) => {
			azotte([200, list(state)], [200, processed]);
			expect(await one(operation, { ...seen, ...parameters, dryRun: true })).toMatchObject({
				outcome: 'preview',
				wouldBe,
				current: { status: 'Active' },
			});
			expect(paths()).toEqual([looked, asked]);
		},
	);

	test.each<[string, IDataObject, string]>([
		['cancel', offer, 'offer'],
		['cancel', presentation, 'presentation'],
		['confirmCancel', offer, 'pendingProvider'],
		['requestCancel', offer, 'offer'],
	])('of %s, answered %j, would be %s', async (operation, answer, outcome) => {
		azotte([200, answer]);
		expect(await one(operation, { dryRun: true })).toMatchObject({
			wouldBe: { outcome },
			current: { unread: expect.stringContaining('Customer URN') },
		});
		expect(paths()).toEqual([asked]);
	});

	test('of a reactivation only reads', async () => {
		azotte([200, list(canceled)]);
		expect(await one('reactivate', { ...seen, dryRun: true })).toMatchObject({
			wouldBe: { outcome: 'restored' },
		});
		expect(paths()).toEqual([looked]);
	});

	test('says that a store order is left to the customer', async () => {
		azotte([200, list(row({ subscriptionChannel: 'InappPlayStore' }))]);
		expect(await one('cancel', { ...seen, dryRun: true })).toMatchObject({
			outcome: 'preview',
			wouldBe: { outcome: 'customerActionRequired' },
		});
		expect(paths()).toEqual([looked]);
	});

	test('that Azotte refuses is refused', async () => {
		azotte([200, said('SUBSCRIPTION_NOT_CANCELABLE')]);
		expect(await one('cancel', { dryRun: true })).toMatchObject({ outcome: 'notCancellable' });
	});
});

describe('what is refused before anything is sent', () => {
	test.each<[string, string, IDataObject]>([
		['requestCancel', 'Order is empty', { orderIdentifier: byId('={{ $json.none }}') }],
		['confirmCancel', 'Order is empty', { orderIdentifier: byId('={{ $json.none }}') }],
		['cancel', 'found nothing', { orderIdentifier: byId('undefined') }],
		['reactivate', 'Order is empty', { orderIdentifier: byId(' ') }],
		['getAll', 'Customer URN is empty', { customerUrn: '={{ $json.none }}' }],
		['cancel', 'found nothing', { customerUrn: 'null' }],
		['cancel', 'cannot be an identifier', { customerUrn: '..' }],
		['cancel', 'Cancellation Method is "Never"', { cancelationMethod: 'Never' }],
		['cancel', 'On Offer is "accept"', { onOffer: 'accept' }],
		['confirmCancel', 'Current Step must be', { additionalFields: { currentStep: -1 } }],
	])('%s: %s', async (operation, message, parameters) => {
		azotte();
		expect(await one(operation, parameters)).toMatchObject({
			outcome: expect.stringMatching(/invalid/),
			message: expect.stringContaining(message),
		});
		expect(sent).toHaveLength(0);
	});

	test.each(['a/b', '../admin', 'a?b=c', 'a#b', 'a b', 'a+b', 'ü'])(
		'a customer never leaves its place in the path: %s',
		async (strange) => {
			azotte([200, list()]);
			await run('getAll', { customerUrn: strange });
			expect(paths()).toEqual([`GET /subscription/${encodeURIComponent(strange)}`]);
		},
	);

	test('an order goes out as it is, in the body', async () => {
		azotte([200, processed]);
		await one('requestCancel', { orderIdentifier: byId('a/../b?c#d ü+') });
		expect(sent[0].body).toMatchObject({ orderIdentifier: 'a/../b?c#d ü+' });
	});
});

describe('reading', () => {
	test('lists what a customer has, up to the limit', async () => {
		azotte([200, list(row())], [200, list(row())]);
		expect(await run('getAll', { ...seen, returnAll: true })).toEqual([
			row({ orderIdentifier: 'or_other' }),
			row(),
		]);
		expect(await run('getAll', { ...seen, limit: 1 })).toHaveLength(1);
		expect(paths()).toEqual([looked, looked]);
	});

	test('accepts a list without an envelope, and none that says no', async () => {
		azotte([200, { result: [row()] }], [200, said('CUSTOMER_NOT_FOUND', { result: null })]);
		expect(await run('getAll', seen)).toHaveLength(1);
		expect(await one('getAll', seen)).toMatchObject({ outcome: 'notFound' });
	});
});

describe('the credential', () => {
	test.each<[string, IDataObject]>([
		['https://acme.azotte.com/api/v1/c2a', {}],
		['https://acme.sandbox.azotte.com/api/v1/c2a', { environment: 'sandbox' }],
		['https://other.test/x', { baseUrl: 'https://other.test/x/' }],
	])('leads to %s', async (address, fields) => {
		const { origin, pathname } = new URL(address);
		const reached = nock(origin).get(`${pathname}/subscription/${urn}`).reply(200, list());
		const azotteApi = { ...key.azotteApi, ...fields } as ICredentialDataDecryptedObject;
		expect(await run('getAll', seen, { azotteApi })).toHaveLength(1);
		expect(reached.isDone()).toBe(true);
	});

	test.each(['', 'evil.test/', 'a.b', 'Acme', 'a@evil.test', 'a#', 'a b'])(
		'with the project "%s" keeps its key',
		async (projectName) => {
			const azotteApi = { ...key.azotteApi, projectName };
			for (const operation of ['cancel', 'getAll']) {
				expect(await one(operation, seen, { azotteApi })).toMatchObject({
					outcome: 'invalid',
					message: expect.stringContaining('Project Name'),
				});
			}
		},
	);

	test('is tested by a call that writes nothing, and only at Azotte', async () => {
		const loader = await load();
		const { request } = loader.getCredential('azotteApi').type.test!;
		expect(request).toMatchObject({ method: 'POST', url: '/customer/validate' });
		const { expression } = new Workflow({
			nodes: [
				{
					id: 'a',
					name: 'Azotte',
					type: 'azotte',
					typeVersion: 1,
					position: [0, 0],
					parameters: {},
				},
			],
			connections: {},
			active: false,
			nodeTypes: { getByNameAndVersion: () => loader.getNode('azotte').type } as never,
		});
		const leads = (fields: IDataObject) =>
			expression.getParameterValue(request.baseURL!, null, 0, 0, 'Azotte', [], 'manual', {
				$credentials: { ...key.azotteApi, ...fields },
			} as never);
		expect(leads({})).toBe('https://acme.azotte.com/api/v1/c2a');
		expect(leads({ environment: 'sandbox' })).toBe('https://acme.sandbox.azotte.com/api/v1/c2a');
		expect(leads({ baseUrl: 'http://127.0.0.1:4010/x' })).toBe('http://127.0.0.1:4010/x');
		expect(leads({ projectName: 'evil.test/' })).toBe('');
	});
});

describe('the list behind the Order field', () => {
	async function listed(filter: string | undefined, customerUrn: unknown, answer: unknown) {
		const { methods } = (await load()).getNode('azotte').type as unknown as {
			methods: { listSearch: Record<string, (this: unknown, filter?: string) => Promise<unknown>> };
		};
		const urls: string[] = [];
		const host: Partial<ILoadOptionsFunctions> = {
			getCurrentNodeParameter: () => customerUrn as never,
			getNode: () => ({ name: 'Azotte', credentials: {} }) as never,
			getCredentials: async () => key.azotteApi as never,
			helpers: {
				httpRequestWithAuthentication: async (_: string, { url }: { url: string }) => {
					urls.push(url);
					return { statusCode: 200, headers: {}, body: answer };
				},
			} as never,
		};
		return { found: await methods.listSearch.searchOrders.call(host, filter), urls };
	}

	test('names bundle, state, channel and end, and filters as the user types', async () => {
		const rows = list(row({ bundleName: undefined, subscriptionChannel: 'InappAppStore' }));
		const { found, urls } = await listed('', ` ${urn} `, rows);
		expect(urls).toEqual([`${host}${base}/subscription/${urn}`]);
		expect(found).toMatchObject({
			results: [
				{ name: 'Plus · Active · until 2099-12-31', value: 'or_other' },
				{ name: 'or_01J3X · Active · InappAppStore · until 2099-12-31', value: order },
			],
		});
		expect((await listed('appstore', urn, rows)).found).toMatchObject({
			results: [{ value: order }],
		});
	});

	test.each(['', undefined, '={{ $json.urn }}'])('asks for a customer first: %j', async (given) => {
		await expect(listed('', given, list())).rejects.toThrow('Customer URN');
	});

	test('says so where Azotte does not know the customer', async () => {
		await expect(listed('', urn, said('CUSTOMER_NOT_FOUND'))).rejects.toThrow('CUSTOMER_NOT_FOUND');
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
	const access = () => ({
		azotteApi: {
			...key.azotteApi,
			...keys.azotte,
			baseUrl: `${sandbox.url}/azotte/api/v1/c2a`,
		},
	});

	test('a plan is made, carried out, and refused after a change', async () => {
		const ada = { orderIdentifier: byId('or_ada'), customerUrn: 'cu.00.001' };
		const { planToken } = await one('cancel', { ...ada, dryRun: true }, access());
		expect(sandbox.journal('azotte')).toHaveLength(0);
		const planned = { ...ada, options: { planToken } };
		expect(await one('cancel', planned, access())).toMatchObject({ outcome: 'scheduled' });
		expect(await one('cancel', planned, access())).toMatchObject({ outcome: 'refused' });
		expect(await one('reactivate', ada, access())).toMatchObject({ outcome: 'restored' });
		expect(sandbox.journal('azotte')).toHaveLength(2);
	});

	test('step by step, past an offer', async () => {
		const hana = { orderIdentifier: byId('or_hana') };
		expect(await one('cancel', hana, access())).toMatchObject({ outcome: 'offer' });
		expect(await one('requestCancel', hana, access())).toMatchObject({ outcome: 'offer' });
		expect(sandbox.journal('azotte')).toHaveLength(0);
		expect(await one('confirmCancel', hana, access())).toMatchObject({
			outcome: 'pendingProvider',
		});
		expect(sandbox.journal('azotte')).toHaveLength(1);
	});
});
