import { createRequire } from 'node:module';
import { providerNames } from './providerNames';

const load = createRequire(__filename);

/**
 * The keys that the sandbox accepts, by provider and then as `providers/<name>/keys.ts` names them.
 * They are valid in this sandbox only, so they may be printed, committed and used in example
 * workflows. Each has the form of the keys that the provider issues.
 */
export const keys: Record<string, Record<string, string>> = Object.fromEntries(
	providerNames.map((name) => [
		name,
		(load(`./providers/${name}/keys`) as { keys: Record<string, string> }).keys,
	]),
);
