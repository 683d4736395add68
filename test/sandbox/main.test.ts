import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const start = (...options: string[]) =>
	spawnSync(
		process.execPath,
		[join(root, 'node_modules/tsx/dist/cli.mjs'), join(root, 'sandbox/main.ts'), ...options],
		{ encoding: 'utf8', timeout: 30_000 },
	);

it.each(['', '1e3', '65536'])('npm run sandbox refuses "%s" as a port', (port) => {
	const { status, stdout, stderr } = start(`--port=${port}`);
	expect([status, stdout]).toEqual([1, '']);
	expect(stderr).toContain(`"${port}" is not a port`);
});
