import { abortable, monotonicNow } from '../contract/clock';
import { isSuccess } from '../contract/outcome';
import { laterDoubt, mayRunForMs, type Doubt } from '../model/doubt';
import type { WriteItem } from '../model/item';
import type { ItemResult } from '../model/result';
import { toSettledResult, type SettledResult, type Ledger } from './ledger';

/** The request that was accepted last. */
export interface AcceptedRequest {
	/** Its `requestHash`. */
	request: string;
	/** When it was accepted, monotonic ms. */
	at: number;
	result: SettledResult;
}

/** What a write leaves to the next one on its target. */
export interface Handover {
	/** A request whose result is not known. */
	doubt?: Doubt;
	accepted?: AcceptedRequest;
}

interface Lock {
	/** Settles when the last one in the queue has finished. */
	last: Promise<unknown>;
	waiting: number;
	/** Of the one that finished last; its doubt is in `history`. */
	handover?: Pick<Handover, 'accepted'>;
}

/** Module level on purpose: executions and agent calls of this process share the locks. */
const locks = new Map<string, Lock>();

/** How long a lock's history is kept at least, ms; a doubt is kept for as long as its request may run. */
const historyMs = 300_000;
interface LockHistory {
	/** When a write last finished, monotonic ms. */
	at: number;
	/** By target: what settles one says nothing of another whose ID differs in capitals. */
	doubts: Map<string, Doubt>;
}
/** By key; the oldest first. */
const history = new Map<string, LockHistory>();

function recordWrite(key: string, target: string, doubt: Doubt | undefined): void {
	const at = monotonicNow();
	const doubts = history.get(key)?.doubts ?? new Map<string, Doubt>();
	if (doubt) doubts.set(target, doubt);
	else doubts.delete(target);
	history.delete(key);
	history.set(key, { at, doubts });
	for (const [oldest, write] of history) {
		if (at - write.at < historyMs) break;
		if ([...write.doubts.values()].every((one) => mayRunForMs(one) === 0)) history.delete(oldest);
	}
}

/**
 * Whether what was read then is what a write finds now: it is minutes old at most, and no write of
 * this process has finished since.
 * @param readAt monotonic ms, before the read was sent
 */
export const isUntouchedSince = (key: string, readAt: number): boolean =>
	monotonicNow() - readAt < historyMs && (history.get(key)?.at ?? -Infinity) < readAt;

/** What is done under a lock, and what it leaves to the next one. */
export interface LockedWork<T> {
	/** Whom it is about, exactly. */
	target: string;
	/**
	 * @param before what the write before has left: of the one it waited for, or the doubt of an earlier
	 * one; undefined where there is nothing
	 */
	work(before: Handover | undefined): Promise<T>;
	/** @param done undefined where `work` threw: a write that was stopped may leave a doubt, too */
	leave(done: T | undefined, before: Handover | undefined): Handover;
}

/**
 * One target, one writer: writes on a target follow one another through the whole process, across
 * items, executions and agent calls. The lock is free again when the work has ended, whether it returned
 * or threw, and everything before it has ended, too: an aborted waiter lets none behind it pass.
 * @param key the same for all spellings of one target
 * @throws what `work` throws; the signal's reason, before `work` has begun
 */
export async function withTargetLock<T>(
	key: string,
	signal: AbortSignal,
	{ target, work, leave }: LockedWork<T>,
): Promise<T> {
	const lock: Lock = locks.get(key) ?? { last: Promise.resolve(), waiting: 0 };
	locks.set(key, lock);
	const isQueued = lock.waiting > 0;
	const before = lock.last;
	lock.waiting++;
	const turn = (async () => {
		if (isQueued) await abortable(before, signal);
		const handover = handoverOf(lock, key);
		let done: T | undefined;
		try {
			done = await work(handover);
			return done;
		} finally {
			const { doubt, accepted } = leave(done, handover);
			lock.handover = { accepted };
			recordWrite(key, target, doubt);
		}
	})();
	lock.last = Promise.allSettled([before, turn]);
	void lock.last.then(() => {
		lock.waiting--;
		if (lock.waiting === 0) locks.delete(key);
	});
	return await turn;
}

function handoverOf({ handover }: Lock, key: string): Handover | undefined {
	const doubts = [...(history.get(key)?.doubts.values() ?? [])];
	const doubt = doubts.reduce<Doubt | undefined>(laterDoubt, undefined);
	return handover || doubt ? { ...handover, doubt } : undefined;
}

/**
 * What a write leaves to the next one. A write that sent nothing hands on what it was handed: a doubt
 * ends only by a response or the record.
 * @param end `result`: absent where the write threw; `before`: what it was handed
 */
export function handoverFrom(
	item: WriteItem,
	ledger: Ledger,
	{ result, before }: { result?: ItemResult; before?: Handover },
): Handover {
	const isSettled = result && (isSuccess(result.outcome) || result.attempts > 0);
	const doubt = ledger.doubtOf(item) ?? (isSettled ? undefined : before?.doubt);
	const accepted = result?.accepted
		? {
				request: item.requestHash,
				at: monotonicNow(),
				result: toSettledResult(result),
			}
		: before?.accepted;
	return { doubt, accepted };
}
