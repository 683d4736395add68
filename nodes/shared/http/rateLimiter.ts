import { abortable, monotonicNow } from '../contract/clock';
import type { RateLimits } from '../contract/provider';
import { AccountLimiter, type LimitedUntil, type Release, PendingRequest } from './accountLimiter';
export { type LimitedUntil, type Release, maxWaitMs } from './accountLimiter';

/** By account. Module level on purpose: all executions of this process that use one share its pace. */
const limiters = new Map<string, AccountLimiter>();

function limiterFor(key: string): AccountLimiter {
	const line = limiters.get(key) ?? new AccountLimiter();
	limiters.set(key, line);
	return line;
}

/**
 * Waits until the account may send one more request. First come, first served: nobody is overtaken,
 * but a run that its own slower pace holds back. A run keeps to its Max Concurrency by its lanes; the
 * account takes the largest that anybody in line or in flight allows, so that a run with a small one
 * neither waits until the others are gone nor makes them wait.
 * @returns gives the turn back; where the provider has closed the account for longer than
 * `maxWaitMs`: when to come back, at once and to all that wait
 * @throws the signal's reason; no slot is held then
 */
export async function acquire(
	key: string,
	limits: Required<RateLimits>,
	signal: AbortSignal,
): Promise<Release | LimitedUntil> {
	const line = limiterFor(key);
	const waiter = new PendingRequest(limits);
	line.pending.push(waiter);
	line.dispatch();
	try {
		return await abortable(waiter.settled, signal);
	} catch (reason) {
		line.pending = line.pending.filter((other) => other !== waiter);
		line.release(waiter);
		return await Promise.reject(reason);
	}
}

/**
 * Nobody sends on this account for `ms` milliseconds; then it goes on steadily, with no burst saved
 * up and a little slower.
 */
export function pauseAccount(key: string, ms: number, limits: RateLimits): void {
	const line = limiterFor(key);
	// One step for all that were in flight together.
	if (line.pausedUntil <= monotonicNow()) line.slowDown();
	line.pause(ms, limits);
}

/**
 * Pace and burst of the account are divided by the processes that share it.
 * @param others how many besides this one
 * @param ms how long that holds; of several counts that hold the largest counts
 */
export function setPeerCount(key: string, others: number, ms: number): void {
	limiterFor(key).setPeers(others, ms);
}

/** Has the account's pace made anybody here wait in the last `ms` milliseconds? */
export const isThrottled = (key: string, ms: number): boolean =>
	monotonicNow() - limiterFor(key).lastThrottledAt < ms;
