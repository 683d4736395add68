import { setTimeout as wait } from 'node:timers/promises';

import { installClock } from '../../nodes/shared/contract/clock';

/**
 * Time that passes only when nothing else is left to do: minutes of waiting take the time of the
 * computing alone.
 */
export class VirtualTime {
	private time = 0;
	private readonly start = Date.now();
	private readonly sleepers: Array<{ at: number; wake: () => void }> = [];
	/** Counts whatever happens, to see when nothing does. */
	private activity = 0;
	private readonly restore = installClock({
		now: () => this.start + this.time,
		monotonicNow: () => this.time,
		sleep: async (ms) => await this.sleep(ms),
	});

	/** Milliseconds since the beginning. */
	get now(): number {
		return this.time;
	}

	noteActivity(): void {
		this.activity++;
	}

	async sleep(ms: number): Promise<void> {
		this.activity++;
		await new Promise<void>((wake) => this.sleepers.push({ at: this.time + ms, wake }));
	}

	/** Lets time pass until the work is done, and gives n8n its clock back. */
	async run(work: Promise<unknown>): Promise<void> {
		let isDone = false;
		const ended = work.finally(() => (isDone = true));
		try {
			while (!isDone) {
				await this.untilQuiet();
				this.advance();
			}
			await ended;
		} finally {
			this.restore();
		}
	}

	private async untilQuiet(): Promise<void> {
		for (let before = -1, quiet = 0; quiet < 3; quiet = before === this.activity ? quiet + 1 : 0) {
			before = this.activity;
			await wait(1);
		}
	}

	private advance(): void {
		this.sleepers.sort((one, other) => one.at - other.at);
		const next = this.sleepers.shift();
		if (!next) return;
		this.time = Math.max(this.time, next.at);
		next.wake();
	}
}
