import type { IDataObject } from 'n8n-workflow';

import { pauseAccount } from '../../nodes/shared/wire/pace';
import { countSharers, leaveMark } from '../../nodes/shared/wire/sharers';
import type { Sandbox } from '../../sandbox/server';
import { runNode } from '../host/harness';
import { cancelling, onSandbox, seeded } from './funnelFox';

const limits = { requestsPerMinute: 600, burst: 1 };
const start = Date.UTC(2026, 10, 21);
let accounts = 0;

describe('marks in data that all processes see', () => {
	beforeEach(() => jest.useFakeTimers({ now: start }));
	afterEach(() => jest.useRealTimers());

	/** An account for which somebody has to wait. */
	function pressedAccount(): string {
		const key = `account ${accounts++}`;
		pauseAccount(key, 100, limits);
		return key;
	}
	const marksIn = (data: IDataObject, key: string) =>
		(data.sharers as Record<string, Record<string, number>> | undefined)?.[key] ?? {};
	const count = (data: IDataObject, key: string, place = 'a') =>
		countSharers(data, key, Date.now(), place);
	const leave = (data: IDataObject, key: string, place = 'a') =>
		leaveMark(data, key, Date.now(), place);
	const withOther = (key: string, at: number): IDataObject => ({
		sharers: { [key]: { other: at } },
	});

	test('this process is one, with its mark or without', () => {
		const key = pressedAccount();
		const data: IDataObject = {};
		expect(count(data, key)).toBe(1);
		leave(data, key);
		expect(Object.values(marksIn(data, key))).toEqual([start]);
		expect(count(data, key)).toBe(1);
	});

	test('another counts until its mark is a minute old', () => {
		const key = pressedAccount();
		expect(count(withOther(key, start), key)).toBe(2);
		jest.setSystemTime(start + 59_999);
		expect(count({}, key)).toBe(2);
		jest.setSystemTime(start + 60_000);
		expect(count(withOther(key, start), key)).toBe(1);
	});

	test('one whose clock is ahead counts as long as any other', () => {
		const key = pressedAccount();
		expect(count(withOther(key, start + 3_600_000), key)).toBe(2);
		jest.setSystemTime(start + 60_000);
		expect(count({}, key)).toBe(1);
	});

	test('whoever leaves a mark hands on those that it knows, and drops the old ones', () => {
		const key = pressedAccount();
		count({ sharers: { [key]: { other: start, old: start - 60_000 } } }, key);
		const data: IDataObject = { sharers: { elsewhere: { one: 1 } }, foreign: 1 };
		leave(data, key);
		expect(Object.keys(marksIn(data, key))).toEqual(expect.arrayContaining(['other']));
		expect(Object.keys(marksIn(data, key))).toHaveLength(2);
		expect(data).toMatchObject({ sharers: { elsewhere: { one: 1 } }, foreign: 1 });
	});

	test('a mark is left once in 20 s for each place, and only while somebody has to wait', () => {
		const key = pressedAccount();
		const left = (place = 'a') => {
			const data: IDataObject = {};
			leave(data, key, place);
			return data.sharers !== undefined;
		};
		expect([left(), left(), left('b'), left('b')]).toEqual([true, false, true, false]);
		jest.advanceTimersByTime(19_000);
		expect(left()).toBe(false);
		pauseAccount(key, 100, limits);
		jest.advanceTimersByTime(1000);
		expect(left()).toBe(true);
		jest.advanceTimersByTime(30_000);
		expect(left()).toBe(false);
	});

	test('a mark that another process has written over is left again', () => {
		const key = pressedAccount();
		const data: IDataObject = {};
		leave(data, key);
		jest.advanceTimersByTime(1000);
		// As it was before, or where nobody has written since: it may be on its way.
		for (const found of [{}, withOther(key, start)]) {
			count(found, key);
			leave(found, key);
			expect(Object.values(marksIn(found, key))).not.toContain(start + 1000);
		}
		const found = withOther(key, start + 500);
		count(found, key);
		leave(found, key);
		expect(Object.values(marksIn(found, key)).sort()).toEqual([start + 500, start + 1000]);
	});

	test('a clock that is set back does not keep a mark from being left', () => {
		const key = pressedAccount();
		leave({}, key);
		jest.setSystemTime(start - 3_600_000);
		const data: IDataObject = {};
		leave(data, key);
		expect(Object.values(marksIn(data, key))).toEqual([start - 3_600_000]);
	});
});

describe("a run and its workflow's static data", () => {
	/** When the requests came in, in ms after the first. */
	const arrivals = (sandbox: Sandbox) => {
		const at = sandbox.requests('funnelFox').map((request) => Date.parse(request.at));
		return at.map((one) => one - at[0]);
	};
	const keyOf = (sandbox: Sandbox) => `id-funnelFoxApi ${sandbox.url}/funnelfox/public/v1`;
	const options = { requestsPerMinute: 600 };
	type Saved = { 'node:Cancel': { sharers: Record<string, Record<string, number>> } };

	test('a run that has to wait leaves a mark, the next one leaves it alone', async () =>
		await onSandbox(async (sandbox) => {
			const items = seeded(sandbox, 4);
			const first = await runNode(cancelling(sandbox, items.slice(0, 2), { options }));
			const { sharers } = (first.saved as Saved)['node:Cancel'];
			expect(Object.keys(sharers)).toEqual([keyOf(sandbox)]);
			expect(Object.keys(sharers[keyOf(sandbox)])).toHaveLength(1);
			const next = cancelling(sandbox, items.slice(2), { options, staticData: first.saved });
			expect((await runNode(next)).saved).toBeUndefined();
			expect(sandbox.journal()).toHaveLength(4);
		}));

	test('a retried run, whose data is that of its first try, has nothing saved', async () =>
		await onSandbox(async (sandbox) => {
			const { saved } = await runNode(
				cancelling(sandbox, seeded(sandbox, 2), { options, mode: 'retry' }),
			);
			expect(saved).toBeUndefined();
			expect(sandbox.journal()).toHaveLength(2);
		}));

	test('a run that need not wait has nothing saved', async () =>
		await onSandbox(async (sandbox) => {
			const { saved } = await runNode(cancelling(sandbox, seeded(sandbox, 1), { options }));
			expect(saved).toBeUndefined();
		}));

	test("a run that finds another process's mark takes half the pace", async () =>
		await onSandbox(async (sandbox) => {
			const staticData = {
				'node:Cancel': { sharers: { [keyOf(sandbox)]: { other: Date.now() } } },
			};
			const items = seeded(sandbox, 4);
			await runNode(cancelling(sandbox, items, { options, staticData }));
			// 3 × 200 ms instead of 3 × 100 ms.
			expect(arrivals(sandbox)[3]).toBeGreaterThanOrEqual(580);
		}));
});
