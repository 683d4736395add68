import { abortableSleep } from '../../nodes/shared/contract/clock';
import type { RateLimits } from '../../nodes/shared/contract/provider';
import { addRequest, nextFreeAt, emptyBucket } from '../../nodes/shared/http/leakyBucket';
import {
	acquire,
	isThrottled,
	maxWaitMs,
	pauseAccount,
	setPeerCount,
} from '../../nodes/shared/http/rateLimiter';

const forever = new AbortController().signal;
const limits = { requestsPerMinute: 60_000, burst: 1, concurrency: 50 };
let accounts = 0;

/** Releases a slot with a response of this status, or with none. */
type ReleaseWith = (status?: number, headers?: Record<string, string>) => void;

/** A slot of an account that is not limited. */
async function slot(...its: Parameters<typeof acquire>): Promise<ReleaseWith> {
	const admission = await acquire(...its);
	if (admission.kind === 'limited') {
		throw new Error(`The account is limited until ${admission.retryAt}.`);
	}
	return (status, headers = {}) =>
		admission.release(status === undefined ? undefined : { status, headers });
}

/** A pause that the provider asks for. */
const pauseFor = (key: string, ms: number, its: RateLimits) =>
	pauseAccount(key, { ms, source: 'provider' }, its);

// The clock stands still but for what a test waits for: these times are exact on any machine.
beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());
/** What comes of `work`, for which the clock goes on as far as it must. */
const passing = async <T>(work: Promise<T>): Promise<T> =>
	(await Promise.all([work, jest.runAllTimersAsync()]))[0];
const account = () => `account ${accounts++}`;

/** Takes and gives back `count` turns as fast as it may; answers after how many ms each began. */
async function take(key: string, count: number, its: typeof limits) {
	const started = Date.now();
	const began: number[] = [];
	await Promise.all(
		Array.from({ length: count }, async () => {
			const release = await slot(key, its, forever);
			began.push(Date.now() - started);
			release(200);
		}),
	);
	return began.sort((one, other) => one - other);
}

test('after a quiet time a burst goes out at once, then one per interval', async () => {
	const began = await passing(take(account(), 9, { ...limits, requestsPerMinute: 240, burst: 5 }));
	expect(began).toEqual([0, 0, 0, 0, 0, 250, 500, 750, 1000]);
});

test('all executions on one account share its rate; another account has its own', async () => {
	const slow = { ...limits, requestsPerMinute: 240 };
	const [one, other] = [account(), account()];
	const [first, second, apart] = await passing(
		Promise.all([take(one, 2, slow), take(one, 2, slow), take(other, 2, slow)]),
	);
	expect([...first, ...second].sort((before, after) => before - after)).toEqual([0, 250, 500, 750]);
	expect(apart).toEqual([0, 250]);
});

test('no more are in flight than Max Concurrency allows, first come first served', async () => {
	const key = account();
	const order: number[] = [];
	let inFlight = 0;
	let most = 0;
	await passing(
		Promise.all(
			Array.from({ length: 12 }, async (_, index) => {
				const release = await slot(key, { ...limits, concurrency: 3 }, forever);
				order.push(index);
				most = Math.max(most, ++inFlight);
				await abortableSleep(5, forever);
				inFlight--;
				release(200);
			}),
		),
	);
	expect(most).toBe(3);
	expect(order).toEqual(Array.from({ length: 12 }, (_, index) => index));
});

/** As many requests after one another as `count` says, in as many lanes as its concurrency; 20 ms each. */
async function run(key: string, count: number, its: typeof limits) {
	const began: number[] = [];
	const lane = async () => {
		while (count-- > 0) {
			const release = await slot(key, its, forever);
			began.push(performance.now());
			await abortableSleep(20, forever);
			release(200);
		}
	};
	await Promise.all(Array.from({ length: its.concurrency }, lane));
	return began;
}

test('a run of one lane gets its slots beside a busy run of five lanes, and costs it no more than these', async () => {
	const key = account();
	const [busy, single] = await passing(
		Promise.all([
			run(key, 400, { ...limits, concurrency: 5 }),
			run(key, 20, { ...limits, concurrency: 1 }),
		]),
	);
	expect(single).toHaveLength(20);
	expect(Math.max(...single)).toBeLessThan(Math.max(...busy) / 2);
	// 420 requests of 20 ms in five lanes.
	expect(Math.max(...busy) - Math.min(...busy)).toBeLessThanOrEqual(84 * 21);
});

