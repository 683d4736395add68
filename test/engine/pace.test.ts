import { pause, pauseAccount, turn } from '../../nodes/shared/pace';

const forever = new Promise<never>(() => {});
const limits = { requestsPerMinute: 60_000, burst: 1, concurrency: 50 };
let accounts = 0;
const account = () => `account ${accounts++}`;

/** Takes and gives back `count` turns as fast as it may; answers when each began, from `started` on. */
async function take(key: string, count: number, its: typeof limits, started = Date.now()) {
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
	const began = await take(account(), 9, { ...limits, requestsPerMinute: 240, burst: 5 });
	expect(began[4]).toBeLessThan(245);
	expect(began[5]).toBeGreaterThanOrEqual(245);
	expect(began[8]).toBeGreaterThanOrEqual(995);
});

test('all executions on one account share its pace; another account has its own', async () => {
	const slow = { ...limits, requestsPerMinute: 240 };
	const [one, other] = [account(), account()];
	const started = Date.now();
	const [first, second, apart] = await Promise.all([
		take(one, 2, slow, started),
		take(one, 2, slow, started),
		take(other, 2, slow, started),
	]);
	expect(Math.max(...first, ...second)).toBeGreaterThanOrEqual(745);
	expect(Math.max(...apart)).toBeLessThan(700);
});

test('no more are in flight than the smallest of the callers allows, first come first served', async () => {
	const key = account();
	const order: number[] = [];
	let inFlight = 0;
	let most = 0;
	await Promise.all(
		Array.from({ length: 12 }, async (_, index) => {
			const giveBack = await turn(key, { ...limits, concurrency: 3 }, forever);
			order.push(index);
			most = Math.max(most, ++inFlight);
			await pause(5, forever);
			inFlight--;
			giveBack(200);
		}),
	);
	expect(most).toBe(3);
	expect(order).toEqual(Array.from({ length: 12 }, (_, index) => index));
});

test('a pause holds back everybody on the account', async () => {
	const key = account();
	pauseAccount(key, 200, limits);
	expect(Math.min(...(await take(key, 3, limits)))).toBeGreaterThanOrEqual(195);
});

test('after a pause there is no burst, neither of those who waited nor of those who come then', async () => {
	const key = account();
	const its = { ...limits, requestsPerMinute: 1200, burst: 5 };
	const waiting = take(key, 8, its);
	pauseAccount(key, 200, its);
	const later = take(key, 2, its);
	const began = [...(await waiting), ...(await later)]
		.filter((at) => at >= 150)
		.sort((one, other) => one - other);
	expect(began.length).toBeGreaterThanOrEqual(5);
	for (let index = 1; index < began.length; index++) {
		expect(began[index] - began[index - 1]).toBeGreaterThanOrEqual(30);
	}
});

test('a 429 halves what may be in flight, answers let it grow again', async () => {
	const key = account();
	const taken = await Promise.all(
		Array.from({ length: 8 }, () => turn(key, { ...limits, concurrency: 8 }, forever)),
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
	expect(await atOnce(2)).toBe(1);
	expect(await atOnce(60)).toBe(8);
});

describe('what a 429 teaches', () => {
	const twoASecond = { ...limits, requestsPerMinute: 120 };
	/** Milliseconds from the first of three requests to the last: 1000 where nothing was learned. */
	const three = async (key: string) => {
		const began = await take(key, 3, twoASecond);
		return began[2] - began[0];
	};

	test('each pause makes the account a little slower, until answers make it faster again', async () => {
		const key = account();
		for (let count = 0; count < 8; count++) {
			pauseAccount(key, 1, twoASecond);
			await pause(3, forever);
		}
		expect(await three(key)).toBeGreaterThanOrEqual(1400);
		await take(key, 5000, { ...limits, requestsPerMinute: 60_000_000, burst: 5000 });
		expect(await three(key)).toBeLessThan(1400);
	});

	test('those that were turned away together count once', async () => {
		const key = account();
		for (let count = 0; count < 14; count++) pauseAccount(key, 20, twoASecond);
		const took = await three(key);
		expect(took).toBeGreaterThanOrEqual(1045);
		expect(took).toBeLessThan(1800);
	});
});

test('who is cancelled while waiting leaves the queue and blocks nobody', async () => {
	const key = account();
	const alone = { ...limits, concurrency: 1 };
	const giveBack = await turn(key, alone, forever);
	let cancel: (reason: Error) => void = () => {};
	const cancelled = new Promise<never>((_, reject) => (cancel = reject));
	const waiting = turn(key, alone, cancelled);
	const next = turn(key, alone, forever);
	cancel(new Error('cancelled'));
	await expect(waiting).rejects.toThrow('cancelled');
	giveBack(200);
	(await next)(200);
	expect(await take(key, 2, alone)).toHaveLength(2);
});

test('who is cancelled while the account pauses gives its turn back', async () => {
	const key = account();
	pauseAccount(key, 300, limits);
	await expect(
		turn(key, { ...limits, concurrency: 1 }, Promise.reject(new Error('cancelled'))),
	).rejects.toThrow();
	expect(await take(key, 1, { ...limits, concurrency: 1 })).toHaveLength(1);
});
