import { sleep } from 'n8n-workflow';

import type { Limits } from '../contract/provider';
import { type Bucket, clock, count, dueAt, empty, type Pace } from './bucket';
import { remainingBy } from './retryAfter';
import { largest, longestWait, type Waiter } from './waiter';

/** How much longer the time between two requests becomes by a 429, as a share of it. */
const step = 0.05;

/** Those who wait for an account in this process, and what is known of its pace. */
export class Line {
	/** In the order of arrival. */
	waiting: Waiter[] = [];
	readonly inFlight = new Set<Waiter>();
	/** Between two requests, as a multiple of what the pace asks for; learned: a little more after each 429. */
	private stretch = 1;
	closedUntil = 0;
	/** When its pace last made somebody wait. */
	pressedAt = -Infinity;
	/** In flight at most, learned: halved by a 429, grown by every other answer. */
	private window = Infinity;
	/** How many other processes were found to share the account, and until when each count holds. */
	private counts: Array<{ others: number; until: number }> = [];
	/** What the provider said that remains, and until when that holds. */
	private remaining = { requests: Infinity, until: 0 };
	/** Of all requests; it runs out at the fastest pace of who is in line and who went last. */
	private all = empty();
	private lastPace = 0;
	/** By requests per minute: a slow run is held to its own pace and holds up no faster one. */
	private readonly paces = new Map<number, Bucket>();
	private wakeAt = Infinity;

	/** A step slower: each of several processes is told of its own 429s and takes its part of the step. */
	slowDown(): void {
		this.stretch = Math.min(2, this.stretch * (1 + step / this.processes));
	}

	/** Nobody goes for `ms` milliseconds; then one after the other, with no burst saved up. */
	close(ms: number, limits: Limits): void {
		this.pressedAt = clock();
		this.closedUntil = Math.max(this.closedUntil, clock() + ms);
		const pace = this.paceOf(limits);
		// Not sooner than without the 429: its pause may be shorter than the pace of one of many processes.
		const at = Math.max(this.closedUntil, dueAt(this.all, pace));
		this.all = { level: pace.burst - 1, at };
		this.serve();
	}

	/** Lets in whoever may go, and sees to it that the next ones are let in when they may. */
	serve(): void {
		const now = clock();
		if (this.closedUntil - now > longestWait) return this.sendAway(this.closedUntil - now);
		const fastest = Math.max(this.lastPace, largest(this.waiting, 'requestsPerMinute'));
		const most = largest([...this.waiting, ...this.inFlight], 'concurrency');
		const room = Math.min(most, Math.max(1, Math.min(this.window, this.mine())));
		let next = Infinity;
		this.waiting = this.waiting.filter((waiter) => {
			if (this.inFlight.size >= room) return true;
			const buckets = this.bucketsOf(waiter.limits, fastest);
			const due = Math.max(...buckets.map(([bucket, pace]) => dueAt(bucket, pace)));
			if (due > now) {
				next = Math.min(next, due);
				return true;
			}
			for (const [bucket, pace] of buckets) count(bucket, pace, now, waiter.since);
			this.lastPace = waiter.limits.requestsPerMinute;
			this.inFlight.add(waiter);
			waiter.get((status, headers) => this.takeBack(waiter, status, headers));
			return false;
		});
		if (next === Infinity) return;
		this.pressedAt = now;
		if (next < this.wakeAt) void this.wake(next, next - now);
	}

	/** Takes a turn back. */
	takeBack(waiter: Waiter, status?: number, headers: Record<string, string> = {}): void {
		this.inFlight.delete(waiter);
		if (status === 429) {
			this.window = Math.min(this.window, waiter.limits.concurrency) / 2;
		} else if (status !== undefined) {
			this.window += 1 / Math.max(1, this.window);
			this.stretch = Math.max(1, this.stretch * 0.9999);
		}
		this.hear(headers, waiter.limits);
		// A moment later, because whoever gives a 429 back then pauses the account.
		void Promise.resolve().then(() => this.serve());
	}

	/** What the provider says of its limit wins over what was learned, where enough remains for the pace. */
	private hear(headers: Record<string, string>, limits: Limits): void {
		const said = remainingBy(headers, Date.now());
		if (!said) return;
		if (said.requests === 0) return this.close(said.ms, limits);
		this.remaining = { requests: said.requests, until: clock() + said.ms };
		if (said.requests >= (limits.requestsPerMinute / 60_000) * said.ms) this.stretch = 1;
	}

	/** What remains for this process. */
	private mine(): number {
		return clock() < this.remaining.until ? this.remaining.requests / this.processes : Infinity;
	}

	/** So many other processes were found to share the account; that holds for `ms` milliseconds. */
	shared(others: number, ms: number): void {
		const before = this.processes;
		const now = clock();
		this.counts = [...this.counts.filter(({ until }) => until > now), { others, until: now + ms }];
		// 429s taught how many there were. One step is left of it, because several meet by chance.
		if (this.processes !== before) this.stretch = Math.min(this.stretch, 1 + step);
		this.serve();
	}

	/** How many processes share the account, this one included: by the largest count that holds. */
	private get processes(): number {
		const holding = this.counts.filter(({ until }) => until > clock());
		return 1 + Math.max(0, ...holding.map(({ others }) => others));
	}

	private sendAway(ms: number): void {
		const comeBackAt = new Date(Date.now() + ms).toISOString();
		for (const waiter of this.waiting.splice(0)) waiter.get({ comeBackAt });
	}

	private async wake(at: number, ms: number): Promise<void> {
		this.wakeAt = at;
		await sleep(Math.ceil(ms));
		if (this.wakeAt === at) this.wakeAt = Infinity;
		this.serve();
	}

	/** What a request is counted in: the account as a whole, and its own pace. */
	private bucketsOf(limits: Limits, fastest: number): Array<[Bucket, Pace]> {
		const mine = this.paces.get(limits.requestsPerMinute) ?? empty();
		this.paces.set(limits.requestsPerMinute, mine);
		return [
			[this.all, this.paceOf({ ...limits, requestsPerMinute: fastest })],
			[mine, this.paceOf(limits)],
		];
	}

	private paceOf({ requestsPerMinute, burst }: Limits): Pace {
		return {
			rate: requestsPerMinute / 60_000 / this.stretch / this.processes,
			burst: Math.max(1, Math.min(burst / this.processes, this.mine())),
		};
	}
}
