import { sandboxCredentials } from '../../host/sandboxCredentials';
import type { RunningN8n } from '../../host/server';
import { startSandbox } from '../../sandbox/server';
import { origin, type Origin, saying } from '../credentials/origin';
import { at, tested } from '../credentials/tested';

interface TestReport {
	status: 'OK' | 'Error';
	message: string;
}

const open: Origin[] = [];

async function opened(...answer: Parameters<typeof saying>): Promise<Origin> {
	const one = await origin(saying(...answer));
	open.push(one);
	return one;
}

/** Declares the tests of the credentials in a running n8n. */
export function testCredentials(n8n: () => RunningN8n): void {
	afterEach(() => {
		for (const one of open.splice(0)) one.close();
	});

	/** Saves a credential and tests it, as the editor does. */
	async function saved(type: string, data: Record<string, unknown>): Promise<TestReport> {
		const name = 'Account';
		const { id } = await n8n().rest<{ id: string }>('POST', '/credentials', { name, type, data });
		return await n8n().rest<TestReport>('POST', '/credentials/test', {
			credentials: { id, name, type, data },
		});
	}

	describe.each(tested)('$type, saved in n8n', (one) => {
		const { call, type } = one;

		test('is tested by one call of the node that uses it, signed as its calls are', async () => {
			const api = await opened(200, call.answer);
			expect(await saved(type, at(one, api.url))).toMatchObject({ status: 'OK' });
			expect(api.requests.map(({ method, path: address }) => [method, address])).toEqual([
				[call.method, call.path],
			]);
			expect(api.requests[0].headers).toMatchObject(call.headers);
		});

		test.each([302, 307])('stays where it is at %i', async (code) => {
			const elsewhere = await opened(200, call.answer);
			const api = await opened(code, '', { location: `${elsewhere.url}${call.path}` });
			const { status, message } = await saved(type, at(one, api.url));
			expect([status, message]).toEqual(['Error', expect.stringContaining('was not followed')]);
			expect(api.requests).toHaveLength(1);
			expect(elsewhere.requests).toEqual([]);
		});

		const otherJson: Array<[string, number, unknown]> = [
			['an empty object', 200, {}],
			['the envelope that says no', 200, { status: { messageCode: 'UNAUTHORIZED' } }],
		];
		test.each<[string, number, unknown]>([
			['a web page', 200, '<!doctype html><title>Sign in</title>'],
			['no content', 204, undefined],
			...(one.anyJson ? [] : otherJson),
		])('does not pass for %s', async (_, code, body) => {
			const api = await opened(code, body);
			const { status, message } = await saved(type, at(one, api.url));
			expect([status, message]).toEqual(['Error', expect.stringContaining('does not confirm the')]);
		});

		test('sends nothing in the clear', async () => {
			const api = await opened(200, call.answer);
			const { status, message } = await saved(
				type,
				at(one, `http://[::ffff:127.0.0.1]:${api.port}`),
			);
			expect([status, message]).toEqual([
				'Error',
				expect.stringContaining('must start with https'),
			]);
			expect(api.requests).toEqual([]);
		});

		test('says what to do about a key that is not accepted', async () => {
			const api = await opened(401, { message: 'Invalid key' });
			const { status, message } = await saved(type, at(one, api.url));
			expect([status, message]).toEqual(['Error', expect.stringContaining('Copy it again from')]);
		});
	});

	test('the accounts of the sandbox pass, and nothing is written', async () => {
		const sandbox = await startSandbox();
		try {
			const types = tested.map(({ type }) => type);
			for (const { id, type, data } of sandboxCredentials(sandbox.url)) {
				if (!types.includes(type)) continue;
				const { status } = await saved(type, data);
				expect([id, status]).toEqual([id, /Wrong/.test(id) ? 'Error' : 'OK']);
			}
			expect(sandbox.journal()).toEqual([]);
		} finally {
			await sandbox.close();
		}
	});
}
