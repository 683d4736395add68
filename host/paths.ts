import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A host line: the name of its manifest in this folder. */
export type Line = 'n8n-1' | 'n8n-2';

/** An installed n8n. Written by installSteps.mjs. */
export interface N8nInstallation {
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

/** All files that a run writes. */
export const cacheFolder = path.join(repository, '.cache');

/**
 * The installation of the host line that CANCELLATIONS_N8N names; n8n 2.41 by default.
 * @throws Error if it is not installed
 */
export function n8nInstallation(): N8nInstallation {
	const line = process.env.CANCELLATIONS_N8N ?? 'n8n-2';
	const file = path.join(cacheFolder, `${line}.json`);
	if (!existsSync(file)) {
		throw new Error(
			`${line} is not installed here yet: run \`node host/install.mjs ${line}\` first.`,
		);
	}
	return JSON.parse(readFileSync(file, 'utf8')) as N8nInstallation;
}
