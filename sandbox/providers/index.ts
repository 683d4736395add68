import { createRequire } from 'node:module';
import { type ProviderName, providerNames } from '../providerNames';
import type { ProviderDefinition, ProviderApi } from '../providerApi';
import type { SandboxState } from '../sandboxState';

const load = createRequire(__filename);

/** The providers that the sandbox simulates, one per folder. */
export const providers: ReadonlyArray<ProviderDefinition & { name: string }> = providerNames.map(
	(name) => ({
		...(load(`./${name}`) as { provider: ProviderDefinition }).provider,
		name,
	}),
);

/** Creates the APIs of these providers. */
export function createApis(
	sandboxState: SandboxState,
	names: readonly ProviderName[] = providerNames,
): ProviderApi[] {
	return providers
		.filter(({ name }) => names.includes(name))
		.map(({ name, title, base, settings = {}, createApi }) => {
			sandboxState.settings.declare(name, settings);
			return { name, title, base, ...createApi(sandboxState) };
		});
}
