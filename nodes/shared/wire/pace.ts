import { sleep } from 'n8n-workflow';

import type { Limits } from '../contract/provider';
import { clock } from './bucket';
import { Line } from './line';
import { type Away, type GiveBack, Waiter } from './waiter';

export { type Away, type GiveBack, longestWait } from './waiter';

/** Rejects as soon as the execution is cancelled; one per run, raced against every wait. */
export type Cancelled = Promise<never>;

/** By account. Module level on purpose: all executions of this process that use one share its pace. */
const lines = new Map<string, Line>();

function lineOf(key: string): Line {
	const line = lines.get(key) ?? new Line();
	lines.set(key, line);
	return line;
}

/** Waits `ms` milliseconds; `sleep` alone does not listen to the cancel button on n8n 1.x. */
export async function pause(ms: number, cancelled: Cancelled): Promise<void> {
	await Promise.race([sleep(ms), cancelled]);
}

/**
 * Waits until the account may send one more request. First come, first served: nobody is overtaken,
 * but a run that its own slower pace holds back. A run keeps to its Max Concurrency by its lanes; the
 * account takes the largest that anybody in line or in flight allows, so that a run with a small one
 * neither waits until the others are gone nor makes them wait.
 * @returns gives the turn back; where the provider has closed the account for longer than
 * `longestWait`: when to come back, at once and to all that wait
 * @throws what `cancelled` rejects with; no turn is held then
 */
export async function turn(
	key: string,
	limits: Required<Limits>,
	cancelled: Cancelled,
): Promise<GiveBack | Away> {
	const line = lineOf(key);
	const waiter = new Waiter(limits);
	line.waiting.push(waiter);
	line.serve();
	try {
		// Who is cancelled gets no turn, not even one that is free.
		return await Promise.race([cancelled, waiter.served]);
	} catch (reason) {
		line.waiting = line.waiting.filter((other) => other !== waiter);
		line.takeBack(waiter);
		return await Promise.reject(reason);
	}
}

/**
 * Nobody sends on this account for `ms` milliseconds; then it goes on steadily, with no burst saved
 * up and a little slower.
 */
export function pauseAccount(key: string, ms: number, limits: Limits): void {
	const line = lineOf(key);
	// One step for all that were in flight together.
	if (line.closedUntil <= clock()) line.slowDown();
	line.close(ms, limits);
}

/**
 * Pace and burst of the account are divided by the processes that share it.
 * @param others how many besides this one
 * @param ms how long that holds; of several counts that hold the largest counts
 */
export function sharedBy(key: string, others: number, ms: number): void {
	lineOf(key).shared(others, ms);
}

/** Has the account's pace made anybody here wait in the last `ms` milliseconds? */
export const isPressed = (key: string, ms: number): boolean => clock() - lineOf(key).pressedAt < ms;
