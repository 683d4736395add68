/** `npm start`: installs what is missing, then hands over to rehearsal.ts. */
import { spawn } from 'node:child_process';
import * as path from 'node:path';
import { CannotStart, install, repository } from './install.mjs';

async function start() {
	await install();
	const tsx = path.join(repository, 'node_modules', 'tsx', 'dist', 'cli.mjs');
	const rehearsal = path.join(repository, 'host', 'rehearsal.ts');
	const child = spawn(process.execPath, [tsx, rehearsal, ...process.argv.slice(2)], {
		cwd: repository,
		stdio: 'inherit',
	});
	// Ctrl-C reaches the child by itself; this process only waits for it to tidy up.
	process.on('SIGINT', () => undefined);
	for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
	child.on('exit', (code) => {
		process.exitCode = code ?? 1;
	});
}

start().catch((reason) => {
	console.error(`\n${reason instanceof CannotStart ? reason.message : reason.stack}`);
	process.exitCode = 1;
});
