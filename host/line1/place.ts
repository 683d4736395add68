import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, type HostPlace, repository } from '../place';

export { cacheFolder, type HostPlace, repository };

/**
 * Where line1/install.mjs put n8n 1.123. Stands in for the function of the same name in
 * ../place.ts wherever the other n8n is to be driven.
 * @throws Error if it has not run yet
 */
export function hostPlace(): HostPlace {
	const file = path.join(cacheFolder, 'line1.json');
	if (!existsSync(file)) {
		throw new Error(
			'n8n 1.123 is not installed here yet: run `node host/line1/install.mjs` first.',
		);
	}
	return JSON.parse(readFileSync(file, 'utf8')) as HostPlace;
}
