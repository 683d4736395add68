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

/** One listener per signal: Node warns of a leak where a run's many items listen on their own. */
const listeners = new WeakMap<AbortSignal, Set<(reason: unknown) => void>>();

/** Calls back once when the signal is aborted. @returns stops listening */
function onAbort(signal: AbortSignal, callback: (reason: unknown) => void): () => void {
	let callbacks = listeners.get(signal);
	if (!callbacks) {
		const added = new Set<(reason: unknown) => void>();
		callbacks = added;
		listeners.set(signal, added);
		signal.addEventListener('abort', () => added.forEach((one) => one(signal.reason)), {
			once: true,
		});
	}
	callbacks.add(callback);
	return () => callbacks.delete(callback);
}

/**
 * Resolves or rejects with `work`, or rejects with the signal's reason as soon as it is aborted. The
 * work itself goes on.
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	// It may reject after the signal was aborted, when nothing waits for it any more.
	work.catch(() => {});
	signal.throwIfAborted();
	let stopListening: () => void = () => {};
	const aborted = new Promise<never>((_, reject) => {
		stopListening = onAbort(signal, reject);
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		stopListening();
	}
}

/** Waits `ms` milliseconds. n8n's own sleep takes no signal on 1.x. @throws the signal's reason */
export async function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
	await abortable(installed.sleep(ms), signal);
}

/** A signal that is never aborted. */
export const neverAborted: AbortSignal = new AbortController().signal;
