import { now } from './time';

const day = 86_400_000;

/** The sandbox's clock: the real time, or a frozen time that makes every date predictable. */
export class Clock {
	private frozen: Date | null = null;

	now(): Date {
		return new Date(this.frozen ?? now());
	}

	/** @param time ISO 8601; null returns to the real time. */
	freeze(time: string | null): void {
		if (time === null) {
			this.frozen = null;
			return;
		}
		const date = new Date(time);
		if (Number.isNaN(date.getTime())) throw new RangeError(`"${time}" is not an ISO 8601 time`);
		this.frozen = date;
	}

	/** The frozen time, or null if the clock is not frozen. */
	frozenAt(): string | null {
		return this.frozen?.toISOString() ?? null;
	}

	/** Midnight UTC of the day that is `days` from today, as ISO 8601; the base of all sample dates. */
	midnight(days: number): string {
		return new Date(Math.floor(this.now().getTime() / day) * day + days * day).toISOString();
	}
}
