import type { Clock } from './clock';
import { isLoopback } from './hosts';
import { postJson } from './postJson';
import { type ProviderName, providerNamed } from './providerNames';

/** Faults of a provider's webhook calls. */
export const deliveryFaultKinds = ['twice', 'late', 'outOfOrder', 'wrongSecret', 'none'] as const;

export type DeliveryFaultKind = (typeof deliveryFaultKinds)[number];

/** A webhook call to send. */
export interface WebhookCall {
	provider: ProviderName;
	url: string;
	/** The event's type, e.g. `referral.cancelled`. */
	event: string;
	/** The event's ID, the same for every attempt. */
	eventId: string;
	headers: Record<string, string>;
	/** Names of the headers that authenticate the call. */
	secrets: string[];
	body: unknown;
	/** Delay before each retry, in ms. */
	retryDelaysMs: number[];
	timeoutMs: number;
	/** Called after each attempt; `isLast` tells whether no retry follows. */
	onAttempt?: (delivery: Delivery, isLast: boolean) => void;
}

/** One attempt to send a webhook call. */
export interface Delivery {
	/** ISO 8601. */
	at: string;
	provider: ProviderName;
	url: string;
	event: string;
	eventId: string;
	/** From 1; 0 if no request was sent. */
	attempt: number;
	/** The receiver's status; null without a response. */
	status: number | null;
	/** The first 500 characters of the response. */
	answer?: string;
	/** The reason why there is no response. */
	error?: string;
	fault?: DeliveryFaultKind;
	body: unknown;
}

interface ActiveFault {
	kind: DeliveryFaultKind;
	delayMs: number;
	/** For `outOfOrder`: sends the call that is held until the next one has been sent. */
	held?: () => void;
}

const maxKept = 10_000;

/** Sends the providers' webhook calls, retries them until the receiver responds with 2xx, and logs them. */
export class Deliveries {
	private attempts: Delivery[] = [];
	private readonly faults = new Map<ProviderName, ActiveFault>();
	/** Timers of scheduled calls, each with the function that cancels it. */
	private readonly waiting = new Map<NodeJS.Timeout, () => void>();
	private inProgress = new Set<Promise<void>>();
	private stop = new AbortController();

	constructor(private readonly clock: Clock) {}

	/**
	 * Applies a fault to every call of the provider; null removes it.
	 * @param delayMs delay of `late`, and the longest time that `outOfOrder` holds a call; default 1,000
	 * @throws RangeError if the provider or the kind does not exist
	 */
	setFault(provider: string, kind: DeliveryFaultKind | null, delayMs = 1_000): void {
		const name = providerNamed(provider);
		if (kind !== null && !deliveryFaultKinds.includes(kind)) {
			throw new RangeError(`No fault "${kind}"; there are ${deliveryFaultKinds.join(', ')}`);
		}
		this.faults.get(name)?.held?.();
		if (kind === null) this.faults.delete(name);
		else this.faults.set(name, { kind, delayMs });
	}

	activeFaults(): Record<ProviderName, DeliveryFaultKind> {
		return Object.fromEntries([...this.faults].map(([name, { kind }]) => [name, kind]));
	}

	/** Schedules the call, with the provider's fault applied. */
	send(call: WebhookCall): void {
		const fault = this.faults.get(call.provider);
		switch (fault?.kind) {
			case 'none':
				this.record(call, 0, { status: null, error: 'not sent' });
				return;
			case 'twice':
				this.schedule(call, 1, 0);
				this.schedule(call, 1, 0);
				return;
			case 'late':
				this.schedule(call, 1, fault.delayMs);
				return;
			case 'outOfOrder':
				this.sendOutOfOrder(call, fault);
				return;
			case 'wrongSecret':
				this.schedule({ ...call, headers: withWrongSecrets(call) }, 1, 0);
				return;
			default:
				this.schedule(call, 1, 0);
		}
	}

	list(provider?: ProviderName): Delivery[] {
		return structuredClone(
			provider ? this.attempts.filter((delivery) => delivery.provider === provider) : this.attempts,
		);
	}

	/** Resolves when no call is in progress or scheduled. */
	async done(): Promise<void> {
		while (this.inProgress.size > 0) await Promise.all(this.inProgress);
	}

	/** Cancels all scheduled calls and forgets all faults and attempts. */
	clear(): void {
		this.stop.abort();
		this.stop = new AbortController();
		for (const [timer, giveUp] of this.waiting) {
			clearTimeout(timer);
			giveUp();
		}
		this.waiting.clear();
		this.inProgress = new Set();
		this.faults.clear();
		this.attempts = [];
	}

	private sendOutOfOrder(call: WebhookCall, fault: ActiveFault): void {
		if (fault.held) {
			const first = fault.held;
			fault.held = undefined;
			this.schedule({ ...call, onAttempt: after(call, first) }, 1, 0);
			return;
		}
		// Held until the next call has been answered, or until delayMs is over.
		let isSent = false;
		const release = () => {
			if (!isSent) this.schedule(call, 1, 0);
			isSent = true;
			fault.held = undefined;
		};
		fault.held = release;
		this.runLater(fault.delayMs, async () => release());
	}

	private schedule(call: WebhookCall, attempt: number, waitMs: number): void {
		this.runLater(waitMs, async () => await this.attempt(call, attempt));
	}

	private runLater(waitMs: number, act: () => Promise<void>): void {
		const job = new Promise<void>((resolve) => {
			const timer = setTimeout(() => {
				this.waiting.delete(timer);
				resolve(act());
			}, waitMs);
			timer.unref();
			this.waiting.set(timer, resolve);
		});
		this.inProgress.add(job);
		void job.finally(() => this.inProgress.delete(job));
	}

	private async attempt(call: WebhookCall, attempt: number): Promise<void> {
		const { signal } = this.stop;
		if (!URL.canParse(call.url) || !isLoopback(new URL(call.url))) {
			const error = 'not sent: the sandbox calls only this machine';
			const unsent = this.record(call, 0, { status: null, error });
			call.onAttempt?.(unsent, true);
			return;
		}
		const { headers, timeoutMs } = call;
		const body = JSON.stringify(call.body);
		const result = await postJson(new URL(call.url), { headers, body, timeoutMs, signal });
		if (signal.aborted) return;
		const isTaken = result.status !== null && result.status >= 200 && result.status < 300;
		const wait = isTaken ? undefined : call.retryDelaysMs[attempt - 1];
		const made = this.record(call, attempt, result);
		call.onAttempt?.(made, wait === undefined);
		if (wait !== undefined) this.schedule(call, attempt + 1, wait);
	}

	private record(
		{ provider, url, event, eventId, body }: WebhookCall,
		attempt: number,
		result: Pick<Delivery, 'status' | 'answer' | 'error'>,
	): Delivery {
		const at = this.clock.now().toISOString();
		const fault = this.faults.get(provider)?.kind;
		const delivery = { at, provider, url, event, eventId, attempt, ...result, fault, body };
		this.attempts.push(delivery);
		if (this.attempts.length > maxKept) this.attempts.shift();
		return delivery;
	}
}

function withWrongSecrets({ headers, secrets }: WebhookCall): Record<string, string> {
	return { ...headers, ...Object.fromEntries(secrets.map((name) => [name, 'a wrong secret'])) };
}

function after({ onAttempt }: WebhookCall, act: () => void): WebhookCall['onAttempt'] {
	return (delivery, isLast) => {
		onAttempt?.(delivery, isLast);
		if (delivery.attempt <= 1) act();
	};
}
