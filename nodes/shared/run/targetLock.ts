import { abortable, now } from '../contract/clock';
import { isSuccess } from '../contract/outcome';
import type { ItemOutput } from './itemRunner';
import type { WriteItem } from '../model/item';

interface Lock<Left> {
	/** Settles when the last in line is through. */
	last: Promise<unknown>;
	waiting: number;
	/** What those before have left behind. */
	left?: Left;
}

/** Module level on purpose: executions and agent calls of this process meet here. */
const locks = new Map<string, Lock<unknown>>();

/** How long it is remembered who was through. */
const remembered = 300_000;
/** By target, when somebody was last through, ms since 1970; the longest ago first. */
const lastWrite = new Map<string, number>();

function touch(target: string): void {
	const time = now();
	lastWrite.delete(target);
	lastWrite.set(target, time);
	for (const [one, at] of lastWrite) {
		if (time - at < remembered) break;
		lastWrite.delete(one);
	}
}

/** What was seen then is what a write finds now: it is minutes old at most, and nobody was here since. */
export const isUntouchedSince = (target: string, seenAt: number): boolean =>
	now() - seenAt < remembered && (lastWrite.get(target) ?? 0) < seenAt;

/**
 * One target, one writer: writes on a target follow one another through the whole process, across
 * items, executions and agent calls.
 * @param target account and target, alike for all that mean the same
 * @param work gets to know what the one before has left behind, undefined where nobody was waited
 * for; says what it leaves behind itself
 * @throws the signal's reason, before `work` has begun
 */
export async function withTargetLock<T, Left>(
	target: string,
	signal: AbortSignal,
	work: (before: Left | undefined) => Promise<{ done: T; left: Left }>,
): Promise<T> {
	const door: Lock<Left> = (locks.get(target) as Lock<Left>) ?? {
		last: Promise.resolve(),
		waiting: 0,
	};
	locks.set(target, door);
	const inLine = door.waiting > 0;
	const before = door.last;
	door.waiting++;
	const turn = (async () => {
		if (inLine) await abortable(before, signal);
		const { done, left } = await work(door.left);
		door.left = left;
		touch(target);
		return done;
	})();
	// Whoever gives up waiting must not let the next one past those who are still at it.
	door.last = Promise.allSettled([before, turn]);
	void door.last.then(() => {
		door.waiting--;
		if (door.waiting === 0) locks.delete(target);
	});
	return await turn;
}

/** What those who were on a target right before have left behind. */
export interface Handover {
	/** A call whose answer was never understood. */
	doubt: boolean;
	/** The identity that the provider took last. */
	accepted?: string;
}

/**
 * What an item leaves to the next in line. One that sent nothing hands on what it found: a doubt ends
 * only with an answer or by the record.
 */
export function handoverFrom(
	{ identity }: WriteItem,
	{ result }: ItemOutput,
	before: Handover = { doubt: false },
): Handover {
	if (!result) return before;
	const { outcome, accepted, attempts } = result;
	const settled = isSuccess(outcome) || attempts > 0;
	return {
		doubt: outcome === 'unknown' || (before.doubt && !settled),
		accepted: accepted ? identity : before.accepted,
	};
}
