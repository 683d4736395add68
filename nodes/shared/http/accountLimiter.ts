import { abortableSleep, monotonicNow, neverAborted, now } from '../contract/clock';
import type { RateLimits } from '../contract/provider';
import { type LeakyBucket, addRequest, nextFreeAt, emptyBucket, type Rate } from './leakyBucket';
import { parseRateLimitHeaders } from './rateLimitHeaders';
/** How much longer the time between two requests becomes by a 429, as a share of it. */
const step = 0.05;

/** Those who wait for an account in this process, and what is known of its pace. */
export class AccountLimiter {
	/** In the order of arrival. */
	pending: PendingRequest[] = [];
	readonly inFlight = new Set<PendingRequest>();
	/** Between two requests, as a multiple of what the pace asks for; learned: a little more after each 429. */
	private slowdown = 1;
	pausedUntil = 0;
	/** When its pace last made somebody wait. */
	lastThrottledAt = -Infinity;
	/** In flight at most, learned: halved by a 429, grown by every other answer. */
	private concurrencyWindow = Infinity;
	/** How many other processes were found to share the account, and until when each count holds. */
	private peerCounts: Array<{ others: number; until: number }> = [];
	/** What the provider said that remains, and until when that holds. */
	private remaining = { requests: Infinity, until: 0 };
	/** Of all requests; it runs out at the fastest pace of who is in line and who went last. */
	private all = emptyBucket();
	private lastPace = 0;
	/** By requests per minute: a slow run is held to its own pace and holds up no faster one. */
	private readonly buckets = new Map<number, LeakyBucket>();
	private wakeAt = Infinity;

	/** A step slower: each of several processes is told of its own 429s and takes its part of the step. */
	slowDown(): void {
		this.slowdown = Math.min(2, this.slowdown * (1 + step / this.processes));
	}

	/** Nobody goes for `ms` milliseconds; then one after the other, with no burst saved up. */
	pause(ms: number, limits: RateLimits): void {
		this.lastThrottledAt = monotonicNow();
		this.pausedUntil = Math.max(this.pausedUntil, monotonicNow() + ms);
		const pace = this.rateOf(limits);
		// Not sooner than without the 429: its pause may be shorter than the pace of one of many processes.
		const at = Math.max(this.pausedUntil, nextFreeAt(this.all, pace));
		this.all = { level: pace.burst - 1, at };
		this.dispatch();
	}

	/** Lets in whoever may go, and sees to it that the next ones are let in when they may. */
	dispatch(): void {
		const now = monotonicNow();
		if (this.pausedUntil - now > maxWaitMs) return this.rejectPending(this.pausedUntil - now);
		const fastest = Math.max(this.lastPace, maxLimit(this.pending, 'requestsPerMinute'));
		const most = maxLimit([...this.pending, ...this.inFlight], 'concurrency');
		const room = Math.min(
			most,
			Math.max(1, Math.min(this.concurrencyWindow, this.remainingShare())),
		);
		let next = Infinity;
		this.pending = this.pending.filter((waiter) => {
			if (this.inFlight.size >= room) return true;
			const buckets = this.bucketsOf(waiter.limits, fastest);
			const due = Math.max(...buckets.map(([bucket, pace]) => nextFreeAt(bucket, pace)));
			if (due > now) {
				next = Math.min(next, due);
				return true;
			}
			for (const [bucket, pace] of buckets) addRequest(bucket, pace, now, waiter.since);
			this.lastPace = waiter.limits.requestsPerMinute;
			this.inFlight.add(waiter);
			waiter.resolve((status, headers) => this.release(waiter, status, headers));
			return false;
		});
		if (next === Infinity) return;
		this.lastThrottledAt = now;
		if (next < this.wakeAt) void this.wake(next, next - now);
	}

	/** Takes a turn back. */
	release(waiter: PendingRequest, status?: number, headers: Record<string, string> = {}): void {
		this.inFlight.delete(waiter);
		if (status === 429) {
			this.concurrencyWindow = Math.min(this.concurrencyWindow, waiter.limits.concurrency) / 2;
		} else if (status !== undefined) {
			this.concurrencyWindow += 1 / Math.max(1, this.concurrencyWindow);
			this.slowdown = Math.max(1, this.slowdown * 0.9999);
		}
		this.applyRateLimitHeaders(headers, waiter.limits);
		// A moment later, because whoever gives a 429 back then pauses the account.
		void Promise.resolve().then(() => this.dispatch());
	}

