import { setMaxListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Clock } from './clock';
import { Deliveries } from './deliveries';
import { Faults } from './faults';
import { Limits } from './limits';
import { Settings } from './settings';
import { RequestLog } from './requestLog';
import type { ProviderName } from './providerNames';
import { sleep } from './time';

/** State that the providers share: clock, logs, faults, limits and settings. */
export class SandboxState {
	readonly clock = new Clock();
	readonly requestLog = new RequestLog(this.clock);
	readonly deliveries = new Deliveries(this.clock);
	readonly faults = new Faults();
	readonly limits = new Limits();
	readonly settings = new Settings();
	readonly latency = new Map<ProviderName | '*', number>();
	/** Number of resets; a request that began before the last reset must not write. */
	resetCount = 0;
	private readonly closing = new AbortController();

	constructor() {
		// Every delayed response adds a listener.
		setMaxListeners(0, this.closing.signal);
	}

	/** Minimum duration of the provider's responses, in ms. */
	latencyOf(provider: ProviderName): number {
		return this.latency.get(provider) ?? this.latency.get('*') ?? 0;
	}

	/**
	 * Waits; returns at once when the sandbox closes. A delay of 0
	 * yields to the event loop, so that concurrent requests are counted as concurrent.
	 */
	async delay(ms: number): Promise<void> {
		if (ms <= 0) {
			await nextTurn();
			return;
		}
		await sleep(ms, this.closing.signal).catch(() => undefined);
	}

	close(): void {
		this.resetCount += 1;
		this.deliveries.clear();
		this.closing.abort();
	}
}