test('a run at one request a minute delays none at 600 a minute, and keeps to its own rate', async () => {
	const key = account();
	const slow = { ...limits, requestsPerMinute: 1 };
	const fast = { ...limits, requestsPerMinute: 600 };
	const [seldom, often] = await passing(Promise.all([take(key, 3, slow), take(key, 50, fast)]));
	expect(seldom).toEqual([0, 60_000, 120_000]);
	expect(often[49]).toBe(5000);
});

test('two runs of different rates together keep to the faster one', async () => {
	const key = account();
	const began = await passing(
		Promise.all([
			take(key, 20, { ...limits, requestsPerMinute: 600 }),
			take(key, 20, { ...limits, requestsPerMinute: 599 }),
		]),
	);
	const all = began.flat().sort((one, other) => one - other);
	for (const [index, at] of all.slice(1).entries()) {
		expect(at - all[index]).toBeGreaterThanOrEqual(99);
	}
});

test.each([-3_600_000, 3_600_000])(
	'a wall clock that jumps by %i ms neither stalls an account nor makes it faster',
	async (ms) => {
		const key = account();
		const slow = { ...limits, requestsPerMinute: 240 };
		await passing(take(key, 2, slow));
		jest.setSystemTime(Date.now() + ms);
		const started = performance.now();
		const again = await passing(run(key, 3, { ...slow, concurrency: 1 }));
		expect(again.map((at) => at - started)).toEqual([250, 500, 750]);
		pauseFor(key, 1000, slow);
		jest.setSystemTime(Date.now() + ms);
		const [after] = await passing(run(key, 1, { ...slow, concurrency: 1 }));
		expect(after - started).toBe(1770);
	},
);

test('timers of whole milliseconds do not lower a rate that is finer', async () => {
	const began = await passing(take(account(), 191, { ...limits, requestsPerMinute: 1140 }));
	// 190 × 52.63 ms
	expect(began[190]).toBeGreaterThanOrEqual(10_000);
	expect(began[190]).toBeLessThanOrEqual(10_001);
});

test('after a standstill one interval is caught up for waiting requests, not all of them', () => {
	const bucket = emptyBucket();
	const rate = { rate: 1 / 100, burst: 1 };
	addRequest(bucket, rate, 0, 0);
	addRequest(bucket, rate, 1000, 50);
	expect(nextFreeAt(bucket, rate)).toBe(1000);
	addRequest(bucket, rate, 1000, 50);
	expect(nextFreeAt(bucket, rate)).toBe(1100);
	addRequest(bucket, rate, 2000, 2000);
	expect(nextFreeAt(bucket, rate)).toBe(2100);
});

/** Twenty pauses, one after the other: as much as 429s can teach. */
async function taught(key: string, its: typeof limits): Promise<void> {
	for (let count = 0; count < 20; count++) {
		pauseFor(key, 1, its);
		await passing(abortableSleep(3, forever));
	}
}

test('a 429 halves the concurrency window, and responses widen it one by one', async () => {
	const key = account();
	const eight = { ...limits, burst: 50, concurrency: 8 };
	const answered = async (status: number) => (await slot(key, eight, forever))(status);
	/** So many get a turn before one is released. */
	const inFlight = async () => {
		const given: ReleaseWith[] = [];
		const all = Array.from({ length: 10 }, async () => given.push(await slot(key, eight, forever)));
		await jest.advanceTimersByTimeAsync(100);
		const count = given.length;
		while (given.length > 0) {
			given.shift()?.();
			await jest.advanceTimersByTimeAsync(1);
		}
		await Promise.all(all);
		return count;
	};
	expect(await inFlight()).toBe(8);
	await answered(429);
	expect(await inFlight()).toBe(4);
	await answered(200);
	expect(await inFlight()).toBe(5);
	for (let more = 0; more < 4; more++) await answered(200);
	expect(await inFlight()).toBe(6);
});

