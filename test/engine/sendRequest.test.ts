import { randomUUID } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Account } from '../../nodes/shared/http/account';
import { acquire } from '../../nodes/shared/http/rateLimiter';
import { requestWithRetry, type RequestContext } from '../../nodes/shared/http/requestWithRetry';
import { keys } from '../../sandbox/keys';
import { origin, type Origin } from '../credentials/origin';
import { at, tested } from '../credentials/tested';
import { testCredential } from '../credentials/testCredential';
import { runNode, type Setting } from '../host/harness';

const open: Origin[] = [];
const serve = async (listener: RequestListener) => {
	const server = await origin(listener);
	open.push(server);
	return server;
};
afterEach(() => {
	for (const server of open.splice(0)) server.close();
});

/** Answers with headers at once, and then with a byte now and then, without an end. */
const drip = (_: unknown, response: ServerResponse) => {
	response.writeHead(200, { 'content-type': 'application/json' }).write('{');
	const timer = setInterval(() => response.write(' '), 50);
	response.on('close', () => clearInterval(timer));
};

const getSubscription = (url: string): Setting => ({
	node: 'funnelFox',
	items: [{}],
	parameters: {
		resource: 'subscription',
		operation: 'get',
		subscriptionId: { __rl: true, mode: 'id', value: 'sub_ada' },
		options: { timeout: 500, maxAttempts: 1 },
	},
	credentials: { funnelFoxApi: { ...keys.funnelFox, baseUrl: url } },
	onError: 'continueRegularOutput',
});

describe('a response that never ends', () => {
	test('is given up after the timeout, and its connection is closed', async () => {
		let closed = false;
		const { url } = await serve((request, response) => {
			response.on('close', () => (closed = true));
			drip(request, response);
		});
		const started = Date.now();
		const { main } = await runNode(getSubscription(url));
		expect(Date.now() - started).toBeLessThan(4000);
		expect(main[0].json).toMatchObject({
			outcome: 'failed',
			description: 'There was no response: no answer in time.',
		});
		await new Promise((resolve) => setTimeout(resolve, 200));
		expect(closed).toBe(true);
	});

	test('keeps no slot of its account', async () => {
		const { url, requests } = await serve(drip);
		const setting = getSubscription(url);
		const items = Array.from({ length: 12 }, () => ({}));
		const { main } = await runNode({ ...setting, items });
		expect(main).toHaveLength(12);
		expect(requests).toHaveLength(12);
	});

	test('is given up by a credential test, too', async () => {
		const { url } = await serve(drip);
		for (const type of tested) {
			const { status, message } = await testCredential(type, at(type, url));
			expect(status).toBe('Error');
			expect(message).toMatch(/could not be reached at .+: no answer in time\. Check/);
		}
	});
});

describe('an OAuth2 token endpoint that is silent', () => {
	const setting = (api: string, signIn: string): Setting => ({
		node: 'smokeball',
		items: [{}],
		parameters: {
			resource: 'subscription',
			operation: 'getAll',
			authentication: 'oAuth2',
			returnAll: true,
			options: { timeout: 500, maxAttempts: 1 },
		},
		credentials: {
			smokeballOAuth2Api: {
				grantType: 'authorizationCode',
				apiKey: 'key_of_firm',
				clientId: 'client_of_firm',
				clientSecret: 'secret_of_firm',
				baseUrl: api,
				accessTokenUrl: `${signIn}/oauth2/token`,
				authentication: 'header',
				oauthTokenData: { access_token: 'old_token', refresh_token: 'refresh_token_of_firm' },
			} as ICredentialDataDecryptedObject,
		},
		onError: 'continueRegularOutput',
	});
	const expired: RequestListener = (_, response) => response.writeHead(401).end();
	const silent: RequestListener = () => {};

	test('holds up an item for its timeout at most', async () => {
		const [api, signIn] = [await serve(expired), await serve(silent)];
		const started = Date.now();
		const { main } = await runNode(setting(api.url, signIn.url));
		expect(Date.now() - started).toBeLessThan(4000);
		expect(signIn.requests).toHaveLength(1);
		expect(main[0].json).toMatchObject({
			outcome: 'failed',
			description: 'There was no response: no answer in time.',
		});
	});

	test('holds up nothing once the execution is stopped', async () => {
		let asked: () => void = () => {};
		const isAsked = new Promise<void>((resolve) => (asked = resolve));
		const [api, signIn] = [await serve(expired), await serve(() => asked())];
		const waiting = setting(api.url, signIn.url);
		waiting.parameters.options = { timeout: 60_000, maxAttempts: 5 };
		let stopped = NaN;
		await runNode({
			...waiting,
			onStart: (running) =>
				void isAsked.then(() => {
					stopped = Date.now();
					running.cancel();
				}),
		});
		expect(Date.now() - stopped).toBeLessThan(2000);
	});
});

describe('a request that cannot be built', () => {
	const context = (): RequestContext => ({
		// Nothing of n8n is reached.
		host: { helpers: {} } as RequestContext['host'],
		account: {
			key: randomUUID(),
			baseUrl: 'http://127.0.0.1:9',
			headers: {},
			secrets: [] as string[],
		} as Account,
		limits: { requestsPerMinute: 60_000, burst: 5, concurrency: 1 },
		timeout: 500,
		maxAttempts: 5,
		signal: new AbortController().signal,
	});
	const halfAnEmoji = { path: '/x', query: { email: 'Ada \ud83d' } };

	test('was not sent, is not tried again, and is known not to be accepted', async () => {
		const notAccepted = jest.fn();
		const options = { safe: true, onNotAccepted: notAccepted };
		expect(await requestWithRetry(context(), halfAnEmoji, options)).toEqual({
			answer: {
				kind: 'noResponse',
				delivered: 'no',
				permanent: true,
				reason: 'the request cannot be built (URI malformed)',
			},
			attempts: 1,
		});
		expect(notAccepted).toHaveBeenCalledTimes(1);
	});

	test.each([
		['cannot be built', undefined],
		['throws right before it leaves', new Error('The ledger is full.')],
	])('leaves its slot to the next one where it %s', async (_, thrown) => {
		const its = context();
		const onAttempt = () => {
			if (thrown) throw thrown;
		};
		for (let count = 0; count < 3; count++) {
			const sent = requestWithRetry(its, halfAnEmoji, { safe: false, onAttempt });
			await (thrown ? expect(sent).rejects.toBe(thrown) : sent);
		}
		const slot = await acquire(its.account.key, its.limits, its.signal);
		expect(slot.kind).toBe('slot');
	});
});
