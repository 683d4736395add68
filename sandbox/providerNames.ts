import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A provider by the name that the nodes use; checked at run time by `providerNamed`. */
export type ProviderName = string;

/** Names of the providers: the folders of `sandbox/providers`. */
export const providerNames: readonly ProviderName[] = readdirSync(join(__dirname, 'providers'), {
	withFileTypes: true,
})
	.filter((entry) => entry.isDirectory())
	.map(({ name }) => name)
	.sort();

/**
 * The provider meant by a name in any capitalisation.
 * @throws RangeError for a name that no provider has.
 */
export function providerNamed(name: string): ProviderName {
	const found = providerNames.find((known) => known.toLowerCase() === name.toLowerCase());
	if (!found) throw new RangeError(`No provider "${name}"; there are ${providerNames.join(', ')}`);
	return found;
}
