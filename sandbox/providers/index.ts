import type { Vendor } from '../vendor';
import type { World } from '../world';
import { firstPromoter } from './firstPromoter';
import { funnelFox } from './funnelFox';

/** The vendors that the sandbox stands in for. A sixth is one more line here. */
export function vendors(world: World): Vendor[] {
	return [firstPromoter(world), funnelFox(world)];
}
