import { createRequire } from 'node:module';
import { type ProviderName, providerNames } from '../providerNames';
import type { ApiImplementation, ProviderDefinition, ProviderApi } from '../providerApi';
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
			return { name, title, base, ...withSamplesOnUse(createApi(sandboxState)) };
		});
}

/** Text that differs if the state of a row has changed. */
export function rowSignature({ state, endsAt }: { state: string; endsAt?: string | null }): string {
	return `${state} ${endsAt ?? ''}`;
}

/** An API whose samples are made at its first use, because after most resets one provider is used. */
function withSamplesOnUse(api: ApiImplementation): Omit<ProviderApi, 'name' | 'title' | 'base'> {
	let wanted = { samples: false, baseline: false };
	let baseline = new Map<string, string>();
	const prepare = () => {
		const { samples, baseline: isWanted } = wanted;
		wanted = { samples: false, baseline: false };
		if (samples) api.addSamples();
		if (isWanted) baseline = new Map(api.rows().map((row) => [row.target, rowSignature(row)]));
	};
	const afterSamples = Object.fromEntries(
		Object.entries(api as unknown as Record<string, (...values: unknown[]) => unknown>).map(
			([name, method]) => [name, (...values: unknown[]) => (prepare(), method(...values))],
		),
	) as unknown as ApiImplementation;
	return {
		...afterSamples,
		addRoutes: (scope) => api.addRoutes(scope),
		clear() {
			wanted = { samples: false, baseline: false };
			api.clear();
		},
		addSamples: () => void (wanted.samples = true),
		setBaseline: () => void (wanted.baseline = true),
		baseline: () => (prepare(), baseline),
		prepare,
	};
}
