import { abortableSleep, monotonicNow, neverAborted, now } from '../contract/clock';
import type { RateLimits } from '../contract/provider';
import { ConcurrencyWindow } from './concurrencyWindow';
import { addRequest, emptyBucket, nextFreeAt, type LeakyBucket, type Rate } from './leakyBucket';
import { Peers } from './peers';
import { maxLimit, type PendingRequest, type Release } from './pendingRequest';
import { Quota } from './quota';
import { parseRateLimitHeaders } from './rateLimitHeaders';
import { Slowdown } from './slowdown';

/** Milliseconds that a request waits at most because the provider says so. */
export const maxWaitMs = 120_000;

/** How long to pause, ms, and whether the provider said so or the engine guessed. */
export interface Pause {
	ms: number;
	source: 'provider' | 'guess';
}

/**
 * The requests of this process that wait for one account, and what is known of its limits. A request
 * starts, in the order of arrival, as soon as all of these allow it:
 * - two leaky buckets: the account's, and that of the request's own rate, each divided by the number of
 *   processes on the account (`peers`);
 * - as many at once as the option says, and as the last responses allow (`window`);
 * - what the provider's headers leave (`quota`), and no pause.
 *
 * A 429 pauses the account for as long as it says, empties the burst, lengthens the interval
 * (`slowdown`) and halves the window; good responses undo the last two. Where the pause is longer than
 * `maxWaitMs`, the waiting requests end as `rateLimited`.
 */
export class AccountLimiter {
	/** In the order of arrival. */
	private pending: PendingRequest[] = [];
	private readonly inFlight = new Set<PendingRequest>();
	private readonly slowdown = new Slowdown();
	private readonly window = new ConcurrencyWindow();
	private readonly quota = new Quota();
	private readonly peers = new Peers();
	/** All requests; it leaks at the fastest rate of those that wait and of the last one sent. */
	private readonly total = emptyBucket();
	private lastRate = 0;
	/** By requests per minute: a slow run is held to its own rate and delays no faster one. */
	private readonly byRate = new Map<number, LeakyBucket>();
	private wakeAt = Infinity;
	/** When the next request would have been free to start without the pause; undefined: no pause. */
	private freeWithoutPause?: number;
	/** When the account's limits last delayed a request, monotonic ms. */
	private throttledAt = -Infinity;

	get lastThrottledAt(): number {
		return this.throttledAt;
	}

	add(request: PendingRequest): void {
		this.pending.push(request);
		this.dispatch();
	}

	/** Forgets a request whose caller no longer waits; a slot that it was given is free again. */
	remove(request: PendingRequest): void {
		this.pending = this.pending.filter((other) => other !== request);
		this.release(request);
	}

	/** After a 429: no request starts during the pause; then one after the other, with no burst saved up. */
	throttle({ ms, source }: Pause, limits: RateLimits): void {
		const at = monotonicNow();
		// One step for all requests that were in flight together.
		if (this.quota.pausedUntil <= at) this.slowdown.increase(this.peers.processes(at));
		if (source === 'provider') this.quota.retryAfter(ms, at);
		else this.quota.backOff(ms, at);
		this.applyPause(limits);
	}

	/** Applies how many other processes share the account; that holds for `ms` milliseconds. */
	setPeers(others: number, ms: number): void {
		const at = monotonicNow();
		const before = this.peers.processes(at);
		this.peers.add(others, ms, at);
		if (this.peers.processes(at) !== before) this.slowdown.reduceToOneStep();
		this.dispatch();
	}

