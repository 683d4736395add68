import { monotonicNow, now } from '../contract/clock';

/** A request without a response may run at the provider for at least so long, ms. */
const minRunMs = 10_000;

/** This process, for as long as it runs: monotonic times of another one cannot be compared. */
const processId = Math.random().toString(36).slice(2, 10);

/** A request was sent, and its result is not known; JSON, because the ledger saves it. */
export interface Doubt {
	/** When the first request in doubt was sent, ms since 1970. */
	firstSentAt: number;
	/** For how long the last one may run, ms. */
	mayRunMs: number;
	/** The process that sent the last one, and its monotonic time. */
	process: string;
	sentAtMonotonic: number;
}

/**
 * A request leaves now.
 * @param timeout ms after which nothing is expected from it
 */
export function beginDoubt(timeout: number, earlier?: Doubt): Doubt {
	return {
		firstSentAt: earlier?.firstSentAt ?? now(),
		mayRunMs: Math.max(timeout, minRunMs),
		process: processId,
		sentAtMonotonic: monotonicNow(),
	};
}

/**
 * A doubt as this process can measure it. How long ago another process sent the request only wall clocks
 * would tell, which may be hours apart: its whole time counts from now.
 */
export const adoptDoubt = (doubt: Doubt): Doubt =>
	doubt.process === processId
		? doubt
		: { ...doubt, process: processId, sentAtMonotonic: monotonicNow() };

/** For how many ms the request may still be running. */
export const mayRunForMs = ({ sentAtMonotonic, mayRunMs }: Doubt): number =>
	Math.max(0, sentAtMonotonic + mayRunMs - monotonicNow());

/** The doubt of the two whose request may run longer. */
export function laterDoubt(one: Doubt | undefined, other: Doubt | undefined): Doubt | undefined {
	if (!one || !other) return one ?? other;
	const [longer, shorter] = mayRunForMs(one) >= mayRunForMs(other) ? [one, other] : [other, one];
	return { ...longer, firstSentAt: Math.min(longer.firstSentAt, shorter.firstSentAt) };
}
