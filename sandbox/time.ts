import { setTimeout as wait } from 'node:timers/promises';

/** Where the sandbox's time comes from. */
export interface TimeSource {
	/** Wall-clock time, ms since 1970. */
	now(): number;
	/** Monotonic time, ms. */
	monotonicNow(): number;
	/** Waits, without keeping the process alive. @throws the signal's reason */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const systemTime: TimeSource = {
	now: () => Date.now(),
	monotonicNow: () => performance.now(),
	sleep: async (ms, signal) => await wait(ms, undefined, { signal, ref: false }),
};

let installed = systemTime;

/** Replaces the time of all sandboxes of this process until the returned function is called. */
export function installTime(replacement: TimeSource): () => void {
	installed = replacement;
	return () => (installed = systemTime);
}

export const now = (): number => installed.now();
export const monotonicNow = (): number => installed.monotonicNow();
export const sleep = async (ms: number, signal: AbortSignal): Promise<void> =>
	await installed.sleep(ms, signal);
