/** No limit is counted over more than a month: what is farther away is not what was meant. */
const maxDistanceMs = 31 * 86_400_000;
/** A number of seconds from here on is a time since 1970 and no duration; from `epochMs` on it is in ms. */
const epochSeconds = 1e9;
const epochMs = 1e12;

const weekday = /^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i;
const iso = /^\d{4}-\d\d-\d\dT/;
const zone = /(gmt|utc|z|[+-]\d\d:?\d\d)$/i;

/**
 * How long a `Retry-After` asks to wait: seconds, a date as HTTP (RFC 9110, 10.2.3) or ISO 8601 writes
 * it, or a time since 1970.
 * @param now ms since 1970
 * @returns milliseconds from 0 to 31 days; undefined where it is neither, or cannot be meant
 */
export function parseRetryAfter(text: string | undefined, now: number): number | undefined {
	const value = text?.trim() ?? '';
	if (/^\d+(\.\d+)?$/.test(value)) return plausible(fromNow(Number(value), now));
	if (!weekday.test(value) && !iso.test(value)) return undefined;
	// The oldest of the three forms names no zone: it is GMT as well.
	const date = Date.parse(zone.test(value) ? value : `${value}${iso.test(value) ? 'Z' : ' GMT'}`);
	return Number.isNaN(date) ? undefined : plausible(date - now);
}

/** What remains of an account's limit, and for how many milliseconds it has to do. */
export interface RateLimitStatus {
	requests: number;
	ms: number;
}

/**
 * What the `X-RateLimit-` headers of Azotte's older documents, or the same ones without `X-`, say of an
 * account: the requests that remain, and when the limit is filled again.
 * @param now ms since 1970
 * @returns undefined where the response does not say, or says what cannot be meant
 */
export function parseRateLimitHeaders(
	headers: Record<string, string>,
	now: number,
): RateLimitStatus | undefined {
	const valueOf = (name: string) =>
		(headers[`x-ratelimit-${name}`] ?? headers[`ratelimit-${name}`])?.trim() ?? '';
	if (!/^\d+$/.test(valueOf('remaining'))) return undefined;
	const reset = valueOf('reset');
	const ms = /^\d+$/.test(reset)
		? plausible(fromNow(Number(reset), now))
		: parseRetryAfter(valueOf('retry-after'), now);
	return ms === undefined ? undefined : { requests: Number(valueOf('remaining')), ms };
}

/** Milliseconds from now: of seconds from now, of seconds or of milliseconds since 1970. */
function fromNow(value: number, now: number): number {
	if (value >= epochMs) return value - now;
	return value * 1000 - (value >= epochSeconds ? now : 0);
}

const plausible = (ms: number): number | undefined =>
	Math.abs(ms) > maxDistanceMs ? undefined : Math.max(0, ms);
