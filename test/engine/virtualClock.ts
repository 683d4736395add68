import { installClock, type Clock } from '../../nodes/shared/contract/clock';

/**
 * Time that passes only while everything waits: it then jumps to the next wake-up. So a wait of minutes
 * takes no time, and the order of events is always the same.
 */
export class VirtualClock implements Clock {
	private wall = Date.parse('2026-11-21T10:00:00Z');
	private monotonic = 1_000_000;
	private sleepers: Array<{ at: number; wake: () => void }> = [];
	private isScheduled = false;

	now = (): number => this.wall;
	monotonicNow = (): number => this.monotonic;
	sleep = async (ms: number): Promise<void> =>
		await new Promise((wake) => {
			this.sleepers.push({ at: this.monotonic + Math.max(0, ms), wake });
			this.sleepers.sort((one, other) => one.at - other.at);
			this.schedule();
		});

	/** The wall clock is set; monotonic time goes on as it was. */
	setWallClock(byMs: number): void {
		this.wall += byMs;
	}

	/** Both clocks go on, and wake no sleeper. */
	pass(ms: number): void {
		this.wall += ms;
		this.monotonic += ms;
	}

	/** After all that runs has come to a wait. */
	private schedule(): void {
		if (this.isScheduled) return;
		this.isScheduled = true;
		setImmediate(() => {
			this.isScheduled = false;
			const next = this.sleepers.shift();
			if (!next) return;
			this.pass(Math.max(0, next.at - this.monotonic));
			next.wake();
			if (this.sleepers.length > 0) this.schedule();
		});
	}
}

/** Runs a test on virtual time. */
export async function onVirtualClock<T>(test: (clock: VirtualClock) => Promise<T> | T): Promise<T> {
	const clock = new VirtualClock();
	const uninstall = installClock(clock);
	try {
		return await test(clock);
	} finally {
		uninstall();
	}
}
