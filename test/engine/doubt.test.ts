import {
	adoptDoubt,
	beginDoubt,
	laterDoubt,
	mayRunForMs,
	type Doubt,
} from '../../nodes/shared/model/doubt';
import { onVirtualClock } from './virtualClock';

/** As a doubt comes back from the database. */
const saved = (doubt: Doubt) => JSON.parse(JSON.stringify(doubt)) as Doubt;
const ofAnotherProcess = (doubt: Doubt): Doubt => ({
	...saved(doubt),
	process: 'another',
	sentAtMonotonic: 0,
});

test('a request may run for its timeout, and for ten seconds at least', async () =>
	await onVirtualClock((clock) => {
		expect(mayRunForMs(beginDoubt(500))).toBe(10_000);
		const doubt = beginDoubt(30_000);
		expect(doubt.firstSentAt).toBe(clock.now());
		clock.pass(12_000);
		expect(mayRunForMs(doubt)).toBe(18_000);
		clock.pass(18_000);
		expect(mayRunForMs(doubt)).toBe(0);
		clock.pass(1);
		expect(mayRunForMs(doubt)).toBe(0);
	}));

test.each([40_000, -40_000, 86_400_000, -86_400_000])(
	'a wall clock that jumps by %i ms changes nothing, saved or not',
	async (jump) =>
		await onVirtualClock((clock) => {
			const doubt = beginDoubt(10_000);
			clock.pass(1000);
			clock.setWallClock(jump);
			expect(mayRunForMs(doubt)).toBe(9000);
			expect(adoptDoubt(saved(doubt))).toEqual(doubt);
		}),
);

test('a repeated request keeps the time of the first one, and runs anew', async () =>
	await onVirtualClock((clock) => {
		const first = beginDoubt(10_000);
		clock.pass(4000);
		const second = beginDoubt(10_000, first);
		expect(second.firstSentAt).toBe(first.firstSentAt);
		expect(second.sentAtMonotonic).toBe(first.sentAtMonotonic + 4000);
		expect(mayRunForMs(second)).toBe(10_000);
	}));

describe('a doubt of another process', () => {
	test.each([0, 1000, 40_000, 3_600_000, 86_400_000])(
		'counts in full from now, %i ms after it was sent: two wall clocks cannot be compared',
		async (ms) =>
			await onVirtualClock((clock) => {
				const doubt = ofAnotherProcess(beginDoubt(30_000));
				clock.pass(ms);
				const adopted = adoptDoubt(doubt);
				expect(mayRunForMs(adopted)).toBe(30_000);
				expect(adopted.firstSentAt).toBe(doubt.firstSentAt);
				clock.pass(1000);
				expect(mayRunForMs(adoptDoubt(saved(adopted)))).toBe(29_000);
			}),
	);

	test('counts in full although it comes from the future', async () =>
		await onVirtualClock((clock) => {
			const doubt = ofAnotherProcess(beginDoubt(30_000));
			clock.setWallClock(-600_000);
			expect(mayRunForMs(adoptDoubt(doubt))).toBe(30_000);
		}));
});

describe('of two doubts', () => {
	test('the one whose request may run longer counts, with the time of the first request', async () =>
		await onVirtualClock((clock) => {
			const long = beginDoubt(60_000);
			clock.pass(1000);
			const short = beginDoubt(10_000);
			const expected = { ...long, firstSentAt: long.firstSentAt };
			expect(laterDoubt(long, short)).toEqual(expected);
			expect(laterDoubt(short, long)).toEqual(expected);
			const later = beginDoubt(60_000);
			expect(laterDoubt(later, long)).toEqual({ ...later, firstSentAt: long.firstSentAt });
		}));

	test('the only one counts', () => {
		const doubt = beginDoubt(10_000);
		expect(laterDoubt(doubt, undefined)).toBe(doubt);
		expect(laterDoubt(undefined, doubt)).toBe(doubt);
		expect(laterDoubt(undefined, undefined)).toBeUndefined();
	});
});
