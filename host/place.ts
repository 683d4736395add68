import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A line of n8n: the name of its manifest in this folder. */
export type Line = 'n8n-1' | 'n8n-2';

/** Where the installed n8n is. Written by installHost.mjs. */
export interface HostPlace {
	line: Line;
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
 * Where the n8n is that CANCELLATIONS_N8N names, else n8n 2.41.
 * @throws Error if it is not installed
 */
export function hostPlace(): HostPlace {
	const line = process.env.CANCELLATIONS_N8N ?? 'n8n-2';
	const file = path.join(cacheFolder, `${line}.json`);
	if (!existsSync(file)) {
		throw new Error(
			`${line} is not installed here yet: run \`node host/install.mjs ${line}\` first.`,
		);
	}
	return JSON.parse(readFileSync(file, 'utf8')) as HostPlace;
}
