import type { RateLimitStatus } from './rateLimitHeaders';

/**
 * What the provider says of an account's limit: the requests that remain until it is filled again, and
 * the pauses that it asks for. A later statement replaces an earlier one of its kind, a shorter one, too.
 * All times are of the monotonic clock, ms.
 */
export class Quota {
	private left = { requests: Infinity, until: 0 };
	private exhaustedUntil = 0;
	private retryAfterUntil = 0;

	/** No request may start before. */
	get pausedUntil(): number {
		return Math.max(this.exhaustedUntil, this.retryAfterUntil);
	}

	/** Requests that remain for all processes. */
	remaining(at: number): number {
		return at < this.left.until ? this.left.requests : Infinity;
	}

	/** Applies the rate-limit headers of a response. */
	update({ requests, ms }: RateLimitStatus, at: number): void {
		const until = at + ms;
		if (requests === 0) {
			this.exhaustedUntil = until;
			return;
		}
		this.left = { requests, until };
		// By then the limit is filled again, whatever an earlier response said.
		this.exhaustedUntil = Math.min(this.exhaustedUntil, until);
	}

	/** The provider's own Retry-After. */
	retryAfter(ms: number, at: number): void {
		this.retryAfterUntil = at + ms;
	}

	/** A pause after a 429 that names none: it shortens none that the provider asked for. */
	backOff(ms: number, at: number): void {
		this.retryAfterUntil = Math.max(this.retryAfterUntil, at + ms);
	}
}
