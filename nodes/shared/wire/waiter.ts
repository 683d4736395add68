import type { Limits } from '../contract/provider';
import { clock } from './bucket';

/** The provider has closed the account for longer than `longestWait`: when to come back, UTC ISO 8601. */
export interface Away {
	comeBackAt: string;
}

/** Gives a turn back, with the answer's status and headers where there was one; must be called. */
export type GiveBack = (status?: number, headers?: Record<string, string>) => void;

/** Milliseconds that anybody waits at most because the provider said so. */
export const longestWait = 120_000;

/** Somebody who wants to send one request. */
export class Waiter {
	readonly since = clock();
	/** What came of it: the turn, or none. */
	its?: GiveBack | Away;
	private tell: (its: GiveBack | Away) => void = () => {};
	readonly served = new Promise<GiveBack | Away>((resolve) => (this.tell = resolve));

	constructor(readonly limits: Required<Limits>) {}

	get(its: GiveBack | Away): void {
		this.its = its;
		this.tell(its);
	}
}

/** Of those of one limit. */
export const largest = (waiters: Waiter[], name: keyof Limits): number =>
	waiters.reduce((most, { limits }) => Math.max(most, limits[name] ?? 0), 0);
