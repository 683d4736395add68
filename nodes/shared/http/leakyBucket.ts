/** Requests sent lately, as of a time of the monotonic clock; they leak out at the rate that holds by then. */
export interface LeakyBucket {
	level: number;
	at: number;
}

/** What a bucket holds to: requests per millisecond, and how many may start at once. */
export interface Rate {
	rate: number;
	burst: number;
}

export const emptyBucket = (): LeakyBucket => ({ level: 0, at: 0 });

/** When the next request may start. */
export const nextFreeAt = ({ level, at }: LeakyBucket, { rate, burst }: Rate): number =>
	at + Math.max(0, level + 1 - burst) / rate;

/**
 * Counts a request that starts now. One that was already waiting when it was due is counted as started
 * then, or one interval ago at most: late timers do not lower the rate, and a long delay is not caught up.
 * @param since when the request began to wait
 */
export function addRequest(bucket: LeakyBucket, rate: Rate, now: number, since: number): void {
	const due = nextFreeAt(bucket, rate);
	const startedAt = since <= due ? Math.max(due, now - 1 / rate.rate) : now;
	const rest = bucket.level - Math.max(0, startedAt - bucket.at) * rate.rate;
	bucket.level = Math.max(0, rest) + 1;
	bucket.at = startedAt;
}
