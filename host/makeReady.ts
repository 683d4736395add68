import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { type Line, repository } from './place';

/**
 * Installs what is missing of n8n and builds the package where it has changed; says so on the terminal.
 * @throws Error where that does not succeed; the reason is on the terminal
 */
export function makeReady(...lines: Line[]): void {
	const installer = path.join(repository, 'host', 'install.mjs');
	const { status } = spawnSync(process.execPath, [installer, ...lines], { stdio: 'inherit' });
	if (status !== 0) throw new Error('n8n could not be installed; the reason is above.');
}
