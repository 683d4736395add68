/**
 * Installs what `npm start` and the tests need: this repository's dependencies, n8n, and the built
 * package. By itself: `node host/install.mjs n8n-2 n8n-1` (names of manifests in this folder).
 */
import { fileURLToPath } from 'node:url';
import { bootstrap } from './bootstrap.mjs';
import { CannotStart, Stopped } from './files.mjs';
import { onStopSignal } from './stopSignal.mjs';

/** The host line that host/n8n.ts runs, too. */
export const chosenLine = process.env.CANCELLATIONS_N8N ?? 'n8n-2';

/**
 * Installs what is missing and builds the package if its source changed.
 *
 * @param lines names of manifests
 * @throws CannotStart with what happened and what to do; Stopped
 */
export async function install(lines, { signal } = {}) {
	await bootstrap({ signal });
	// It imports dependencies, which exist only now.
	const { installLinesAndBuild } = await import('./installSteps.mjs');
	await installLinesAndBuild(lines, { signal });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const lines = process.argv.slice(2);
	const signal = onStopSignal();
	install(lines.length > 0 ? lines : [chosenLine], { signal }).catch((reason) => {
		const isExpected = reason instanceof CannotStart || reason instanceof Stopped;
		console.error(isExpected ? reason.message : reason);
		process.exitCode = 1;
	});
}
