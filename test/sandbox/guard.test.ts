import { request } from 'node:http';
import { isLoopback, isLocalHost } from '../../sandbox/hosts';
import { ownSandbox } from './ownSandbox';

const own = ownSandbox();

/** Asks like a browser would, with headers that fetch does not let one set. */
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

const here = () => new URL(own.sandbox.url).host;
const json = { 'content-type': 'application/json' };

describe('the control routes', () => {
	it.each([
		['an origin of another site', { origin: 'https://elsewhere.example' }],
		['no origin that can be named', { origin: 'null' }],
		['another port of this machine', { origin: 'http://127.0.0.1:5678' }],
		['what a browser calls another site', { 'sec-fetch-site': 'cross-site' }],
		['what a browser calls the same site', { 'sec-fetch-site': 'same-site' }],
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

	it.each(['elsewhere.example', 'rebound.example:4010', '10.0.0.7', '127.0.0.1.nip.io'])(
		'and the page refuse the host "%s"',
		async (host) => {
			for (const path of ['/', '/_control/state']) {
				expect(await send('GET', path, { host })).toBe(403);
			}
		},
	);

	it.each(['localhost', '127.0.0.1:4010', '[::1]:4010', 'host.docker.internal:80', 'sandbox'])(
		'and the page know the host %s',
		async (host) => {
			for (const path of ['/', '/_control/state']) {
				expect(await send('GET', path, { host })).toBe(200);
			}
		},
	);

	it('let the status page do its work', async () => {
		const headers = { origin: `http://${here()}`, 'sec-fetch-site': 'same-origin' };
		expect(await send('POST', '/_control/reset', headers)).toBe(200);
		expect(await send('PUT', '/_control/scenario', { ...headers, ...json }, '{}')).toBe(200);
	});

	it.each(['null', '[]', '7', '{"faults":7}', '{"clock":"soon"}', '{"limits":{"nobody":{}}}'])(
		'refuse %s as a scenario, and can be reset as before',
		async (scenario) => {
			own.sandbox.fault({ provider: '*', kind: 'html' });
			expect(await send('PUT', '/_control/scenario', json, scenario)).toBe(400);
			expect(await send('POST', '/_control/reset', {})).toBe(200);
			expect(own.sandbox.change('funnelFox', 'sub_ada', {})).toBe(true);
		},
	);

	it.each([
		['POST', '/seed'],
		['POST', '/faults'],
		['PUT', '/record/funnelFox/sub_ada'],
		['PUT', '/latency/funnelFox'],
		['PUT', '/clock'],
		['PUT', '/delivery-faults/funnelFox'],
		['PUT', '/settings/funnelFox'],
	])('answer a null to %s %s without harm', async (method, path) => {
		expect([200, 400]).toContain(await send(method, `/_control${path}`, json, 'null'));
		expect(await send('POST', '/_control/reset', {})).toBe(200);
		expect(await send('GET', '/_control/state', {})).toBe(200);
	});
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
	])('%s is near: %s', (host, expected) => {
		expect(isLocalHost(host)).toBe(expected);
	});
});
