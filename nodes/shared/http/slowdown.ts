/** How much longer the time between two requests becomes after a 429, as a share of it. */
const step = 0.05;
/** The slowest: half the configured rate. */
const maxFactor = 2;
/** How much of the slowdown one response that is no 429 takes away. */
const recovery = 0.9999;

/** The time between two requests, as a multiple of what the configured rate asks for; learned from 429s. */
export class Slowdown {
	private current = 1;

	get factor(): number {
		return this.current;
	}

	/** After a 429. Each of several processes gets 429s of its own and takes its part of the step. */
	increase(processes: number): void {
		this.current = Math.min(maxFactor, this.current * (1 + step / processes));
	}

	/** After any other response. */
	recover(): void {
		this.current = Math.max(1, this.current * recovery);
	}

	/** Keeps one step at most: the 429s came of other processes, whose number is known by now. */
	reduceToOneStep(): void {
		this.current = Math.min(this.current, 1 + step);
	}

	/** The provider says that enough remains for the configured rate. */
	reset(): void {
		this.current = 1;
	}
}
