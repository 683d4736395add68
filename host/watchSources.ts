import path from 'node:path';
import { name as packageName } from '../package.json';
import { repository } from './paths';
import { startNode } from './processes';
import { say } from './report';

/** n8n then reloads an installed package when a file of it changes, and updates open editors. */
export const reloadSettings = { N8N_DEV_RELOAD: 'true' };

/** Compiles the sources into the package in an n8n home after each save without a type error. */
export function watchSources(userFolder: string): void {
	const compiler = require.resolve('typescript/bin/tsc');
	const installed = path.join(userFolder, '.n8n', 'nodes', 'node_modules', packageName);
	const options = ['--watch', '--preserveWatchOutput', '--noEmitOnError'];
	const { child } = startNode(
		process.execPath,
		[compiler, '-p', repository, '--outDir', path.join(installed, 'dist'), ...options],
		{ cwd: repository, env: process.env },
	);
	child.stdout?.on('data', (chunk: Buffer) => say(chunk.toString().trim()));
}