describe('several processes on one account', () => {
	const its = { ...limits, requestsPerMinute: 600, burst: 8 };
	const minute = 60_000;

	test('each process takes its part of the rate and of the burst', async () => {
		const key = account();
		setPeerCount(key, 3, minute);
		expect(await passing(take(key, 5, its))).toEqual([0, 0, 400, 800, 1200]);
	});

	test('a request that waits already starts at the new rate at once', async () => {
		const key = account();
		setPeerCount(key, 7, 1600);
		const waiting = take(key, 11, its);
		await jest.advanceTimersByTimeAsync(1600);
		setPeerCount(key, 0, minute);
		const began = await passing(waiting);
		expect(began.slice(0, 3)).toEqual([0, 800, 1600]);
		expect(began[10]).toBeLessThanOrEqual(1800);
	});

	test('the largest peer count applies for as long as it holds, then the next one', async () => {
		const key = account();
		setPeerCount(key, 3, 1000);
		setPeerCount(key, 1, 2000);
		const began = await passing(take(key, 13, { ...its, burst: 1 }));
		// Who waited at the old pace when one grew old is made up for.
		expect(began.slice(0, 3)).toEqual([0, 400, 800]);
		expect(began.slice(3, 8)).toEqual([1200, 1200, 1400, 1600, 1800]);
		expect(began.slice(8)).toEqual([2000, 2000, 2100, 2200, 2300]);
	});

	test('one step of the learned slowdown is left when other processes become known', async () => {
		const one = { ...its, burst: 1 };
		const [never, often] = [account(), account()];
		await taught(often, one);
		for (const key of [never, often]) setPeerCount(key, 1, minute);
		expect(await passing(take(never, 2, one))).toEqual([0, 200]);
		expect(await passing(take(often, 2, one))).toEqual([0, 210]);
	});

	test('each process slows down by its part of the step after a 429', async () => {
		const key = account();
		const one = { ...its, burst: 1 };
		setPeerCount(key, 1, minute);
		pauseFor(key, 1, one);
		await passing(abortableSleep(3, forever));
		expect(await passing(take(key, 2, one))).toEqual([0, 205]);
	});

	test('an account is throttled while its rate delays a request, and no longer', async () => {
		const key = account();
		await passing(run(key, 8, { ...its, concurrency: 8 }));
		expect(isThrottled(key, 1000)).toBe(false);
		await passing(take(key, 10, its));
		expect(isThrottled(key, 1000)).toBe(true);
		await passing(abortableSleep(1001, forever));
		expect(isThrottled(key, 1000)).toBe(false);
		pauseFor(key, 1, its);
		expect(isThrottled(key, 1000)).toBe(true);
	});
});

describe('an account that the provider limits for longer than the maximum wait', () => {
	const hour = 3_600_000;

	test('rejects new and waiting requests, and accepts requests again when the rest is within the maximum wait', async () => {
		const key = account();
		const slow = { ...limits, requestsPerMinute: 60 };
		const at = new Date(Date.now() + hour).toISOString();
		const three = [1, 2, 3].map(async () => await acquire(key, slow, forever));
		await three[0];
		pauseFor(key, hour, slow);
		expect(await Promise.all(three.slice(1))).toEqual([
			{ kind: 'limited', retryAt: at },
			{ kind: 'limited', retryAt: at },
		]);
		expect(await acquire(key, slow, forever)).toEqual({ kind: 'limited', retryAt: at });
		await jest.advanceTimersByTimeAsync(hour - maxWaitMs - 1);
		expect(await acquire(key, slow, forever)).toEqual({ kind: 'limited', retryAt: at });
		await jest.advanceTimersByTimeAsync(1);
		expect(await passing(take(key, 1, slow))).toEqual([maxWaitMs]);
	});

	test('leaves other accounts alone', async () => {
		pauseFor(account(), hour, limits);
		expect(await passing(take(account(), 1, limits))).toEqual([0]);
	});

	test('is limited by the headers of a response that was the last one', async () => {
		const key = account();
		const release = await slot(key, limits, forever);
		const reset = String(Math.floor(Date.now() / 1000) + 3600);
		release(200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset });
		expect(await acquire(key, limits, forever)).toEqual({
			kind: 'limited',
			retryAt: new Date(Number(reset) * 1000).toISOString(),
		});
	});
});

