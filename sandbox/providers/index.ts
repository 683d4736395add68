import { createRequire } from 'node:module';
import { providerNames } from '../providerNames';
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

/** Creates the API of every provider. */
export function createApis(sandboxState: SandboxState): ProviderApi[] {
	return providers.map(({ name, title, base, settings = {}, createApi }) => {
		sandboxState.settings.declare(name, settings);
		return { name, title, base, ...createApi(sandboxState) };
	});
}
