import { createRequire } from 'node:module';
import { providerNames } from '../providerNames';
import type { Provider, Vendor } from '../vendor';
import type { World } from '../world';

const load = createRequire(__filename);

/** The providers that the sandbox stands in for, each from its folder. A sixth is one more folder. */
export const providers: ReadonlyArray<Provider & { name: string }> = providerNames.map((name) => ({
	...(load(`./${name}`) as { provider: Provider }).provider,
	name,
}));

/** The providers' APIs in this world. */
export function vendors(world: World): Vendor[] {
	return providers.map(({ name, title, base, settable = {}, vendor }) => {
		world.settings.declare(name, settable);
		return { name, title, base, ...vendor(world) };
	});
}
