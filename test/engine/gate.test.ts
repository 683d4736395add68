import {
	handoverFrom,
	type Handover,
	isUntouchedSince,
	withTargetLock,
} from '../../nodes/shared/run/targetLock';
import type { WriteItem } from '../../nodes/shared/model/item';
import type { ItemResult } from '../../nodes/shared/model/result';

const never = new AbortController().signal;
let targets = 0;
const target = () => `account target ${targets++}`;
const moment = async () => await new Promise((resolve) => setImmediate(resolve));

/** Work that ends when it is told to. */
function held<T>(left: T) {
	let end: () => void = () => {};
	const begun: Array<T | undefined> = [];
	const ended = new Promise<void>((resolve) => (end = resolve));
	const work = async (before: T | undefined) => {
		begun.push(before);
		await ended;
		return { done: left, left };
	};
	return { work, begun, end };
}

test('writes on one target follow one another, and each knows what the one before has left', async () => {
	const at = target();
	const [one, two, three] = ['first', 'second', 'third'].map((left) => held(left));
	const all = [one, two, three].map(({ work }) => withTargetLock(at, never, work));
	await moment();
	expect([one.begun, two.begun, three.begun]).toEqual([[undefined], [], []]);
	one.end();
	await moment();
	expect([two.begun, three.begun]).toEqual([['first'], []]);
	two.end();
	three.end();
	expect(await Promise.all(all)).toEqual(['first', 'second', 'third']);
	expect(three.begun).toEqual(['second']);
});

test('another target waits for nobody', async () => {
	const one = held('one');
	const other = held('other');
	const all = [
		withTargetLock(target(), never, one.work),
		withTargetLock(target(), never, other.work),
	];
	await moment();
	expect(other.begun).toEqual([undefined]);
	one.end();
	other.end();
	await Promise.all(all);
});

test('who comes later, when nobody is there any more, knows of nobody', async () => {
	const at = target();
	const [one, later] = [held('one'), held('later')];
	one.end();
	await withTargetLock(at, never, one.work);
	await moment();
	later.end();
	await withTargetLock(at, never, later.work);
	expect(later.begun).toEqual([undefined]);
});

test('what was seen before somebody was through is not what a write finds now', async () => {
	const at = target();
	const moments = jest.spyOn(Date, 'now');
	const now = (ms: number) => moments.mockReturnValue(ms);
	try {
		now(1_000_000);
		expect(isUntouchedSince(at, 1_000_000)).toBe(true);
		const one = held('one');
		one.end();
		await withTargetLock(at, never, one.work);
		expect(isUntouchedSince(at, 1_000_000)).toBe(false);
		expect(isUntouchedSince(at, 1_000_001)).toBe(true);
		now(1_300_000);
		expect(isUntouchedSince(at, 1_000_001)).toBe(true);
		now(1_300_001);
		expect(isUntouchedSince(at, 1_000_001)).toBe(false);
	} finally {
		moments.mockRestore();
	}
});

test('who gives up waiting sends nothing, and does not let the next one past who is still at it', async () => {
	const at = target();
	const [one, gone, next] = [held('one'), held('gone'), held('next')];
	const first = withTargetLock(at, never, one.work);
	const stopped = withTargetLock(at, AbortSignal.abort(new Error('stopped')), gone.work);
	const last = withTargetLock(at, never, next.work);
	await expect(stopped).rejects.toThrow('stopped');
	await moment();
	expect([gone.begun, next.begun]).toEqual([[], []]);
	one.end();
	next.end();
	await Promise.all([first, last]);
	expect(next.begun).toEqual(['one']);
});

test('work that fails lets the next one in', async () => {
	const at = target();
	const next = held('next');
	const failing = withTargetLock(at, never, async () => await Promise.reject(new Error('broken')));
	const after = withTargetLock(at, never, next.work);
	await expect(failing).rejects.toThrow('broken');
	next.end();
	expect(await after).toBe('next');
});

describe('what an item leaves to the next in line', () => {
	const item = { identity: 'mine' } as WriteItem;
	const after = (result: Partial<ItemResult>, before?: Handover) =>
		handoverFrom(item, { index: 0, result: { attempts: 0, ...result } as ItemResult }, before);

	test('a doubt, where its answer was not understood', () => {
		expect(after({ outcome: 'unknown', attempts: 1 })).toMatchObject({ doubt: true });
		expect(after({ outcome: 'failed', attempts: 1 })).toMatchObject({ doubt: false });
	});

	test.each(['skipped', 'refused', 'rateLimited', 'unauthorized'] as const)(
		'the doubt that it found, where it ends as %s before it sent anything',
		(outcome) => {
			expect(after({ outcome }, { doubt: true })).toMatchObject({ doubt: true });
		},
	);

	test('no doubt, where nobody was before it and it sent nothing', () => {
		expect(after({ outcome: 'refused' })).toEqual({ doubt: false });
	});

	test('what it found, where it came to no outcome', () => {
		const before = { doubt: true, accepted: 'theirs' };
		expect(handoverFrom(item, { index: 0, rows: [] }, before)).toBe(before);
	});

	test('no doubt, where the record or an answer has settled it', () => {
		expect(after({ outcome: 'cancelled' }, { doubt: true })).toMatchObject({ doubt: false });
		expect(after({ outcome: 'notFound', attempts: 1 }, { doubt: true })).toMatchObject({
			doubt: false,
		});
	});

	test('what was accepted last, by itself or before it', () => {
		expect(after({ outcome: 'cancelled', accepted: true })).toMatchObject({ accepted: 'mine' });
		const before = { doubt: false, accepted: 'theirs' };
		expect(after({ outcome: 'skipped' }, before)).toMatchObject({ accepted: 'theirs' });
		expect(after({ outcome: 'restored', accepted: true }, before).accepted).toBe('mine');
	});
});
