import type { Vendor } from '../vendor';
import type { World } from '../world';
import { azotte } from './azotte';
import { firstPromoter } from './firstPromoter';
import { funnelFox } from './funnelFox';
import { reditus } from './reditus';
import { smokeball } from './smokeball';

/** The vendors that the sandbox stands in for. A sixth is one more line here. */
export function vendors(world: World): Vendor[] {
	return [firstPromoter, reditus, smokeball, funnelFox, azotte].map((vendor) => vendor(world));
}
