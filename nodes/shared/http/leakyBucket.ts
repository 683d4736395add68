/** Requests sent lately, as of a moment of `clock`; they run out at the pace that holds by then. */
export interface LeakyBucket {
	level: number;
	at: number;
}

/** What a bucket holds to: requests per millisecond, and how many may go out at once. */
export interface Rate {
	rate: number;
	burst: number;
}

export const emptyBucket = (): LeakyBucket => ({ level: 0, at: 0 });

/** When the next request may go. */
export const nextFreeAt = ({ level, at }: LeakyBucket, { rate, burst }: Rate): number =>
	at + Math.max(0, level + 1 - burst) / rate;

/**
 * Counts a request that goes now. Who stood in line when it was due is counted as having gone then, or
 * one interval ago at most: so that late timers do not slow the pace, and a long delay is not caught up.
 */
export function addRequest(bucket: LeakyBucket, pace: Rate, now: number, since: number): void {
	const due = nextFreeAt(bucket, pace);
	const when = since <= due ? Math.max(due, now - 1 / pace.rate) : now;
	const left = bucket.level - Math.max(0, when - bucket.at) * pace.rate;
	bucket.level = Math.max(0, left) + 1;
	bucket.at = when;
}
