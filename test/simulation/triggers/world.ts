import type { Customer, Fault, Latency, ProviderVariant } from '../world';

/** A simulated world in which a trigger listens, as data. */
export interface TriggerWorld {
	kind: 'triggers';
	provider: SourceName;
	variant: SourceVariant;
	customers: Customer[];
	/** What customers do, and the provider tells. */
	changes: SourceChange[];
	/** What happens to deliveries on their way. */
	deliveryFaults: DeliveryFault[];
	/** What goes wrong as the trigger reads. */
	faults: Fault[];
	latency: Latency;
	/** Executions that n8n cannot start, counted from the first one. */
	startFaults: Array<{ nth: number; times: number }>;
	/** How long n8n takes to start an execution. */
	startMs: number;
	/** When n8n's process dies; another one starts at once. */
	crashesAtMs: number[];
	pollEveryMs: number;
	/** By how much n8n's clock is wrong. */
	clockErrorMs: number;
	wantsRestored: boolean;
	serverZone: string;
	seed: number;
}

export const sourceNames = ['funnelFox', 'firstPromoter', 'reditus', 'smokeball'] as const;
export type SourceName = (typeof sourceNames)[number];

/** What the documents leave open, as this provider decides it. */
export interface SourceVariant extends ProviderVariant {
	/** FunnelFox: one cancellation is told by one event, or by two at once. */
	events: 'one' | 'two';
	/** FunnelFox: the delivery has the payment provider's ID, another one of its own, or the subscription's. */
	names: 'pspId' | 'otherId' | 'ownId';
	/** FirstPromoter: there is an event for cancellations alone. */
	offersCancelled: boolean;
	/** Reditus: the order of the list. */
	order: 'newestFirst' | 'oldestFirst';
	/** Responses have a Date. */
	sendsDate: boolean;
}

export interface SourceChange {
	atMs: number;
	customer: number;
	kind: 'cancelled' | 'cancelledAtOnce' | 'reactivated';
	/** It was made through the API, as by this package's nodes. */
	byApi: boolean;
	/** How much later the record shows it. */
	lagMs: number;
}

export interface DeliveryFault {
	/** The first of the deliveries that it meets, redeliveries included, and how many. */
	nth: number;
	times: number;
	/**
	 * `lost`: it does not arrive; `answerLost`: n8n has answered, and the provider does not get it;
	 * `hangsUp`: the connection breaks `ms` after it has arrived; `late`: it arrives `ms` later;
	 * `repeated`: it comes again after `ms`, whatever was answered.
	 */
	kind: 'lost' | 'answerLost' | 'hangsUp' | 'late' | 'repeated';
	ms: number;
}
