/** The longest wait that is taken at its word; a larger number is an error of whoever sent it. */
const longest = 31 * 24 * 3_600_000;

/**
 * Milliseconds that a Retry-After header asks for: seconds, or an HTTP date (RFC 9110, 10.2.3);
 * undefined where it is neither.
 * @param now ms since 1970
 */
export function parseRetryAfter(asked: string | undefined, now: number): number | undefined {
	const text = asked?.trim() ?? '';
	if (/^\d+(\.\d+)?$/.test(text)) return Math.min(longest, Number(text) * 1000);
	// "-5" and "1, 2" would be dates to Date.parse.
	if (!/^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d/.test(text)) return undefined;
	const at = Date.parse(text);
	return Number.isNaN(at) ? undefined : Math.min(longest, Math.max(0, at - now));
}
