import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';

import * as source from '../../nodes/shared/contract/clock';
import { installTime } from '../../sandbox/time';

/** The clock of the built package. */
const built = jest.requireActual<typeof source>('../../dist/nodes/shared/contract/clock');

/** n8n's HTTP client, as the test environment counts its requests. */
interface Traffic {
	inFlight: number;
	/** Grows whenever a request starts or ends. */
	events: number;
}

declare const n8nPackages: { traffic: Traffic };

/**
 * Turns of the event loop without an event after which nothing is left to do. While a request is in flight
 * a turn takes a millisecond: a response that has not come by then is held back, or never comes.
 */
const turns = 20;

/**
 * The time of the node and of the sandbox. It jumps to the next wake-up as soon as nothing else is left to do:
 * minutes of waiting take the time of the computing alone.
 */
export class VirtualTime implements source.Clock {
	/** Milliseconds of waiting that were left out. */
	private skipped = 0;
	private readonly sleepers = new Set<{ at: number; wake: () => void }>();
	private events = 0;
	private isRunning = false;
	private readonly uninstall: Array<() => void>;

	constructor() {
		const { now, monotonicNow, sleep } = this;
		this.uninstall = [
			built.installClock(this),
			source.installClock(this),
			installTime({
				now,
				monotonicNow,
				sleep: async (ms, signal) => await source.abortable(sleep(ms), signal),
			}),
		];
	}

	readonly now = (): number => Date.now() + this.skipped;
	readonly monotonicNow = (): number => performance.now() + this.skipped;

	readonly sleep = async (ms: number): Promise<void> => {
		this.events++;
		await new Promise<void>((wake) => {
			this.sleepers.add({ at: this.monotonicNow() + Math.max(0, ms), wake });
			void this.run();
		});
	};

	/** Lets time pass, whatever is going on. */
	pass(ms: number): void {
		this.skipped += ms;
	}

	restore(): void {
		this.sleepers.clear();
		this.uninstall.forEach((restore) => restore());
	}

	private async run(): Promise<void> {
		if (this.isRunning) return;
		this.isRunning = true;
		while (this.sleepers.size > 0) {
			if (await this.isQuiet())
				this.skipped += Math.max(0, this.nextWakeUp() - this.monotonicNow());
			this.wakeUp();
		}
		this.isRunning = false;
	}

	/** Whether nothing is left to do but to wait. */
	private async isQuiet(): Promise<boolean> {
		const { traffic } = n8nPackages;
		const before = this.events + traffic.events;
		for (let turn = 0; turn < turns; turn++) {
			if (traffic.inFlight === 0) await nextTurn();
			else await wait(1);
			const isDue = this.nextWakeUp() <= this.monotonicNow();
			if (isDue || this.events + traffic.events !== before) return false;
		}
		return true;
	}

	private nextWakeUp(): number {
		return Math.min(...[...this.sleepers].map(({ at }) => at));
	}

	private wakeUp(): void {
		const due = [...this.sleepers].filter(({ at }) => at <= this.monotonicNow());
		for (const sleeper of due.sort((one, other) => one.at - other.at)) {
			this.sleepers.delete(sleeper);
			this.events++;
			sleeper.wake();
		}
	}
}

let current: VirtualTime | undefined;

beforeEach(() => void (current = new VirtualTime()));
afterEach(() => current?.restore());

/** The virtual time of the running test. */
export function virtualTime(): VirtualTime {
	if (!current) throw new Error('no test runs');
	return current;
}
