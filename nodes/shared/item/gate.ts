import type { Cancelled } from '../wire/pace';

/**
 * What is known of the one before, of this process, on the same target: nobody was waited for;
 * another went first; or the last one's answer was never understood.
 */
export type Before = 'nobody' | 'another' | 'doubt';

interface Door {
	/** Settles when the last in line is through. */
	last: Promise<unknown>;
	waiting: number;
	doubt: boolean;
}

/** Module level on purpose: executions and agent calls of this process meet here. */
const doors = new Map<string, Door>();

/**
 * One target, one writer: writes on a target follow one another through the whole process, across
 * items, executions and agent calls.
 * @param target account and target, alike for all that mean the same
 * @param work gets to know who was before it; says whether it leaves a doubt behind
 * @throws what `cancelled` rejects with, before `work` has begun
 */
export async function oneByOne<T>(
	target: string,
	cancelled: Cancelled,
	work: (before: Before) => Promise<{ done: T; doubt: boolean }>,
): Promise<T> {
	const door = doors.get(target) ?? { last: Promise.resolve(), waiting: 0, doubt: false };
	doors.set(target, door);
	const inLine = door.waiting > 0;
	const before = door.last;
	door.waiting++;
	const turn = (async () => {
		if (inLine) await Promise.race([before, cancelled]);
		const { done, doubt } = await work(door.doubt ? 'doubt' : inLine ? 'another' : 'nobody');
		door.doubt = doubt;
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
