/**
 * Installs what `npm start` and the tests need: this repository's dependencies, n8n, and the built
 * package. By itself: `node host/install.mjs n8n-2 n8n-1` (names of manifests in this folder);
 * `--no-build` does not build the package, `--built` takes what `npm run build` has just built.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bootstrap } from './bootstrap.mjs';
import { CannotStart, Stopped } from './files.mjs';
import { onStopSignal } from './stopSignal.mjs';

/** The host line that host/n8n.ts runs, too. */
export const chosenLine = process.env.CANCELLATIONS_N8N ?? 'n8n-2';

/**
 * Installs what is missing and builds the package if its source changed.
 *
 * @param lines names of manifests
 * @param options.build whether to build the package, too
 * @param options.built whether dist is what its source makes
 * @throws CannotStart with what happened and what to do; Stopped
 */
export async function install(lines, { signal, build = true, built = false } = {}) {
	await bootstrap({ signal });
	// It imports dependencies, which exist only now.
	const { installLinesAndBuild } = await import('./installSteps.mjs');
	await installLinesAndBuild(lines, { signal, build, built });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const { positionals: lines, values } = parseArgs({
		allowPositionals: true,
		options: {
			'no-build': { type: 'boolean', default: false },
			built: { type: 'boolean', default: false },
		},
	});
	const options = { signal: onStopSignal(), build: !values['no-build'], built: values.built };
	install(lines.length > 0 ? lines : [chosenLine], options).catch((reason) => {
		const isExpected = reason instanceof CannotStart || reason instanceof Stopped;
		console.error(isExpected ? reason.message : reason);
		process.exitCode = 1;
	});
}