	/** What the provider says of its limit wins over what was learned, where enough remains for the pace. */
	private applyRateLimitHeaders(headers: Record<string, string>, limits: RateLimits): void {
		const said = parseRateLimitHeaders(headers, now());
		if (!said) return;
		if (said.requests === 0) return this.pause(said.ms, limits);
		this.remaining = { requests: said.requests, until: monotonicNow() + said.ms };
		if (said.requests >= (limits.requestsPerMinute / 60_000) * said.ms) this.slowdown = 1;
	}

	/** What remains for this process. */
	private remainingShare(): number {
		return monotonicNow() < this.remaining.until
			? this.remaining.requests / this.processes
			: Infinity;
	}

	/** So many other processes were found to share the account; that holds for `ms` milliseconds. */
	setPeers(others: number, ms: number): void {
		const before = this.processes;
		const now = monotonicNow();
		this.peerCounts = [
			...this.peerCounts.filter(({ until }) => until > now),
			{ others, until: now + ms },
		];
		// 429s taught how many there were. One step is left of it, because several meet by chance.
		if (this.processes !== before) this.slowdown = Math.min(this.slowdown, 1 + step);
		this.dispatch();
	}

	/** How many processes share the account, this one included: by the largest count that holds. */
	private get processes(): number {
		const holding = this.peerCounts.filter(({ until }) => until > monotonicNow());
		return 1 + Math.max(0, ...holding.map(({ others }) => others));
	}

	private rejectPending(ms: number): void {
		const comeBackAt = new Date(now() + ms).toISOString();
		for (const waiter of this.pending.splice(0)) waiter.resolve({ retryAt: comeBackAt });
	}

	private async wake(at: number, ms: number): Promise<void> {
		this.wakeAt = at;
		await abortableSleep(Math.ceil(ms), neverAborted);
		if (this.wakeAt === at) this.wakeAt = Infinity;
		this.dispatch();
	}

	/** What a request is counted in: the account as a whole, and its own pace. */
	private bucketsOf(limits: RateLimits, fastest: number): Array<[LeakyBucket, Rate]> {
		const mine = this.buckets.get(limits.requestsPerMinute) ?? emptyBucket();
		this.buckets.set(limits.requestsPerMinute, mine);
		return [
			[this.all, this.rateOf({ ...limits, requestsPerMinute: fastest })],
			[mine, this.rateOf(limits)],
		];
	}

	private rateOf({ requestsPerMinute, burst }: RateLimits): Rate {
		return {
			rate: requestsPerMinute / 60_000 / this.slowdown / this.processes,
			burst: Math.max(1, Math.min(burst / this.processes, this.remainingShare())),
		};
	}
}

/** The provider has closed the account for longer than `longestWait`: when to come back, UTC ISO 8601. */
export interface LimitedUntil {
	retryAt: string;
}

/** Gives a turn back, with the answer's status and headers where there was one; must be called. */
export type Release = (status?: number, headers?: Record<string, string>) => void;

/** Milliseconds that anybody waits at most because the provider said so. */
export const maxWaitMs = 120_000;

/** Somebody who wants to send one request. */
export class PendingRequest {
	readonly since = monotonicNow();
	/** What came of it: the turn, or none. */
	grant?: Release | LimitedUntil;
	private settle: (its: Release | LimitedUntil) => void = () => {};
	readonly settled = new Promise<Release | LimitedUntil>((resolve) => (this.settle = resolve));

	constructor(readonly limits: Required<RateLimits>) {}

	resolve(its: Release | LimitedUntil): void {
		this.grant = its;
		this.settle(its);
	}
}

/** Of those of one limit. */
export const maxLimit = (waiters: PendingRequest[], name: keyof RateLimits): number =>
	waiters.reduce((most, { limits }) => Math.max(most, limits[name] ?? 0), 0);
