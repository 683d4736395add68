import type { Cancelled } from '../wire/pace';

interface Door<Left> {
	/** Settles when the last in line is through. */
	last: Promise<unknown>;
	waiting: number;
	/** What those before have left behind. */
	left?: Left;
}

/** Module level on purpose: executions and agent calls of this process meet here. */
const doors = new Map<string, Door<unknown>>();

/** How long it is remembered who was through. */
const remembered = 300_000;
/** By target, when somebody was last through, ms since 1970; the longest ago first. */
const passed = new Map<string, number>();

function pass(target: string): void {
	const now = Date.now();
	passed.delete(target);
	passed.set(target, now);
	for (const [one, at] of passed) {
		if (now - at < remembered) break;
		passed.delete(one);
	}
}

/** What was seen then is what a write finds now: it is minutes old at most, and nobody was here since. */
export const isStill = (target: string, seenAt: number): boolean =>
	Date.now() - seenAt < remembered && (passed.get(target) ?? 0) < seenAt;

/**
 * One target, one writer: writes on a target follow one another through the whole process, across
 * items, executions and agent calls.
 * @param target account and target, alike for all that mean the same
 * @param work gets to know what the one before has left behind, undefined where nobody was waited
 * for; says what it leaves behind itself
 * @throws what `cancelled` rejects with, before `work` has begun
 */
export async function oneByOne<T, Left>(
	target: string,
	cancelled: Cancelled,
	work: (before: Left | undefined) => Promise<{ done: T; left: Left }>,
): Promise<T> {
	const door: Door<Left> = (doors.get(target) as Door<Left>) ?? {
		last: Promise.resolve(),
		waiting: 0,
	};
	doors.set(target, door);
	const inLine = door.waiting > 0;
	const before = door.last;
	door.waiting++;
	const turn = (async () => {
		if (inLine) await Promise.race([cancelled, before]);
		const { done, left } = await work(door.left);
		door.left = left;
		pass(target);
		return done;
	})();
	// Whoever gives up waiting must not let the next one past those who are still at it.
	door.last = Promise.allSettled([before, turn]);
	void door.last.then(() => {
		door.waiting--;
		if (door.waiting === 0) doors.delete(target);
	});
	return await turn;
}
