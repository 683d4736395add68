import { request } from 'node:http';
import fc from 'fast-check';
import { isLoopback, isLocalHost } from '../../sandbox/hosts';
import { providers } from '../../sandbox/providers';
import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();

/** Sends a request with headers that fetch does not allow, such as Host. */
async function send(
	method: string,
	path: string,
	headers: Record<string, string>,
	body?: string,
): Promise<number | undefined> {
	return await new Promise((resolve, reject) => {
		const sent = request(own.sandbox.url + path, { method, headers }, (response) => {
			response.resume().on('end', () => resolve(response.statusCode));
		});
		sent.on('error', reject).end(body);
	});
}

const ownHost = () => new URL(own.sandbox.url).host;
const json = { 'content-type': 'application/json' };

describe('the control routes', () => {
	it.each([
		['an origin of another site', { origin: 'https://elsewhere.example' }],
		['an opaque origin', { origin: 'null' }],
		['another port of this machine', { origin: 'http://127.0.0.1:5678' }],
		['a browser that reports cross-site', { 'sec-fetch-site': 'cross-site' }],
		['a browser that reports same-site', { 'sec-fetch-site': 'same-site' }],
	])('refuse a post with %s', async (_what, headers) => {
		own.sandbox.change('funnelFox', 'sub_ada', { status: 'paused' });
		expect(await send('POST', '/_control/reset', headers)).toBe(403);
		expect(await send('PUT', '/_control/scenario', { ...json, ...headers }, '{}')).toBe(403);
		expect(await send('DELETE', '/_control/faults', headers)).toBe(403);
	});

	it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
		'refuse a body of the type %s',
		async (type) => {
			const headers = { 'content-type': type };
			expect(await send('PUT', '/_control/scenario', headers, '{}')).toBe(415);
			expect(await send('POST', '/_control/reset', headers, '{}')).toBe(415);
		},
	);

	it('accept the requests of the status page', async () => {
		const headers = { origin: `http://${ownHost()}`, 'sec-fetch-site': 'same-origin' };
		expect(await send('POST', '/_control/reset', headers)).toBe(200);
		expect(await send('PUT', '/_control/scenario', { ...headers, ...json }, '{}')).toBe(200);
	});

	it.each(['null', '[]', '7', '{"faults":7}', '{"clock":"soon"}', '{"limits":{"unknown":{}}}'])(
		'refuse %s as a scenario and keep the former one',
		async (scenario) => {
			own.sandbox.fault({ provider: '*', kind: 'html' });
			expect(await send('PUT', '/_control/scenario', json, scenario)).toBe(400);
			expect(await send('POST', '/_control/reset', {})).toBe(200);
			expect(own.sandbox.change('funnelFox', 'sub_ada', {})).toBe(true);
		},
	);

	it.each([
		['POST', '/seed', null],
		['POST', '/seed', { bulk: { provider: '*', count: -5, prefix: 'x' } }],
		['POST', '/seed', { bulk: { provider: '*', count: 1.5, prefix: 'x' } }],
		['POST', '/seed', { bulk: { provider: '*', count: '5', prefix: 'x' } }],
		['POST', '/seed', { samples: 'no' }],
		['POST', '/faults', null],
		['POST', '/faults', { provider: '*', kind: 'html', times: -1 }],
		['POST', '/faults', { provider: '*', kind: 'html', every: 0 }],
		['POST', '/faults', { provider: '*', kind: 'slow', delayMs: 'long' }],
		['POST', '/faults', { provider: '*', kind: 'html', tmes: 1 }],
		['PUT', '/record/funnelFox/sub_ada', null],
		['PUT', '/latency/funnelFox', null],
		['PUT', '/latency/funnelFox', { ms: 'x' }],
		['PUT', '/latency/funnelFox', { ms: -1 }],
		['PUT', '/latency/funnelFox', {}],
		['PUT', '/limits/funnelFox', { perSecond: 'x' }],
		['PUT', '/limits/funnelFox', { requests: 0 }],
		['PUT', '/clock', null],
		['PUT', '/clock', { at: 7 }],
		['PUT', '/delivery-faults/funnelFox', null],
		['PUT', '/delivery-faults/funnelFox', { kind: 'late', delayMs: -1 }],
		['PUT', '/settings/funnelFox', null],
		['PUT', '/settings/smokeball', { lagMs: 'x' }],
		['PUT', '/webhooks/funnelFox', 7],
		['PUT', '/openai', { tool: 7 }],
		['POST', '/reset', { keepWebhooks: 'yes' }],
		['POST', '/leave/funnelFox/sub_ada', { ends: 'later' }],
		['POST', '/return/funnelFox/sub_ada', { at: 7 }],
	])('refuse %s %s with %j and change nothing', async (method, path, body) => {
		const control = (verb: string, route: string, json?: unknown) =>
			ask(own.sandbox, verb, `/_control${route}`, { json });
		const state = async () => {
			const { now, ...rest } = (await control('GET', '/state')).body;
			return { ...rest, isRunning: typeof now === 'string' };
		};
		const before = await state();
		const refused = await control(method, path, body);
		expect(refused.status).toBe(400);
		// In words about the request, not about the program.
		expect(refused.body.message).not.toMatch(
			/undefined|properties of|destructure|is not a function/,
		);
		expect(await state()).toEqual(before);
	});

	it('accept any JSON body or refuse it with a 4xx', async () => {
		const routes = [
			['POST', '/seed'],
			['POST', '/faults'],
			['POST', '/reset'],
			['POST', '/leave/funnelFox/sub_ada'],
			['POST', '/return/funnelFox/sub_ada'],
			['PUT', '/scenario'],
			['PUT', '/record/funnelFox/sub_ada'],
			['PUT', '/latency/funnelFox'],
			['PUT', '/limits/funnelFox'],
			['PUT', '/clock'],
			['PUT', '/delivery-faults/funnelFox'],
			['PUT', '/settings/funnelFox'],
			['PUT', '/webhooks/funnelFox'],
			['PUT', '/openai'],
		];
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...routes), fc.jsonValue(), async ([method, path], body) => {
				const { status } = await ask(own.sandbox, method, `/_control${path}`, { json: body });
				expect(status).toBeLessThan(500);
			}),
			{ numRuns: 200 },
		);
	});
});