describe('a pause that the provider shortens', () => {
	const headers = (remaining: number, reset: number) => ({
		'x-ratelimit-remaining': String(remaining),
		'x-ratelimit-reset': String(reset),
	});
	const its = { ...limits, burst: 5 };
	const month = 30 * 86_400;

	test.each([
		['milliseconds since 1970', () => headers(0, Date.now() + 2000), 2000],
		['a time that no limit lasts to', () => headers(0, Date.now() / 1000 + 366 * 86_400), 0],
	])('lasts as long as is meant by a reset given as %s', async (_, of, ms) => {
		const key = account();
		(await slot(key, its, forever))(200, of());
		expect(await passing(take(key, 1, its))).toEqual([ms]);
	});

	test.each([
		['nothing that remains, and an earlier reset', () => headers(0, 2)],
		['some that remain until an earlier reset', () => headers(5, 2)],
	])('ends at the earlier time: %s', async (_, of) => {
		const key = account();
		const [first, second] = [await slot(key, its, forever), await slot(key, its, forever)];
		first(200, headers(0, month));
		second(200, of());
		expect(await passing(take(key, 1, its))).toEqual([2000]);
	});

	test('ends at the later Retry-After, and not at a guess', async () => {
		const key = account();
		pauseFor(key, month * 1000, its);
		pauseAccount(key, { ms: 500, source: 'guess' }, its);
		expect(await acquire(key, its, forever)).toMatchObject({ kind: 'limited' });
		pauseFor(key, 2000, its);
		expect(await passing(take(key, 1, its))).toEqual([2000]);
	});
});

describe('rate-limit headers', () => {
	const remaining = (requests: number, seconds = 10) => ({
		'x-ratelimit-remaining': String(requests),
		'x-ratelimit-reset': String(seconds),
	});
	const its = { ...limits, requestsPerMinute: 600, burst: 20 };

	/** How many of twenty go at once, after an answer with these headers. */
	async function atOnce(headers: Record<string, string>, key = account()) {
		(await slot(key, its, forever))(200, headers);
		await passing(abortableSleep(5000, forever));
		return (await passing(take(key, 20, its))).filter((at) => at === 0).length;
	}

	test('no more requests start at once than remain, until the limit is filled again', async () => {
		expect(await atOnce(remaining(3))).toBe(3);
		expect(await atOnce(remaining(3, 5))).toBe(20);
		expect(await atOnce({ 'ratelimit-remaining': '3', 'ratelimit-reset': '10' })).toBe(3);
		expect(await atOnce({})).toBe(20);
	});

	test('what remains takes no burst, and after a pause for nothing that remains there is none', async () => {
		const [some, none] = [account(), account()];
		(await slot(some, its, forever))(200, remaining(5));
		expect(await passing(take(some, 4, its))).toEqual([0, 0, 0, 0]);
		(await slot(none, its, forever))(200, remaining(0, 5));
		expect(await passing(take(none, 3, its))).toEqual([5000, 5100, 5200]);
	});

	test('processes that share the account divide what remains', async () => {
		const key = account();
		setPeerCount(key, 1, 60_000);
		expect(await atOnce(remaining(6), key)).toBe(3);
	});

	test('no more are in flight than remain', async () => {
		const key = account();
		(await slot(key, limits, forever))(200, remaining(2));
		let most = 0;
		let inFlight = 0;
		const one = async () => {
			const release = await slot(key, limits, forever);
			most = Math.max(most, ++inFlight);
			await abortableSleep(20, forever);
			inFlight--;
			release(200);
		};
		await passing(Promise.all(Array.from({ length: 10 }, one)));
		expect(most).toBe(2);
	});

	test('reset the learned slowdown where enough remains', async () => {
		const key = account();
		const one = { ...its, burst: 1 };
		await taught(key, one);
		expect(await passing(take(key, 2, one))).toEqual([0, 200]);
		const after = async (headers: Record<string, string>) => {
			(await passing(slot(key, one, forever)))(200, headers);
			await passing(abortableSleep(1000, forever));
			return (await passing(take(key, 2, one)))[1];
		};
		// 600 a minute for 10 s.
		expect(await after(remaining(99))).toBeGreaterThan(190);
		expect(await after(remaining(100))).toBe(100);
	});
});

test('a pause delays every request of the account', async () => {
	const key = account();
	pauseFor(key, 200, limits);
	expect((await passing(take(key, 3, limits)))[0]).toBe(200);
});

