import { pause, pauseAccount, turn } from '../../nodes/shared/pace';

const forever = new Promise<never>(() => {});
const limits = { requestsPerMinute: 60_000, burst: 1, concurrency: 50 };
let accounts = 0;

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
			const giveBack = await turn(key, its, forever);
			began.push(Date.now() - started);
			giveBack(200);
		}),
	);
	return began.sort((one, other) => one - other);
}

test('after a quiet time a burst goes out at once, then one per interval', async () => {
	const began = await passing(take(account(), 9, { ...limits, requestsPerMinute: 240, burst: 5 }));
	expect(began).toEqual([0, 0, 0, 0, 0, 250, 500, 750, 1000]);
});

test('all executions on one account share its pace; another account has its own', async () => {
	const slow = { ...limits, requestsPerMinute: 240 };
	const [one, other] = [account(), account()];
	const [first, second, apart] = await passing(
		Promise.all([take(one, 2, slow), take(one, 2, slow), take(other, 2, slow)]),
	);
	expect([...first, ...second].sort((before, after) => before - after)).toEqual([0, 250, 500, 750]);
	expect(apart).toEqual([0, 250]);
});

test('no more are in flight than the smallest of the callers allows, first come first served', async () => {
	const key = account();
	const order: number[] = [];
	let inFlight = 0;
	let most = 0;
	await passing(
		Promise.all(
			Array.from({ length: 12 }, async (_, index) => {
				const giveBack = await turn(key, { ...limits, concurrency: 3 }, forever);
				order.push(index);
				most = Math.max(most, ++inFlight);
				await pause(5, forever);
				inFlight--;
				giveBack(200);
			}),
		),
	);
	expect(most).toBe(3);
	expect(order).toEqual(Array.from({ length: 12 }, (_, index) => index));
});

test('a pause holds back everybody on the account', async () => {
	const key = account();
	pauseAccount(key, 200, limits);
	expect((await passing(take(key, 3, limits)))[0]).toBe(200);
});

test('after a pause there is no burst, neither of those who waited nor of those who come then', async () => {
	const key = account();
	const its = { ...limits, requestsPerMinute: 1200, burst: 5 };
	const waiting = take(key, 8, its);
	pauseAccount(key, 200, its);
	const began = (await passing(Promise.all([waiting, take(key, 2, its)])))
		.flat()
		.sort((one, other) => one - other);
	expect(began.length).toBe(10);
	for (const [index, at] of began.entries()) {
		if (at > 0) expect(at - began[index - 1]).toBeGreaterThanOrEqual(50);
	}
	expect(began[5]).toBeGreaterThanOrEqual(200);
});

test('a pause leaves no burst for those who come after it', async () => {
	const key = account();
	const its = { ...limits, requestsPerMinute: 1200, burst: 5 };
	pauseAccount(key, 200, its);
	await passing(pause(200, forever));
	const [first, second, third] = await passing(take(key, 3, its));
	expect(first).toBe(0);
	expect(second).toBeGreaterThanOrEqual(50);
	expect(third).toBeGreaterThanOrEqual(100);
});

test('a 429 halves what may be in flight, answers let it grow again', async () => {
	const key = account();
	const taken = await passing(
		Promise.all(Array.from({ length: 8 }, () => turn(key, { ...limits, concurrency: 8 }, forever))),
	);
	for (const giveBack of taken) giveBack(429);
	const atOnce = async (count: number) => {
		let most = 0;
		let inFlight = 0;
		await Promise.all(
			Array.from({ length: count }, async () => {
				const giveBack = await turn(key, { ...limits, concurrency: 8 }, forever);
				most = Math.max(most, ++inFlight);
				await pause(20, forever);
				inFlight--;
				giveBack(200);
			}),
		);
		return most;
	};
	expect(await passing(atOnce(2))).toBe(1);
	expect(await passing(atOnce(60))).toBe(8);
});

describe('what a 429 teaches', () => {
	const twoASecond = { ...limits, requestsPerMinute: 120 };
	/** Milliseconds from one request to the next: 500 where nothing was learned. */
	const between = async (key: string) => {
		const began = await passing(take(key, 2, twoASecond));
		return began[1] - began[0];
	};

	test('each pause makes the account 5 % slower, up to half its pace, until answers make it faster again', async () => {
		const key = account();
		pauseAccount(key, 1, twoASecond);
		await passing(pause(3, forever));
		expect(await between(key)).toBe(525);
		for (let count = 0; count < 20; count++) {
			pauseAccount(key, 1, twoASecond);
			await passing(pause(3, forever));
		}
		expect(await between(key)).toBe(1000);
		const answers = async (count: number) => {
			const atOnce = { ...limits, requestsPerMinute: 60_000_000, burst: 10_000 };
			while (count-- > 0) (await turn(key, atOnce, forever))(200);
		};
		await passing(answers(5000));
		const faster = await between(key);
		expect(faster).toBeGreaterThan(600);
		expect(faster).toBeLessThan(610);
		await passing(answers(5000));
		expect(await between(key)).toBe(500);
	});

	test('those that were turned away together count once', async () => {
		const key = account();
		for (let count = 0; count < 14; count++) pauseAccount(key, 20, twoASecond);
		expect(await between(key)).toBe(525);
	});
});

test('who is cancelled while waiting leaves the queue and blocks nobody', async () => {
	const key = account();
	const alone = { ...limits, concurrency: 1 };
	const giveBack = await passing(turn(key, alone, forever));
	let cancel: (reason: Error) => void = () => {};
	const cancelled = new Promise<never>((_, reject) => (cancel = reject));
	const waiting = turn(key, alone, cancelled);
	const next = turn(key, alone, forever);
	cancel(new Error('cancelled'));
	await expect(waiting).rejects.toThrow('cancelled');
	giveBack(200);
	(await passing(next))(200);
	expect(await passing(take(key, 2, alone))).toHaveLength(2);
});

test('who is cancelled while the account pauses gives its turn back', async () => {
	const key = account();
	pauseAccount(key, 300, limits);
	await expect(
		turn(key, { ...limits, concurrency: 1 }, Promise.reject(new Error('cancelled'))),
	).rejects.toThrow();
	expect(await passing(take(key, 1, { ...limits, concurrency: 1 }))).toHaveLength(1);
});
