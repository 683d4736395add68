const day = 86_400_000;

/** No quota is counted over more than a month: a longer wait is not what was meant. */
const maxRetryAfterMs = 31 * day;

const weekday = /^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i;
const iso = /^\d{4}-\d\d-\d\dT/;
const zone = /(gmt|utc|z|[+-]\d\d:?\d\d)$/i;

/**
 * How long a `Retry-After` asks to wait: seconds, or a date as HTTP (RFC 9110, 10.2.3) or ISO 8601
 * writes it.
 * @param now ms since 1970
 * @returns milliseconds from 0 to 31 days; undefined where it is neither
 */
export function parseRetryAfter(text: string | undefined, now: number): number | undefined {
	const asked = text?.trim() ?? '';
	if (/^\d+(\.\d+)?$/.test(asked)) return clamp(Number(asked) * 1000);
	if (!weekday.test(asked) && !iso.test(asked)) return undefined;
	// The oldest of the three forms names no zone: it is GMT as well.
	const date = Date.parse(zone.test(asked) ? asked : `${asked}${iso.test(asked) ? 'Z' : ' GMT'}`);
	return Number.isNaN(date) ? undefined : clamp(date - now);
}

/** What remains of an account's limit, and for how many milliseconds it has to do. */
export interface RateLimitStatus {
	requests: number;
	ms: number;
}

/**
 * What the headers that Azotte's older documents name say of an account, or the same ones without `X-`,
 * as others write them: what remains, and when it is filled again (seconds from now, or since 1970).
 * @returns undefined where the answer does not say
 */
export function parseRateLimitHeaders(
	headers: Record<string, string>,
	now: number,
): RateLimitStatus | undefined {
	const said = (name: string) =>
		(headers[`x-ratelimit-${name}`] ?? headers[`ratelimit-${name}`])?.trim() ?? '';
	if (!/^\d+$/.test(said('remaining'))) return undefined;
	const reset = said('reset');
	const ms = /^\d+$/.test(reset)
		? clamp(Number(reset) * 1000 - (Number(reset) > 1e9 ? now : 0))
		: parseRetryAfter(said('retry-after'), now);
	return ms === undefined ? undefined : { requests: Number(said('remaining')), ms };
}

const clamp = (ms: number) => Math.min(maxRetryAfterMs, Math.max(0, ms));
