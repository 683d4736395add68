import { sleep } from 'n8n-workflow';

import type { Limits } from '../contract/provider';

interface Account {
	/** When the bucket would be full again, ms since 1970 (GCRA's "theoretical arrival time"). */
	fullAt: number;
	pausedUntil: number;
	inFlight: number;
	/** In flight at most, learned: halved by a 429, grown by every other answer. */
	window: number;
	/** Between two requests, as a multiple of what the pace asks for; learned: a little more after each 429. */
	stretch: number;
	waiting: Waiter[];
}

interface Waiter {
	concurrency: number;
	go: () => void;
}

/** Milliseconds that an item waits at most for the account. */
export const longestWait = 120_000;

/** The account is closed for longer than that: when to come back, UTC ISO 8601. */
export interface Away {
	comeBackAt: string;
}

/** Rejects as soon as the execution is cancelled; one per run, raced against every wait. */
export type Cancelled = Promise<never>;

/** Module level on purpose: all executions of this process that use an account share its pace. */
const accounts = new Map<string, Account>();

function open(key: string): Account {
	const fresh: Account = {
		fullAt: 0,
		pausedUntil: 0,
		inFlight: 0,
		window: Infinity,
		stretch: 1,
		waiting: [],
	};
	const account = accounts.get(key) ?? fresh;
	accounts.set(key, account);
	return account;
}

/** Waits `ms` milliseconds; `sleep` alone does not listen to the cancel button on n8n 1.x. */
export async function pause(ms: number, cancelled: Cancelled): Promise<void> {
	await Promise.race([sleep(ms), cancelled]);
}

/** Milliseconds from one request to the next. */
const gap = ({ stretch }: Account, { requestsPerMinute }: Limits) =>
	(stretch * 60_000) / requestsPerMinute;

/**
 * Nobody sends on this account for `ms` milliseconds; then it goes on steadily, with no burst saved
 * up and a little slower.
 */
export function pauseAccount(key: string, ms: number, limits: Limits): void {
	const account = open(key);
	// One step for all that were in flight together.
	if (account.pausedUntil <= Date.now()) account.stretch = Math.min(2, account.stretch * 1.05);
	account.pausedUntil = Math.max(account.pausedUntil, Date.now() + ms);
	const empty = account.pausedUntil + (limits.burst - 1) * gap(account, limits);
	account.fullAt = Math.max(account.fullAt, empty);
}

/**
 * Waits until the account may send one more request; first come, first served.
 * @returns gives the turn back, with the answer's status where there was one; must be called
 * @throws what `cancelled` rejects with; no turn is held then
 */
export async function turn(
	key: string,
	limits: Required<Limits>,
	cancelled: Cancelled,
): Promise<((status?: number) => void) | Away> {
	const account = open(key);
	if (account.pausedUntil - Date.now() > longestWait) {
		return { comeBackAt: new Date(account.pausedUntil).toISOString() };
	}
	const giveBack = (status?: number) => {
		account.inFlight--;
		if (status === 429) account.window = Math.min(account.window, limits.concurrency) / 2;
		else if (status !== undefined) {
			account.window += 1 / Math.max(1, account.window);
			account.stretch = Math.max(1, account.stretch * 0.9999);
		}
		serve(account);
	};

	const waiter: Waiter = { concurrency: limits.concurrency, go: () => {} };
	const served = new Promise<void>((resolve) => (waiter.go = resolve));
	account.waiting.push(waiter);
	serve(account);
	try {
		if (account.waiting.includes(waiter)) await Promise.race([served, cancelled]);
		await bucket(account, limits, cancelled);
		return giveBack;
	} catch (reason) {
		if (account.waiting.includes(waiter)) {
			account.waiting = account.waiting.filter((other) => other !== waiter);
		} else giveBack();
		return await Promise.reject(reason);
	}
}

/** Lets in whoever fits, in the order of arrival. */
function serve(account: Account): void {
	account.waiting = account.waiting.filter(({ concurrency, go }) => {
		if (account.inFlight >= Math.min(concurrency, Math.max(1, account.window))) return true;
		account.inFlight++;
		go();
		return false;
	});
}

/** A token bucket as GCRA: one number, no timer. */
async function bucket(account: Account, limits: Limits, cancelled: Cancelled): Promise<void> {
	for (;;) {
		const interval = gap(account, limits);
		const fullAt = Math.max(account.fullAt, Date.now());
		account.fullAt = fullAt + interval;
		const wait = fullAt - (limits.burst - 1) * interval - Date.now();
		if (wait > 0) await pause(wait, cancelled);
		const paused = account.pausedUntil - Date.now();
		if (paused <= 0) return;
		// The turn fell into a pause: those who wait there would all go at its end, so each takes another.
		await pause(paused, cancelled);
	}
}
