/** How many other processes were found to share an account. All times are of the monotonic clock, ms. */
export class Peers {
	private counts: Array<{ others: number; until: number }> = [];

	/** This count holds for `ms` milliseconds. */
	add(others: number, ms: number, at: number): void {
		this.counts = [...this.counts.filter(({ until }) => until > at), { others, until: at + ms }];
	}

	/** The processes on the account, this one included: the largest count that holds. */
	processes(at: number): number {
		const holding = this.counts.filter(({ until }) => until > at);
		return 1 + Math.max(0, ...holding.map(({ others }) => others));
	}
}
