import type { Clock } from './clock';
import { isLoopback } from './hosts';
import { postJson } from './postJson';
import { type ProviderName, providerNamed } from './providerNames';

/** What can go wrong with a provider's webhooks, on purpose. */
export const deliveryFaultKinds = ['twice', 'late', 'outOfOrder', 'wrongSecret', 'none'] as const;

export type DeliveryFaultKind = (typeof deliveryFaultKinds)[number];

/** A webhook call that is to be made. */
export interface WebhookCall {
	provider: ProviderName;
	url: string;
	/** The event's type, e.g. `referral.cancelled`. */
	event: string;
	/** The event's id: the same with each attempt. */
	eventId: string;
	headers: Record<string, string>;
	/** Those of the headers that prove where the call comes from. */
	secrets: string[];
	body: unknown;
	/** Milliseconds to wait before each further attempt. */
	retryDelaysMs: number[];
	timeoutMs: number;
	/** Told of each attempt, and whether another one follows. */
	onAttempt?: (delivery: Delivery, isLast: boolean) => void;
}

/** One attempt to deliver. */
export interface Delivery {
	/** ISO 8601. */
	at: string;
	provider: ProviderName;
	url: string;
	event: string;
	eventId: string;
	/** From 1; 0 where nothing was sent at all. */
	attempt: number;
	/** What the receiver answered; null if it did not. */
	status: number | null;
	/** The beginning of its answer. */
	answer?: string;
	/** Why there is no answer. */
	error?: string;
	fault?: DeliveryFaultKind;
	body: unknown;
}

interface ActiveFault {
	kind: DeliveryFaultKind;
	delayMs: number;
	/** With `outOfOrder`: the call that waits for the next one. */
	held?: () => void;
}

const maxKept = 10_000;

/** The providers' webhook calls: made, repeated until somebody answers 2xx, and noted. */
export class Deliveries {
	private attempts: Delivery[] = [];
	private readonly faults = new Map<ProviderName, ActiveFault>();
	/** What waits for its time, and how to give it up. */
	private readonly waiting = new Map<NodeJS.Timeout, () => void>();
	private inProgress = new Set<Promise<void>>();
	private stop = new AbortController();

	constructor(private readonly clock: Clock) {}

	/**
	 * From now on so many things go wrong with each call of the provider; null: all is well again.
	 * @param delayMs how late is `late`, and how long `outOfOrder` waits for a next call at most
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

	/** Sends it soon, with what is to go wrong. */
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

	/** Resolves when no call is under way, and none waits to be made or repeated. */
	async done(): Promise<void> {
		while (this.inProgress.size > 0) await Promise.all(this.inProgress);
	}

	/** Nothing of what waits is sent any more. */
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
		// Held back: until the next call is answered, or until it has waited long enough.
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
