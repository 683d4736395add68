import type { Clock } from './clock';
import { isLoopback } from './hosts';
import { postTo } from './postTo';
import { type ProviderName, providerNamed } from './providerNames';

/** What can go wrong with a provider's webhooks, on purpose. */
export const deliveryFaultKinds = ['twice', 'late', 'outOfOrder', 'wrongSecret', 'none'] as const;

export type DeliveryFaultKind = (typeof deliveryFaultKinds)[number];

/** A webhook call that is to be made. */
export interface Parcel {
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
	waits: number[];
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

const mostKept = 10_000;

/** The providers' webhook calls: made, repeated until somebody answers 2xx, and noted. */
export class Deliveries {
	private made: Delivery[] = [];
	private readonly faults = new Map<ProviderName, ActiveFault>();
	/** What waits for its time, and how to give it up. */
	private readonly waiting = new Map<NodeJS.Timeout, () => void>();
	private underWay = new Set<Promise<void>>();
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

	faultsOn(): Record<ProviderName, DeliveryFaultKind> {
		return Object.fromEntries([...this.faults].map(([name, { kind }]) => [name, kind]));
	}

	/** Sends it soon, with what is to go wrong. */
	send(parcel: Parcel): void {
		const fault = this.faults.get(parcel.provider);
		switch (fault?.kind) {
			case 'none':
				this.note(parcel, 0, { status: null, error: 'not sent' });
				return;
			case 'twice':
				this.begin(parcel, 1, 0);
				this.begin(parcel, 1, 0);
				return;
			case 'late':
				this.begin(parcel, 1, fault.delayMs);
				return;
			case 'outOfOrder':
				this.sendOutOfOrder(parcel, fault);
				return;
			case 'wrongSecret':
				this.begin({ ...parcel, headers: withoutSecrets(parcel) }, 1, 0);
				return;
			default:
				this.begin(parcel, 1, 0);
		}
	}

	list(provider?: ProviderName): Delivery[] {
		return structuredClone(
			provider ? this.made.filter((delivery) => delivery.provider === provider) : this.made,
		);
	}

	/** Resolves when no call is under way, and none waits to be made or repeated. */
	async done(): Promise<void> {
		while (this.underWay.size > 0) await Promise.all(this.underWay);
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
		this.underWay = new Set();
		this.faults.clear();
		this.made = [];
	}

	private sendOutOfOrder(parcel: Parcel, fault: ActiveFault): void {
		if (fault.held) {
			const first = fault.held;
			fault.held = undefined;
			this.begin({ ...parcel, onAttempt: after(parcel, first) }, 1, 0);
			return;
		}
		// Held back: until the next call is answered, or until it has waited long enough.
		let isSent = false;
		const release = () => {
			if (!isSent) this.begin(parcel, 1, 0);
			isSent = true;
			fault.held = undefined;
		};
		fault.held = release;
		this.later(fault.delayMs, async () => release());
	}

	private begin(parcel: Parcel, attempt: number, waitMs: number): void {
		this.later(waitMs, async () => await this.attempt(parcel, attempt));
	}

	private later(waitMs: number, act: () => Promise<void>): void {
		const job = new Promise<void>((resolve) => {
			const timer = setTimeout(() => {
				this.waiting.delete(timer);
				resolve(act());
			}, waitMs);
			timer.unref();
			this.waiting.set(timer, resolve);
		});
		this.underWay.add(job);
		void job.finally(() => this.underWay.delete(job));
	}

	private async attempt(parcel: Parcel, attempt: number): Promise<void> {
		const { signal } = this.stop;
		if (!URL.canParse(parcel.url) || !isLoopback(new URL(parcel.url))) {
			const error = 'not sent: the sandbox calls only this machine';
			const unsent = this.note(parcel, 0, { status: null, error });
			parcel.onAttempt?.(unsent, true);
			return;
		}
		const { headers, timeoutMs } = parcel;
		const body = JSON.stringify(parcel.body);
		const result = await postTo(new URL(parcel.url), { headers, body, timeoutMs, signal });
		if (signal.aborted) return;
		const isTaken = result.status !== null && result.status >= 200 && result.status < 300;
		const wait = isTaken ? undefined : parcel.waits[attempt - 1];
		const made = this.note(parcel, attempt, result);
		parcel.onAttempt?.(made, wait === undefined);
		if (wait !== undefined) this.begin(parcel, attempt + 1, wait);
	}

	private note(
		{ provider, url, event, eventId, body }: Parcel,
		attempt: number,
		result: Pick<Delivery, 'status' | 'answer' | 'error'>,
	): Delivery {
		const at = this.clock.now().toISOString();
		const fault = this.faults.get(provider)?.kind;
		const delivery = { at, provider, url, event, eventId, attempt, ...result, fault, body };
		this.made.push(delivery);
		if (this.made.length > mostKept) this.made.shift();
		return delivery;
	}
}

function withoutSecrets({ headers, secrets }: Parcel): Record<string, string> {
	return { ...headers, ...Object.fromEntries(secrets.map((name) => [name, 'a wrong secret'])) };
}

function after({ onAttempt }: Parcel, act: () => void): Parcel['onAttempt'] {
	return (delivery, isLast) => {
		onAttempt?.(delivery, isLast);
		if (delivery.attempt <= 1) act();
	};
}
