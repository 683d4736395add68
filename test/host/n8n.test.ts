import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inheritedFrom } from '../../host/n8n';
import { ownerFile, ownerOf } from '../../host/owner';

test('n8n inherits no proxy and none of its own settings', () => {
	const env = {
		HOME: '/home/ada',
		HTTP_PROXY: 'http://proxy.example',
		https_proxy: 'http://proxy.example',
		All_Proxy: 'http://proxy.example',
		NODE_USE_ENV_PROXY: '1',
		N8N_ENCRYPTION_KEY: 'a key of another n8n',
		DB_TYPE: 'postgresdb',
	};
	expect(inheritedFrom(env)).toEqual({ HOME: '/home/ada' });
});

describe('the owner of a home', () => {
	const homes: string[] = [];
	const home = () => {
		homes.push(mkdtempSync(path.join(tmpdir(), 'home-')));
		return homes[homes.length - 1];
	};
	afterAll(() => homes.forEach((each) => rmSync(each, { recursive: true })));

	test('has a password that the next home does not have, and that n8n takes', () => {
		const [one, other] = [ownerOf(home()).password, ownerOf(home()).password];
		expect(one).not.toBe(other);
		expect(one).toMatch(/^(?=.*[A-Z])(?=.*\d).{8,64}$/);
	});

	test('is kept in the home, for its user alone', () => {
		const folder = home();
		expect(ownerOf(folder)).toEqual(ownerOf(folder));
		expect(statSync(ownerFile(folder)).mode & 0o077).toBe(0);
	});
});

describe("the hook in n8n's server", () => {
	let server: Server;
	beforeAll(async () => {
		server = createServer((_request, response) => response.end('n8n'));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const hook = jest.requireActual('../../host/hostHeaderGuard.cjs') as {
			n8n: { ready: Array<(n8n: { server: Server }) => Promise<void>> };
		};
		for (const ready of hook.n8n.ready) await ready({ server });
	});
	afterAll(async () => await new Promise((resolve) => server.close(resolve)));

	test.each([
		['127.0.0.1:5678', 200],
		['localhost:5678', 200],
		['LOCALHOST', 200],
		['[::1]:5678', 200],
		['rebound.example:5678', 403],
		['127.0.0.1.rebound.example', 403],
		['localhost.example', 403],
	])('answers to %s with %d', async (host, status) => {
		const { port } = server.address() as AddressInfo;
		const answer = await new Promise((resolve) => {
			get({ port, host: '127.0.0.1', headers: { host }, agent: false }, (response) => {
				response.resume();
				resolve(response.statusCode);
			});
		});
		expect(answer).toBe(status);
	});
});
