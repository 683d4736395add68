import fc from 'fast-check';

import { ConcurrencyWindow } from '../../nodes/shared/http/concurrencyWindow';
import { Peers } from '../../nodes/shared/http/peers';
import { Quota } from '../../nodes/shared/http/quota';
import { Slowdown } from '../../nodes/shared/http/slowdown';

describe('Slowdown', () => {
	test('grows by 5 % per 429, to twice the interval at most', () => {
		const slowdown = new Slowdown();
		slowdown.increase(1);
		expect(slowdown.factor).toBeCloseTo(1.05);
		for (let count = 0; count < 50; count++) slowdown.increase(1);
		expect(slowdown.factor).toBe(2);
	});

	test('each of several processes takes its part of the step', () => {
		const slowdown = new Slowdown();
		slowdown.increase(5);
		expect(slowdown.factor).toBeCloseTo(1.01);
	});

	test('recovers with other responses, and never goes below the configured interval', () => {
		const slowdown = new Slowdown();
		slowdown.increase(1);
		slowdown.recover();
		expect(slowdown.factor).toBeCloseTo(1.05 * 0.9999, 8);
		for (let count = 0; count < 1000; count++) slowdown.recover();
		expect(slowdown.factor).toBe(1);
	});

	test('keeps one step when the other processes become known, and none when enough remains', () => {
		const slowdown = new Slowdown();
		for (let count = 0; count < 5; count++) slowdown.increase(1);
		slowdown.reduceToOneStep();
		expect(slowdown.factor).toBeCloseTo(1.05);
		slowdown.reset();
		slowdown.reduceToOneStep();
		expect(slowdown.factor).toBe(1);
	});
});

describe('ConcurrencyWindow', () => {
	test('is unlimited until the first 429, which halves what was allowed', () => {
		const window = new ConcurrencyWindow();
		expect(window.size).toBe(Infinity);
		window.increase();
		window.decrease(8);
		expect(window.size).toBe(4);
		window.decrease(8);
		expect(window.size).toBe(2);
	});

	test('grows by one for as many responses as fit in it', () => {
		const window = new ConcurrencyWindow();
		window.decrease(8);
		for (let count = 0; count < 4; count++) window.increase();
		expect(window.size).toBeGreaterThan(4.8);
		expect(window.size).toBeLessThanOrEqual(5);
	});

	test('always leaves room for one request', () => {
		const window = new ConcurrencyWindow();
		for (let count = 0; count < 20; count++) window.decrease(1);
		expect(window.size).toBe(1);
	});
});

describe('Quota', () => {
	const hour = 3_600_000;

	test('what remains holds until the limit is filled again', () => {
		const quota = new Quota();
		expect(quota.remaining(0)).toBe(Infinity);
		quota.update({ requests: 3, ms: 1000 }, 50);
		expect([quota.remaining(1049), quota.remaining(1050)]).toEqual([3, Infinity]);
		expect(quota.pausedUntil).toBe(0);
	});

	test('nothing that remains is a pause, which a later response shortens', () => {
		const quota = new Quota();
		quota.update({ requests: 0, ms: 31 * 24 * hour }, 100);
		expect(quota.pausedUntil).toBe(31 * 24 * hour + 100);
		quota.update({ requests: 0, ms: 2000 }, 200);
		expect(quota.pausedUntil).toBe(2200);
		quota.update({ requests: 5, ms: 1000 }, 300);
		expect(quota.pausedUntil).toBe(1300);
	});

	test('a response that was overtaken by the last one of its window ends no pause early', () => {
		const quota = new Quota();
		quota.update({ requests: 0, ms: 1000 }, 100);
		quota.update({ requests: 2, ms: 1000 }, 101);
		expect(quota.pausedUntil).toBe(1100);
	});

	test('a later Retry-After replaces an earlier one, a backoff without one does not', () => {
		const quota = new Quota();
		quota.retryAfter(hour, 0);
		quota.backOff(500, 10);
		expect(quota.pausedUntil).toBe(hour);
		quota.retryAfter(2000, 20);
		expect(quota.pausedUntil).toBe(2020);
		quota.backOff(5000, 30);
		expect(quota.pausedUntil).toBe(5030);
	});

	test('the longer of both pauses counts, because either limit may be the one that was hit', () => {
		const quota = new Quota();
		quota.update({ requests: 0, ms: 60_000 }, 0);
		quota.retryAfter(1000, 0);
		expect(quota.pausedUntil).toBe(60_000);
	});
});

describe('Peers', () => {
	test('counts this process alone until others are found', () => {
		expect(new Peers().processes(0)).toBe(1);
	});

	test('takes the largest count that holds', () => {
		const count = fc.record({ others: fc.nat(20), ms: fc.nat(100), at: fc.nat(100) });
		fc.assert(
			fc.property(fc.array(count), fc.nat(200), (counts, later) => {
				const sorted = counts.sort((one, other) => one.at - other.at);
				const peers = new Peers();
				for (const { others, ms, at } of sorted) peers.add(others, ms, at);
				const at = Math.max(later, sorted.at(-1)?.at ?? 0);
				const holding = sorted.filter((one) => one.at + one.ms > at);
				expect(peers.processes(at)).toBe(1 + Math.max(0, ...holding.map(({ others }) => others)));
			}),
		);
	});
});
