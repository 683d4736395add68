import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { type Line, repository } from './paths';

/**
 * Installs the host lines that are missing and builds the package if its source changed.
 * @throws Error if a step fails; the reason is on the terminal
 */
export function ensureInstalled(...lines: Line[]): void {
	const installer = path.join(repository, 'host', 'install.mjs');
	const { status } = spawnSync(process.execPath, [installer, ...lines], { stdio: 'inherit' });
	if (status !== 0) throw new Error('n8n could not be installed; the reason is above.');
}