test('after a pause there is no burst, neither of waiting nor of new requests', async () => {
	const key = account();
	const its = { ...limits, requestsPerMinute: 1200, burst: 5 };
	const waiting = take(key, 8, its);
	pauseFor(key, 200, its);
	const began = (await passing(Promise.all([waiting, take(key, 2, its)])))
		.flat()
		.sort((one, other) => one - other);
	expect(began.length).toBe(10);
	for (const [index, at] of began.entries()) {
		if (at > 0) expect(at - began[index - 1]).toBeGreaterThanOrEqual(50);
	}
	expect(began[5]).toBeGreaterThanOrEqual(200);
});

test('a pause leaves no burst for requests after it', async () => {
	const key = account();
	const its = { ...limits, requestsPerMinute: 1200, burst: 5 };
	pauseFor(key, 200, its);
	await passing(abortableSleep(200, forever));
	const [first, second, third] = await passing(take(key, 3, its));
	expect(first).toBe(0);
	expect(second).toBeGreaterThanOrEqual(50);
	expect(third).toBeGreaterThanOrEqual(100);
});

test('a 429 halves how many requests may be in flight, and responses let it grow again', async () => {
	const key = account();
	const taken = await passing(
		Promise.all(Array.from({ length: 8 }, () => slot(key, { ...limits, concurrency: 8 }, forever))),
	);
	for (const release of taken) release(429);
	const atOnce = async (count: number) => {
		let most = 0;
		let inFlight = 0;
		await Promise.all(
			Array.from({ length: count }, async () => {
				const release = await slot(key, { ...limits, concurrency: 8 }, forever);
				most = Math.max(most, ++inFlight);
				await abortableSleep(20, forever);
				inFlight--;
				release(200);
			}),
		);
		return most;
	};
	expect(await passing(atOnce(2))).toBe(1);
	expect(await passing(atOnce(60))).toBe(8);
});

describe('the slowdown after a 429', () => {
	const twoASecond = { ...limits, requestsPerMinute: 120 };
	/** Milliseconds from one request to the next: 500 where nothing was learned. */
	const between = async (key: string) => {
		const began = await passing(take(key, 2, twoASecond));
		return began[1] - began[0];
	};

	test('each pause makes the account 5 % slower, up to half its pace, until answers make it faster again', async () => {
		const key = account();
		pauseFor(key, 1, twoASecond);
		await passing(abortableSleep(3, forever));
		expect(await between(key)).toBe(525);
		await taught(key, twoASecond);
		expect(await between(key)).toBe(1000);
		const answers = async (count: number) => {
			const atOnce = { ...limits, requestsPerMinute: 60_000_000, burst: 10_000 };
			while (count-- > 0) (await slot(key, atOnce, forever))(200);
		};
		await passing(answers(5000));
		const faster = await between(key);
		expect(faster).toBeGreaterThan(600);
		expect(faster).toBeLessThan(610);
		await passing(answers(5000));
		expect(await between(key)).toBe(500);
	});

	test('429s of requests in flight together count once', async () => {
		const key = account();
		for (let count = 0; count < 14; count++) pauseFor(key, 20, twoASecond);
		expect(await between(key)).toBe(525);
	});

	test('a 429 right after a pause counts again', async () => {
		const key = account();
		pauseFor(key, 20, twoASecond);
		await jest.advanceTimersByTimeAsync(20);
		pauseFor(key, 20, twoASecond);
		await passing(abortableSleep(20, forever));
		expect(await between(key)).toBe(552);
	});
});

test('an aborted request leaves the queue and blocks no other', async () => {
	const key = account();
	const alone = { ...limits, concurrency: 1 };
	const release = await passing(slot(key, alone, forever));
	const stop = new AbortController();
	const waiting = slot(key, alone, stop.signal);
	const next = slot(key, alone, forever);
	stop.abort(new Error('cancelled'));
	await expect(waiting).rejects.toThrow('cancelled');
	release(200);
	(await passing(next))(200);
	expect(await passing(take(key, 2, alone))).toHaveLength(2);
});

test('a request that is aborted while the account pauses holds no slot', async () => {
	const key = account();
	pauseFor(key, 300, limits);
	await expect(
		slot(key, { ...limits, concurrency: 1 }, AbortSignal.abort(new Error('cancelled'))),
	).rejects.toThrow();
	expect(await passing(take(key, 1, { ...limits, concurrency: 1 }))).toHaveLength(1);
});
