import { beginDoubt, type Doubt } from '../../nodes/shared/model/doubt';
import type { ItemResult } from '../../nodes/shared/model/result';
import { Ledger, type SettledResult } from '../../nodes/shared/run/ledger';
import {
	handoverFrom,
	isUntouchedSince,
	withTargetLock,
	type Handover,
} from '../../nodes/shared/run/targetLock';
import { writeItem } from './sampleProvider';
import { onVirtualClock } from './virtualClock';

const never = new AbortController().signal;
let targets = 0;
const newKey = () => `account target ${targets++}`;
/** Everything that can go on has gone on. */
const settled = async () => await new Promise((resolve) => setImmediate(resolve));

/** The handover of a write that was accepted under this name. */
const acceptedAs = (request: string): Handover => ({
	accepted: {
		request,
		at: 0,
		result: { outcome: 'cancelled', attempts: 1 } as SettledResult,
	},
});

/** Work that ends when it is told to, and what it was handed. */
function heldWork(name: string, leaves: Handover = acceptedAs(name)) {
	let end: () => void = () => {};
	const handed: Array<Handover | undefined> = [];
	const ended = new Promise<void>((resolve) => (end = resolve));
	const work = {
		target: 'sub_ada',
		async work(handover: Handover | undefined) {
			handed.push(handover);
			await ended;
			return name;
		},
		leave: () => leaves,
	};
	return { work, handed, end };
}

/** A write that has nothing to wait for; @returns what it was handed. */
async function write(
	key: string,
	leaves: Handover = {},
	target = 'sub_ada',
): Promise<Handover | undefined> {
	return await withTargetLock(key, never, {
		target,
		work: async (handover) => await Promise.resolve(handover),
		leave: () => leaves,
	});
}

test('writes on one target follow one another, and each is handed what the one before leaves', async () => {
	const key = newKey();
	const [one, two, three] = ['first', 'second', 'third'].map((name) => heldWork(name));
	const all = [one, two, three].map(({ work }) => withTargetLock(key, never, work));
	await settled();
	expect([one.handed, two.handed, three.handed]).toEqual([[undefined], [], []]);
	one.end();
	await settled();
	expect([two.handed, three.handed]).toEqual([[acceptedAs('first')], []]);
	two.end();
	three.end();
	expect(await Promise.all(all)).toEqual(['first', 'second', 'third']);
	expect(three.handed).toEqual([acceptedAs('second')]);
});

test('a write on another target does not wait', async () => {
	const [one, other] = [heldWork('one'), heldWork('other')];
	const all = [
		withTargetLock(newKey(), never, one.work),
		withTargetLock(newKey(), never, other.work),
	];
	await settled();
	expect(other.handed).toEqual([undefined]);
	one.end();
	other.end();
	await Promise.all(all);
});

test('a write that comes after the queue is empty is handed no result', async () => {
	const key = newKey();
	await write(key, acceptedAs('earlier'));
	await settled();
	expect(await write(key)).toBeUndefined();
});

test('an aborted waiter sends nothing, and does not release the lock early', async () => {
	const key = newKey();
	const [one, aborted, next] = [heldWork('one'), heldWork('aborted'), heldWork('next')];
	const stop = new AbortController();
	const first = withTargetLock(key, never, one.work);
	const stopped = withTargetLock(key, stop.signal, aborted.work);
	const last = withTargetLock(key, never, next.work);
	await settled();
	stop.abort(new Error('stopped'));
	await expect(stopped).rejects.toThrow('stopped');
	await settled();
	expect([aborted.handed, next.handed]).toEqual([[], []]);
	one.end();
	next.end();
	await Promise.all([first, last]);
	expect(next.handed).toEqual([acceptedAs('one')]);
});

test('a waiter whose signal was aborted before does not wait at all', async () => {
	const key = newKey();
	const one = heldWork('one');
	const first = withTargetLock(key, never, one.work);
	const gone = withTargetLock(key, AbortSignal.abort(new Error('stopped')), heldWork('x').work);
	await expect(gone).rejects.toThrow('stopped');
	one.end();
	await first;
});

test('work that throws lets the next write in, and leaves it something, too', async () => {
	const key = newKey();
	const next = heldWork('next');
	const failing = withTargetLock(key, never, {
		target: 'sub_ada',
		work: async () => await Promise.reject(new Error('broken')),
		leave: (done) => acceptedAs(String(done)),
	});
	const after = withTargetLock(key, never, next.work);
	await expect(failing).rejects.toThrow('broken');
	next.end();
	expect(await after).toBe('next');
	expect(next.handed).toEqual([acceptedAs('undefined')]);
});