	/** Starts every request that may start now and schedules a wake-up for the next one. */
	private dispatch(): void {
		const at = monotonicNow();
		const pause = this.quota.pausedUntil - at;
		if (pause > maxWaitMs) return this.rejectPending(pause);
		const fastest = Math.max(this.lastRate, maxLimit(this.pending, 'requestsPerMinute'));
		const room = this.maxInFlight(at);
		// Once per limits and not per request: hundreds of requests may wait, most of them with the same ones.
		const bucketsByLimits = new Map<string, Array<[LeakyBucket, Rate]>>();
		let next = Infinity;
		this.pending = this.pending.filter((request) => {
			if (this.inFlight.size >= room) return true;
			const { requestsPerMinute, burst } = request.limits;
			const limits = `${requestsPerMinute}/${burst}`;
			const buckets = bucketsByLimits.get(limits) ?? this.bucketsOf(request.limits, fastest);
			bucketsByLimits.set(limits, buckets);
			const due = Math.max(
				this.quota.pausedUntil,
				...buckets.map(([bucket, rate]) => nextFreeAt(bucket, rate)),
			);
			if (due > at) {
				next = Math.min(next, due);
				return true;
			}
			for (const [bucket, rate] of buckets) addRequest(bucket, rate, at, request.since);
			this.start(request);
			return false;
		});
		if (next === Infinity) return;
		this.throttledAt = at;
		if (next < this.wakeAt) void this.wake(next, next - at);
	}

	private start(request: PendingRequest): void {
		this.lastRate = request.limits.requestsPerMinute;
		this.freeWithoutPause = undefined;
		this.inFlight.add(request);
		request.settle({ kind: 'slot', release: (response) => this.release(request, response) });
	}

	private release(request: PendingRequest, response?: Parameters<Release>[0]): void {
		this.inFlight.delete(request);
		if (response) this.learnFrom(response, request.limits);
		// Dispatch on the next tick: the caller that got a 429 pauses the account first.
		void Promise.resolve().then(() => this.dispatch());
	}

	private learnFrom(
		{ status, headers }: NonNullable<Parameters<Release>[0]>,
		limits: Required<RateLimits>,
	): void {
		if (status === 429) {
			this.window.decrease(limits.concurrency);
		} else {
			this.window.increase();
			this.slowdown.recover();
		}
		const stated = parseRateLimitHeaders(headers, now());
		if (!stated) return;
		this.quota.update(stated, monotonicNow());
		if (stated.requests === 0 || this.freeWithoutPause !== undefined) this.applyPause(limits);
		const needed = (limits.requestsPerMinute / 60_000) * stated.ms;
		if (stated.requests > 0 && stated.requests >= needed) this.slowdown.reset();
	}

	/** Fills the bucket up to the end of the pause: no burst is saved up meanwhile. */
	private applyPause(limits: RateLimits): void {
		this.throttledAt = monotonicNow();
		const rate = this.rateOf(limits);
		this.freeWithoutPause ??= nextFreeAt(this.total, rate);
		this.total.level = rate.burst - 1;
		// Not sooner than without the pause: it may be shorter than the interval of one of many processes.
		this.total.at = Math.max(this.quota.pausedUntil, this.freeWithoutPause);
		this.dispatch();
	}

	private maxInFlight(at: number): number {
		const configured = maxLimit([...this.pending, ...this.inFlight], 'concurrency');
		return Math.min(configured, Math.max(1, Math.min(this.window.size, this.remainingShare(at))));
	}

	/** What remains of the provider's limit for this process. */
	private remainingShare(at: number): number {
		return this.quota.remaining(at) / this.peers.processes(at);
	}

	private rejectPending(ms: number): void {
		const retryAt = new Date(now() + ms).toISOString();
		for (const request of this.pending.splice(0)) request.settle({ kind: 'limited', retryAt });
	}

	private async wake(at: number, ms: number): Promise<void> {
		this.wakeAt = at;
		await abortableSleep(Math.ceil(ms), neverAborted);
		if (this.wakeAt === at) this.wakeAt = Infinity;
		this.dispatch();
	}

	/** The buckets that count a request: that of the account, and that of its own rate. */
	private bucketsOf(limits: RateLimits, fastest: number): Array<[LeakyBucket, Rate]> {
		const own = this.byRate.get(limits.requestsPerMinute) ?? emptyBucket();
		this.byRate.set(limits.requestsPerMinute, own);
		return [
			[this.total, this.rateOf({ ...limits, requestsPerMinute: fastest })],
			[own, this.rateOf(limits)],
		];
	}

	private rateOf({ requestsPerMinute, burst }: RateLimits): Rate {
		const at = monotonicNow();
		const processes = this.peers.processes(at);
		return {
			rate: requestsPerMinute / 60_000 / this.slowdown.factor / processes,
			burst: Math.max(1, Math.min(burst / processes, this.remainingShare(at))),
		};
	}
}
