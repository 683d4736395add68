/**
 * How many requests may be in flight: additive increase, multiplicative decrease (AIMD, as TCP's
 * congestion window).
 */
export class ConcurrencyWindow {
	private current = Infinity;

	/** At least one. */
	get size(): number {
		return Math.max(1, this.current);
	}

	/** After a 429. @param limit what the request's own settings allow */
	decrease(limit: number): void {
		this.current = Math.min(this.current, limit) / 2;
	}

	/** After any other response. */
	increase(): void {
		this.current += 1 / this.size;
	}
}
