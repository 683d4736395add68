import { createRequire } from 'node:module';
import { providerNames } from './providerNames';

const load = createRequire(__filename);

/**
 * The keys that the sandbox accepts, by provider and then as `providers/<name>/keys.ts` names them.
 * They open nothing but this sandbox, so they may be printed, committed and put into example
 * workflows. Each stands in for the kind of key that the vendor's own dashboard issues.
 */
export const keys: Record<string, Record<string, string>> = Object.fromEntries(
	providerNames.map((name) => [
		name,
		(load(`./providers/${name}/keys`) as { keys: Record<string, string> }).keys,
	]),
);
