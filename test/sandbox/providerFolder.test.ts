import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const sandbox = join(root, 'sandbox');

describe('a provider folder', () => {
	it('is enough to add a provider', () => {
		mkdirSync(join(root, '.cache'), { recursive: true });
		const copy = mkdtempSync(join(root, '.cache', 'sixth-'));
		try {
			cpSync(sandbox, join(copy, 'sandbox'), { recursive: true });
			const folder = join(copy, 'sandbox/providers/sixth');
			mkdirSync(folder);
			writeFileSync(join(folder, 'keys.ts'), "export const keys = { token: 'sandbox_sixth' };\n");
			writeFileSync(join(folder, 'index.ts'), sixth);
			writeFileSync(join(copy, 'client.ts'), client);
			const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
			const output = execFileSync(process.execPath, [tsx, join(copy, 'client.ts')], {
				encoding: 'utf8',
			});
			expect(JSON.parse(output)).toEqual({
				hello: 'sixth',
				key: 'sandbox_sixth',
				titles: expect.arrayContaining(['FunnelFox', 'The sixth']),
			});
		} finally {
			rmSync(copy, { recursive: true });
		}
	});
});

const sixth = `import type { ProviderDefinition } from '../../providerApi';
import { sendResponse } from '../../faultInjection';

export const provider: ProviderDefinition = {
	title: 'The sixth',
	base: '/sixth',
	access: () => [],
	credentials: () => [],
	createApi: () => ({
		addRoutes: (scope) => void scope.get('/hello', (_, reply) => sendResponse(reply, { status: 200, body: 'sixth' })),
		authStatus: () => undefined,
		errorResponse: (status) => ({ status }),
		wrongRecordResponse: () => undefined,
		clear: () => undefined,
		addSamples: () => undefined,
		addBulk: () => undefined,
		rows: () => [],
		recordNames: () => undefined,
		change: () => false,
		remove: () => false,
	}),
};
`;

const client = `import { keys } from './sandbox/keys';
import { startSandbox } from './sandbox/server';

async function main() {
	const { url, close } = await startSandbox();
	const hello = await (await fetch(url + '/sixth/hello')).json();
	const { providers } = await (await fetch(url + '/_control/state')).json();
	const titles = providers.map((each: { title: string }) => each.title);
	process.stdout.write(JSON.stringify({ hello, key: keys.sixth.token, titles }));
	await close();
}
void main();
`;
