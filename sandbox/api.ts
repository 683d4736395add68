import type { AgentScript } from './agent';
import type { Delivery, DeliveryFaultKind } from './deliveries';
import type { Model } from './openai';
import type { ProviderName } from './providerNames';
import type { Fault, Limit, Scenario, Seed } from './scenario';
import type { SettingsChange } from './settings';
import type { JournalEntry, RequestEntry } from './requestLog';
import type { CustomerCancellation, PastedWebhook, ProviderApi } from './providerApi';
import type { SandboxState } from './sandboxState';

/** A running sandbox. Wherever a provider is named, capitals do not matter. */
export interface Sandbox {
	/** Without a slash at the end, e.g. `http://127.0.0.1:4010`. */
	url: string;
	port: number;
	/** Every accepted write, in order. */
	journal(provider?: string): JournalEntry[];
	/** Every request to a vendor, in order of arrival. */
	requests(provider?: string): RequestEntry[];
	/** The most requests in flight at once since the last reset. */
	maxInFlight(provider?: string): number;
	/**
	 * Everything as at the start, except a frozen clock: it stays, and dates the samples anew.
	 * @param how with `keepWebhooks` the registered and pasted webhooks stay too
	 */
	reset(how?: { keepWebhooks?: boolean }): void;
	/** Adds to what is there. */
	seed(seed: Seed): void;
	/** Adds a fault to those that are on. */
	fault(fault: Fault): void;
	clearFaults(): void;
	/** Null takes the limit away. */
	limit(provider: string, limit: Limit | null): void;
	/** Every answer takes so many milliseconds at least; `*` means all providers. */
	latency(provider: string, ms: number): void;
	/** Sets numbers such as `lagMs`, and `assumptions`, until the next reset. */
	settings(provider: string, change: SettingsChange): void;
	/** Lets what was accepted, but waits in the background, take effect now. */
	catchUp(): void;
	/** A change made by somebody else, in the vendor's field names. False: no such record. */
	change(provider: string, target: string, change: Record<string, unknown>): boolean;
	/**
	 * This customer leaves by themselves: the record changes, and the provider's webhooks are called.
	 * False: no such record.
	 */
	customerCancels(provider: string, target: string, how?: Partial<CustomerCancellation>): boolean;
	/** This customer comes back, likewise. */
	customerReturns(provider: string, target: string, how?: { at?: string }): boolean;
	/** Every attempt to call a webhook, in order. */
	deliveries(provider?: string): Delivery[];
	/** Resolves when no call of a webhook is under way or waits to be made or repeated. */
	deliveriesDone(): Promise<void>;
	/** From now on so many things go wrong with each webhook call of the provider; null: nothing. */
	deliveryFault(provider: string, kind: DeliveryFaultKind | null, delayMs?: number): void;
	/** The webhooks that the provider calls, as it shows them itself. */
	webhooks(provider: string): object[];
	/** Fills in an address where the provider lets webhooks be set by hand only; null: none. */
	pasteWebhook(provider: string, webhook: PastedWebhook | null): void;
	/** What the AI model at `/openai/v1` does; null: call the first tool, then carry it out. */
	agent(script: AgentScript | null): void;
	/** Stops the clock at an ISO time; null lets it run. Samples keep their dates until `reset`. */
	freeze(time: string | null): void;
	/** Closes at once, even with answers outstanding. */
	close(): Promise<void>;
}

/** What the control routes may use beyond the program interface. */
export interface SandboxControls extends Sandbox {
	sandboxState: SandboxState;
	apis: ProviderApi[];
	model: Model;
	scenario: Scenario;
	/** Each provider's rows as they were after the last reset, by target. */
	baseline: Map<ProviderName, Map<string, string>>;
	/** Makes this the starting state, and starts. */
	loadScenario(scenario: Scenario): void;
}
