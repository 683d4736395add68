/** `npm start`: installs what is missing, then hands over to rehearsal.ts. */
import { createRequire } from 'node:module';
import { CannotStart } from './files.mjs';
import { chosenLine, install } from './install.mjs';
import { onSignal } from './signals.mjs';
import { Stopped } from './step.mjs';

const require = createRequire(import.meta.url);

async function start() {
	const signal = onSignal();
	await install([chosenLine], { signal });
	// A Node that heeds a proxy takes it for fetch, too; the sandbox is on this machine.
	process.env.NO_PROXY = process.env.no_proxy = '127.0.0.1,localhost';
	require('tsx/cjs');
	const { rehearse } = require('./rehearsal.ts');
	return await rehearse(process.argv.slice(2), signal);
}

start()
	.catch((reason) => {
		const isPlain = reason instanceof CannotStart || reason instanceof Stopped;
		console.error(`\n${isPlain ? reason.message : reason.stack}`);
		return reason instanceof Stopped ? 130 : 1;
	})
	// Whatever is still waiting for an answer, e.g. of an n8n that has ended, is not waited for.
	.then((code) => process.exit(code));
