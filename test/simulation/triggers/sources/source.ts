import type { ProviderModel } from '../../models/providerModel';
import type { SourceChange } from '../world';

/** What a provider sends of its own accord. */
export interface Delivery {
	afterMs: number;
	eventId: string;
	customer: number;
	body: Record<string, unknown>;
	headers: Record<string, string>;
}

/** A provider as far as its trigger sees it. */
export interface Source extends ProviderModel {
	/** The trigger's class: `FunnelFoxTrigger`. */
	readonly triggerName: string;
	/** What it delivers about a change as it happens; nothing where it is polled. */
	deliveriesOf(change: SourceChange): Delivery[];
	/** When an end takes effect that happens now. */
	endOf(change: SourceChange): number;
	/** The record shows a change that happened then. */
	show(change: SourceChange, happenedAt: number): void;
	/** ms until an event is delivered again; undefined: never. */
	redeliverAfter(attempt: number, random: () => number): number | undefined;
	/** How long it waits for the answer to a delivery, ms. */
	readonly patienceMs: number;
	/** The texts by which a trigger may call a customer. */
	namesOf(customer: number): string[];
}
