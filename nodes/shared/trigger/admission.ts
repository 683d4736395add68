import { abortable, monotonicNow } from '../contract/clock';
import type { RateLimits } from '../contract/provider';

/** Events of one account that are being verified at once; the others wait outside of the rate limiter. */
const maxActive = 8;
/** Milliseconds within which an event must be verified; the rest of the provider's patience is for n8n. */
const maxWaitMs = 7000;
/** Weight of the newest measurement. */
const alpha = 0.5;

/**
 * Lets in as many events as can be verified in time, and refuses the others before they cost a request.
 * The provider delivers those again. Of the admitted ones few are active at a time, so that an event's
 * second request does not queue behind the first requests of all the others.
 */
class EventAdmission {
	private active = 0;
	private waiting: Array<() => void> = [];
	/** Measured, ms from one verified event to the next. */
	private measured = 0;
	private lastEnd: number | undefined;

	/** @returns false: the event cannot be verified in time */
	canAdmit(msPerEvent: number): boolean {
		const ahead = this.active + this.waiting.length;
		return ahead === 0 || (ahead + 1) * Math.max(msPerEvent, this.measured) <= maxWaitMs;
	}

	/** @throws the signal's reason */
	async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
		await this.enter(signal);
		const start = monotonicNow();
		try {
			return await work();
		} finally {
			this.measure(start);
			this.active--;
			this.waiting.shift()?.();
		}
	}

	private async enter(signal: AbortSignal): Promise<void> {
		if (this.active >= maxActive) {
			let enter: () => void = () => {};
			const turn = new Promise<void>((resolve) => (enter = resolve));
			this.waiting.push(enter);
			try {
				await abortable(turn, signal);
			} catch (reason) {
				this.waiting = this.waiting.filter((other) => other !== enter);
				return await Promise.reject(reason);
			}
		}
		this.active++;
	}

	private measure(start: number): void {
		const end = monotonicNow();
		const isBusy = this.waiting.length > 0;
		const sample =
			isBusy && this.lastEnd !== undefined ? end - this.lastEnd : (end - start) / maxActive;
		this.measured += alpha * (sample - this.measured);
		this.lastEnd = isBusy ? end : undefined;
	}
}

/** By account. Module level: all nodes of this process share the account's rate. */
const admissions = new Map<string, EventAdmission>();

/** How one event asks to be verified. */
export interface AdmissionRequest {
	accountKey: string;
	limits: RateLimits;
	requestsPerEvent: number;
	/** Ends the wait. */
	signal: AbortSignal;
}

/** `refused`: too many events wait already, and nothing was sent. */
export type Admitted<T> = { kind: 'done'; result: T } | { kind: 'refused' };

/** Runs the work of one event if it can end in time. @throws what `work` throws, or the signal's reason */
export async function admit<T>(
	{ accountKey, limits, requestsPerEvent, signal }: AdmissionRequest,
	work: () => Promise<T>,
): Promise<Admitted<T>> {
	const admission = admissions.get(accountKey) ?? new EventAdmission();
	admissions.set(accountKey, admission);
	const msPerEvent = (requestsPerEvent * 60_000) / limits.requestsPerMinute;
	if (!admission.canAdmit(msPerEvent)) return { kind: 'refused' };
	return { kind: 'done', result: await admission.run(work, signal) };
}
