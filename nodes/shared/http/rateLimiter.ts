import { abortable, monotonicNow } from '../contract/clock';
import type { RateLimits } from '../contract/provider';
import { AccountLimiter, type Pause } from './accountLimiter';
import { PendingRequest, type Admission } from './pendingRequest';
export { maxWaitMs } from './accountLimiter';

/** By account. Module level on purpose: all executions of this process that use an account share its limits. */
const limiters = new Map<string, AccountLimiter>();

function limiterFor(key: string): AccountLimiter {
	const limiter = limiters.get(key) ?? new AccountLimiter();
	limiters.set(key, limiter);
	return limiter;
}

/**
 * Waits until the account may send one more request. First come, first served; a request that waits
 * because of its own run's slower rate lets others pass. A run limits its own concurrency by its lanes;
 * the account allows the largest concurrency of all requests that wait or are in flight, so that a run
 * with a small one neither waits until the others are done nor delays them.
 * @returns a slot, which must be released; or, at once and for every request that waits, that the
 * provider limits the account for longer than `maxWaitMs`
 * @throws the signal's reason; no slot is held then
 */
export async function acquire(
	key: string,
	limits: Required<RateLimits>,
	signal: AbortSignal,
): Promise<Admission> {
	const limiter = limiterFor(key);
	const request = new PendingRequest(limits);
	limiter.add(request);
	try {
		return await abortable(request.settled, signal);
	} catch (reason) {
		limiter.remove(request);
		return await Promise.reject(reason);
	}
}

/** After a 429: pauses the account, and makes it a little slower afterwards. */
export function pauseAccount(key: string, pause: Pause, limits: RateLimits): void {
	limiterFor(key).throttle(pause, limits);
}

/**
 * Divides rate and burst of the account by the processes that share it.
 * @param others processes besides this one
 * @param ms how long that holds; of several counts that hold the largest one counts
 */
export function setPeerCount(key: string, others: number, ms: number): void {
	limiterFor(key).setPeers(others, ms);
}

/** Whether the account's limits delayed a request of this process in the last `ms` milliseconds. */
export const isThrottled = (key: string, ms: number): boolean =>
	monotonicNow() - limiterFor(key).lastThrottledAt < ms;
