import { sleep } from 'n8n-workflow';

/** The engine's only source of time; a simulation installs its own. */
export interface Clock {
	/** Wall-clock time, ms since 1970. It can jump, so it never measures a wait. */
	now(): number;
	/** Monotonic time in ms, of this process only. */
	monotonicNow(): number;
	/** Resolves after `ms` milliseconds. */
	sleep(ms: number): Promise<void>;
}

const systemClock: Clock = {
	now: () => Date.now(),
	monotonicNow: () => performance.now(),
	sleep,
};

let installed = systemClock;

/** Replaces the clock of this process until the returned function is called. */
export function installClock(replacement: Clock): () => void {
	installed = replacement;
	return () => (installed = systemClock);
}

export const now = (): number => installed.now();
export const monotonicNow = (): number => installed.monotonicNow();

const abortListeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `listener` when the signal is aborted, until the returned function is called. One listener of
 * the signal serves all: Node warns of a leak where a signal has more than ten.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
	const known = abortListeners.get(signal);
	const listeners = known ?? new Set();
	if (!known) {
		abortListeners.set(signal, listeners);
		const notify = () => [...listeners].forEach((each) => each());
		signal.addEventListener('abort', notify, { once: true });
	}
	listeners.add(listener);
	return () => void listeners.delete(listener);
}

/**
 * Resolves or rejects with `work`, or rejects with the signal's reason as soon as it is aborted. The
 * work itself goes on.
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	// It may reject after the signal was aborted, when nothing waits for it any more.
	work.catch(() => {});
	signal.throwIfAborted();
	let release: () => void = () => {};
	const aborted = new Promise<never>((_, reject) => {
		release = onAbort(signal, () => reject(signal.reason as Error));
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		release();
	}
}

/** Waits `ms` milliseconds. n8n's own sleep takes no signal on 1.x. @throws the signal's reason */
export async function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
	await abortable(installed.sleep(ms), signal);
}

/** A signal that is never aborted. */
export const neverAborted: AbortSignal = new AbortController().signal;
