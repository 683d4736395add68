/** `npm start`: installs what is missing, then runs demo.ts. */
import { createRequire } from 'node:module';
import { CannotStart, Stopped } from './files.mjs';
import { chosenLine, install } from './install.mjs';
import { onStopSignal } from './stopSignal.mjs';

const require = createRequire(import.meta.url);

async function start() {
	const signal = onStopSignal();
	await install([chosenLine], { signal });
	// With NODE_USE_ENV_PROXY, fetch would send requests for the sandbox to a proxy.
	process.env.NO_PROXY = process.env.no_proxy = '127.0.0.1,localhost';
	require('tsx/cjs');
	const { runDemo } = require('./demo.ts');
	return await runDemo(process.argv.slice(2), signal);
}

start()
	.catch((reason) => {
		if (reason instanceof Stopped) {
			console.log(`\n${reason.message}`);
			return 130;
		}
		console.error(`\n${reason instanceof CannotStart ? reason.message : reason.stack}`);
		return 1;
	})
	// Exits although a request to an ended n8n may still be open.
	.then((code) => process.exit(code));
