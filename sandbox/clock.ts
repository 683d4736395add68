const day = 86_400_000;

/** The sandbox's time: the real one, or one that stands still so that every date is known. */
export class Clock {
	private frozen: Date | null = null;

	now(): Date {
		return new Date(this.frozen ?? Date.now());
	}

	/** @param time ISO 8601; null lets the real time run again. */
	freeze(time: string | null): void {
		if (time === null) {
			this.frozen = null;
			return;
		}
		const date = new Date(time);
		if (Number.isNaN(date.getTime())) throw new RangeError(`"${time}" is not an ISO 8601 time`);
		this.frozen = date;
	}

	/** The frozen time, or null while the real time runs. */
	frozenAt(): string | null {
		return this.frozen?.toISOString() ?? null;
	}

	/** Midnight UTC, so many days from today, as ISO 8601. Sample dates are made of these. */
	midnight(days: number): string {
		return new Date(Math.floor(this.now().getTime() / day) * day + days * day).toISOString();
	}
}
