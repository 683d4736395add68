import type { AgentScript } from './scriptedAgent';
import type { Delivery, DeliveryFaultKind } from './deliveries';
import type { ScriptedModel } from './openai';
import type { Fault, Limit, Scenario, Seed } from './scenario';
import type { SettingsChange } from './settings';
import type { JournalEntry, RequestEntry } from './requestLog';
import type { CustomerCancellation, PastedWebhook, ProviderApi } from './providerApi';
import type { SandboxState } from './sandboxState';

/** A running sandbox. Provider names are case-insensitive. */
export interface Sandbox {
	/** Without a slash at the end, e.g. `http://127.0.0.1:4010`. */
	url: string;
	port: number;
	/** Every accepted write, in order. */
	journal(provider?: string): JournalEntry[];
	/** Every request to a provider, in order of arrival. */
	requests(provider?: string): RequestEntry[];
	/** Maximum number of concurrent requests since the last reset. */
	maxInFlight(provider?: string): number;
	/**
	 * Restores the scenario's initial records, faults, limits and settings. A frozen clock stays frozen,
	 * and the new samples are dated by it.
	 * @param options `keepWebhooks` keeps the registered and pasted webhooks; default false
	 */
	reset(options?: { keepWebhooks?: boolean }): void;
	/** Adds records to those that exist. */
	seed(seed: Seed): void;
	/** Adds a fault. */
	fault(fault: Fault): void;
	clearFaults(): void;
	/** Replaces the provider's rate limit; null removes it. */
	limit(provider: string, limit: Limit | null): void;
	/** Sets the minimum duration of every response in ms; `*` means all providers. */
	latency(provider: string, ms: number): void;
	/** Changes numbers such as `lagMs`, and `assumptions`, until the next reset. */
	settings(provider: string, change: SettingsChange): void;
	/** Applies at once the writes that a provider has accepted and would apply later. */
	catchUp(): void;
	/** Changes a record directly, in the provider's field names. Returns false if there is no such record. */
	change(provider: string, target: string, change: Record<string, unknown>): boolean;
	/**
	 * Cancels as the customer would at the provider: the record changes, and the provider's webhooks are
	 * called. Returns false if there is no such record.
	 */
	customerCancels(provider: string, target: string, how?: Partial<CustomerCancellation>): boolean;
	/** Undoes a cancellation as the customer would. Returns false if there is no such record. */
	customerReturns(provider: string, target: string, how?: { at?: string }): boolean;
	/** Every attempt to call a webhook, in order. */
	deliveries(provider?: string): Delivery[];
	/** Resolves when no webhook call is in progress or scheduled. */
	deliveriesDone(): Promise<void>;
	/** Applies this fault to every webhook call of the provider; null removes it. */
	deliveryFault(provider: string, kind: DeliveryFaultKind | null, delayMs?: number): void;
	/** The provider's webhooks, in the provider's own format. */
	webhooks(provider: string): object[];
	/** Sets the webhook URL of a provider whose webhooks are configured by hand; null removes it. */
	pasteWebhook(provider: string, webhook: PastedWebhook | null): void;
	/** Sets the script of the model at `/openai/v1`; null restores the default script. */
	agent(script: AgentScript | null): void;
	/** Stops the clock at an ISO 8601 time; null lets it run. Samples keep their dates until `reset`. */
	freeze(time: string | null): void;
	/** Closes at once, without waiting for pending responses. */
	close(): Promise<void>;
}

/** The sandbox with the parts that the control routes need. */
export interface SandboxControls extends Sandbox {
	sandboxState: SandboxState;
	apis: ProviderApi[];
	model: ScriptedModel;
	scenario: Scenario;
	/** Replaces the scenario and resets to it. */
	loadScenario(scenario: Scenario): void;
}
