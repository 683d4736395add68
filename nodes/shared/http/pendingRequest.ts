import { monotonicNow } from '../contract/clock';
import type { RateLimits } from '../contract/provider';

/** Gives a slot back, with the response where there was one; must be called once. */
export type Release = (response?: { status: number; headers: Record<string, string> }) => void;

/** What a request gets from the limiter. */
export type Admission =
	| { kind: 'slot'; release: Release }
	/** The provider limits the account for longer than `maxWaitMs`: when to come back, UTC ISO 8601. */
	| { kind: 'limited'; retryAt: string };

/** A request that waits until its account may send it. */
export class PendingRequest {
	readonly since = monotonicNow();
	private resolve: (admission: Admission) => void = () => {};
	readonly settled = new Promise<Admission>((resolve) => (this.resolve = resolve));

	constructor(readonly limits: Required<RateLimits>) {}

	settle(admission: Admission): void {
		this.resolve(admission);
	}
}

/** The largest value of one limit; 0 where there is no request. */
export const maxLimit = (requests: PendingRequest[], name: keyof RateLimits): number =>
	requests.reduce((most, { limits }) => Math.max(most, limits[name] ?? 0), 0);