describe('a record that was read before', () => {
	test('is out of date as soon as a write has finished since, and after five minutes', async () =>
		await onVirtualClock(async (clock) => {
			const key = newKey();
			const readAt = clock.monotonicNow();
			expect(isUntouchedSince(key, readAt)).toBe(true);
			await write(key);
			expect(isUntouchedSince(key, readAt)).toBe(false);
			expect(isUntouchedSince(key, readAt + 1)).toBe(true);
			clock.pass(300_000);
			expect(isUntouchedSince(key, readAt + 1)).toBe(true);
			clock.pass(1);
			expect(isUntouchedSince(key, readAt + 1)).toBe(false);
		}));

	test('is as old as it is, whatever the wall clock says', async () =>
		await onVirtualClock(async (clock) => {
			const key = newKey();
			await write(key);
			clock.pass(1000);
			const readAt = clock.monotonicNow();
			for (const jump of [3_600_000, -7_200_000]) {
				clock.setWallClock(jump);
				expect(isUntouchedSince(key, readAt)).toBe(true);
				expect(isUntouchedSince(key, readAt - 2000)).toBe(false);
			}
		}));
});

describe('a doubt', () => {
	test('is handed to a write that comes after the queue is empty', async () =>
		await onVirtualClock(async (clock) => {
			const key = newKey();
			const doubt = beginDoubt(30_000);
			await write(key, { doubt });
			await settled();
			clock.pass(1000);
			expect(await write(key)).toEqual({ doubt });
		}));

	test('ends with a write that leaves none', async () =>
		await onVirtualClock(async () => {
			const key = newKey();
			await write(key, { doubt: beginDoubt(30_000) });
			await settled();
			await write(key);
			await settled();
			expect(await write(key)).toBeUndefined();
		}));

	test('stays when another target whose ID differs in capitals is settled', async () =>
		await onVirtualClock(async () => {
			const [key, doubt] = [newKey(), beginDoubt(30_000)];
			await write(key, { doubt }, 'sub_Ada');
			await settled();
			expect(await write(key, {}, 'sub_ada')).toEqual({ doubt });
			await settled();
			expect(await write(key, {}, 'sub_Ada')).toEqual({ doubt });
			await settled();
			expect(await write(key, {}, 'sub_Ada')).toBeUndefined();
		}));

	test('is kept for as long as its request may run, however many other targets are written', async () =>
		await onVirtualClock(async (clock) => {
			const [old, key] = [newKey(), newKey()];
			await write(old);
			const doubt = beginDoubt(3_600_000);
			await write(key, { doubt });
			clock.pass(3_000_000);
			for (let count = 0; count < 3; count++) await write(newKey());
			expect(await write(key, { doubt })).toEqual({ doubt });
		}));

	test('is forgotten once its request cannot be running, and another target is written', async () =>
		await onVirtualClock(async (clock) => {
			// Later than all that earlier tests have written.
			clock.pass(100_000_000);
			const key = newKey();
			await write(key, { doubt: beginDoubt(30_000) });
			clock.pass(300_000);
			await write(newKey());
			expect(await write(key)).toBeUndefined();
		}));
});

describe('what a write leaves to the next one', () => {
	const item = writeItem();
	const leaves = (
		result: Partial<ItemResult> | undefined,
		before?: Handover,
		ledger = new Ledger({}, 0, '7'),
	) =>
		handoverFrom(item, ledger, {
			result: result && ({ attempts: 0, ...result } as ItemResult),
			before,
		});
	const doubt: Doubt = beginDoubt(10_000);

	test('is its doubt where its response was not understood', () => {
		const ledger = new Ledger({}, 0, '7');
		const own = ledger.markSending(item, 10_000);
		expect(leaves({ outcome: 'unknown', attempts: 1 }, undefined, ledger).doubt).toEqual(own);
		expect(leaves(undefined, undefined, ledger).doubt).toEqual(own);
		expect(leaves({ outcome: 'failed', attempts: 1 }).doubt).toBeUndefined();
	});

	test.each(['skipped', 'refused', 'rateLimited', 'unauthorized', 'unknown'] as const)(
		'is the doubt that it was handed where it ends as %s before it sends anything',
		(outcome) => {
			expect(leaves({ outcome }, { doubt }).doubt).toBe(doubt);
		},
	);

	test('is the doubt that it was handed where it throws', () => {
		expect(leaves(undefined, { doubt }).doubt).toBe(doubt);
	});

	test('is no doubt where a response or the record has settled it', () => {
		expect(leaves({ outcome: 'cancelled' }, { doubt }).doubt).toBeUndefined();
		expect(leaves({ outcome: 'notFound', attempts: 1 }, { doubt }).doubt).toBeUndefined();
	});

	test('is nothing where it was handed nothing and sent nothing', () => {
		expect(leaves({ outcome: 'refused' })).toEqual({});
	});

	test('is what was accepted last, by itself or before it', () => {
		const own = leaves({ outcome: 'scheduled', accepted: true, planContinues: true });
		expect(own.accepted).toMatchObject({
			request: item.requestHash,
			result: { outcome: 'scheduled', planContinues: true },
		});
		const before = acceptedAs('theirs');
		expect(leaves({ outcome: 'skipped' }, before).accepted).toBe(before.accepted);
		expect(leaves({ outcome: 'restored', accepted: true }, before).accepted?.request).toBe(
			item.requestHash,
		);
	});
});
