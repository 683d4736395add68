import { setMaxListeners } from 'node:events';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { Clock } from './clock';
import { Deliveries } from './deliveries';
import { Faults } from './faults';
import { Limits } from './limits';
import { Settings } from './settings';
import { RequestLog } from './requestLog';
import type { ProviderName } from './providerNames';

/** What the vendors share: time, traffic, and the trouble that is switched on. */
export class SandboxState {
	readonly clock = new Clock();
	readonly requestLog = new RequestLog(this.clock);
	readonly deliveries = new Deliveries(this.clock);
	readonly faults = new Faults();
	readonly limits = new Limits();
	readonly settings = new Settings();
	readonly latency = new Map<ProviderName | '*', number>();
	/** Goes up with each reset: what began in an earlier round has no effect any more. */
	resetCount = 0;
	private readonly closing = new AbortController();

	constructor() {
		// Every answer that is held listens, and there may be many.
		setMaxListeners(0, this.closing.signal);
	}

	/** Milliseconds that every answer of this provider takes at least. */
	latencyOf(provider: ProviderName): number {
		return this.latency.get(provider) ?? this.latency.get('*') ?? 0;
	}

	/**
	 * Waits; ends at once when the sandbox closes. Does not keep the process alive. Even a pause of
	 * nothing lets the requests in that came at the same time, so that they are seen side by side.
	 */
	async delay(ms: number): Promise<void> {
		if (ms <= 0) {
			await nextTurn();
			return;
		}
		await wait(ms, undefined, { signal: this.closing.signal, ref: false }).catch(() => undefined);
	}

	close(): void {
		this.resetCount += 1;
		this.deliveries.clear();
		this.closing.abort();
	}
}
