import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** In a process of its own: a world sets the server's time zone, which Jest's sandbox hides. */
test('the invariants hold in 2,000 simulated worlds, and in those of earlier failures', async () => {
	const script = join(__dirname, 'simulate.ts');
	const run = promisify(execFile)(
		process.execPath,
		['--import', 'tsx', script, '--worlds', '2000', '--seed', '1'],
		{ cwd: join(__dirname, '../..') },
	);
	const { stdout } = await run.catch((failed: Error & { stdout: string }) => {
		throw new Error(failed.stdout || failed.message);
	});
	expect(stdout).toContain('2000 worlds hold');
}, 300_000);
