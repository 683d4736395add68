import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Where the installed n8n is. Written by install.mjs. */
export interface HostPlace {
	/** The folder whose `node_modules` holds n8n. */
	folder: string;
	/** The Node that runs it. */
	node: string;
	/** n8n's own start file. */
	program: string;
}

/** The repository's folder. */
export const repository = path.dirname(__dirname);

/** Everything that a run leaves behind is in here. */
export const cacheFolder = path.join(repository, '.cache');

/**
 * Where install.mjs put n8n.
 * @throws Error if it has not run yet
 */
export function hostPlace(): HostPlace {
	const file = path.join(cacheFolder, 'host.json');
	if (!existsSync(file)) {
		throw new Error('n8n is not installed here yet: run `node host/install.mjs` first.');
	}
	return JSON.parse(readFileSync(file, 'utf8')) as HostPlace;
}