describe('every route', () => {
	const routes = [
		'/',
		'/_control/state',
		'/openai/v1/models',
		'/no/such/route',
		...providers.map(({ base }) => base),
	];

	it.each(['elsewhere.example', 'rebound.example:4010', '10.0.0.7', '127.0.0.1.nip.io'])(
		'refuses the host "%s", with or without good keys',
		async (host) => {
			for (const route of routes)
				expect([route, await send('GET', route, { host })]).toEqual([route, 403]);
			const test = '/firstpromoter/api/v2/company/webhooks/test';
			const body = JSON.stringify({ url: own.sandbox.url, event_type: 'referral.cancelled' });
			const headers = { host, ...json, ...signed.firstPromoterV2 };
			expect(await send('POST', test, headers, body)).toBe(403);
			expect(own.sandbox.requests()).toEqual([]);
		},
	);

	it.each(['localhost', '127.0.0.1:4010', '[::1]:4010', 'host.docker.internal:80', 'sandbox'])(
		'accepts the host %s',
		async (host) => {
			// Paddle itself refuses a request without a key by 403.
			const headers = { host, ...signed.paddle };
			for (const route of routes)
				expect([route, await send('GET', route, headers)]).not.toEqual([route, 403]);
		},
	);
});

describe('an address', () => {
	it.each([
		['http://127.0.0.1:5678/x', true],
		['http://localhost/', true],
		['http://[::1]:1/', true],
		['http://2130706433/', true],
		['http://localhost.example/', false],
		['http://10.0.0.1/', false],
		['http://[::ffff:10.0.0.1]/', false],
		['http://host.docker.internal/', false],
		['ftp://127.0.0.1/', false],
	])('%s is on this machine: %s', (address, expected) => {
		expect(isLoopback(new URL(address))).toBe(expected);
	});

	it.each([
		['a.b', false],
		['8.8.8.8', false],
		['n8n', true],
		['sandbox_1:80', true],
		['sand box', false],
		[undefined, false],
	])('%s is a local host: %s', (host, expected) => {
		expect(isLocalHost(host)).toBe(expected);
	});
});
