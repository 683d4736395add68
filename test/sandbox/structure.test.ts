import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const sandbox = join(root, 'sandbox');

describe('the files of the sandbox', () => {
	it('take in a sixth provider by its folder alone', () => {
		mkdirSync(join(root, '.cache'), { recursive: true });
		const copy = mkdtempSync(join(root, '.cache', 'sixth-'));
		try {
			cpSync(sandbox, join(copy, 'sandbox'), { recursive: true });
			const folder = join(copy, 'sandbox/providers/sixth');
			mkdirSync(folder);
			writeFileSync(join(folder, 'keys.ts'), "export const keys = { token: 'sandbox_sixth' };\n");
			writeFileSync(join(folder, 'index.ts'), sixth);
			writeFileSync(join(copy, 'ask.ts'), asking);
			const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
			const said = execFileSync(process.execPath, [tsx, join(copy, 'ask.ts')], {
				encoding: 'utf8',
			});
			expect(JSON.parse(said)).toEqual({
				hello: 'sixth',
				key: 'sandbox_sixth',
				titles: expect.arrayContaining(['FunnelFox', 'The sixth']),
			});
		} finally {
			rmSync(copy, { recursive: true });
		}
	});
});

const sixth = `import type { Provider } from '../../vendor';
import { send } from '../../gate';

export const provider: Provider = {
	title: 'The sixth',
	base: '/sixth',
	access: [],
	credentials: () => [],
	vendor: () => ({
		addRoutes: (scope) => void scope.get('/hello', (_, reply) => send(reply, { status: 200, body: 'sixth' })),
		turnsAway: () => undefined,
		refusal: (status) => ({ status }),
		clear: () => undefined,
		addSamples: () => undefined,
		addBulk: () => undefined,
		rows: () => [],
		namesOf: () => undefined,
		change: () => false,
		remove: () => false,
	}),
};
`;

const asking = `import { keys } from './sandbox/keys';
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
