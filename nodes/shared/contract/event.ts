import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, ApiResponse } from './http';

/** What every trigger says of an event, whoever told it. */
interface EventFields {
	outcome: 'cancelled' | 'scheduled' | 'restored';
	/** The provider's own word for it, such as `subscription.auto_renew_off`. */
	event: string;
	/** What the provider's node goes by: an ID, or the customer's e-mail address. */
	target: string;
	email: string | null;
	/** When it ends or ended; UTC ISO 8601, as all times. */
	effectiveAt: string | null;
	occurredAt: string | null;
	/** Who began it, in the provider's word (`api`, `psp`). */
	source: string | null;
	/** The provider's, or one made of target and time; the same whenever the event is told again. */
	eventId: string | null;
	reason: string | null;
	/** What the provider sent or showed; without secrets once it has left the engine. */
	raw: IDataObject;
}

/** What happened elsewhere, in the words of the operations; the same for every trigger. */
export interface TriggerOutput extends EventFields {
	/** Nothing runs for the target any more, or its end is fixed. */
	ended: boolean;
	/** The provider's name: `funnelFox`. */
	provider: string;
}

/** What a delivery or a row says, before it becomes an item. */
export interface ProviderEvent extends EventFields {
	/** It is about a test customer. */
	test?: boolean;
	/** It began with a call of the API, as our own nodes make them. */
	causedByApi?: boolean;
	/** The same for all events that tell of one and the same end. */
	dedupeKey?: string;
}

/**
 * Asks the provider.
 * @param read gets an answer of 2xx or a 404; undefined: it is not what was asked for
 * @throws NodeApiError where there is no such answer, with what to do
 */
export type ApiCaller = <T>(
	call: ApiRequest,
	read: (reply: ApiResponse) => T | undefined,
) => Promise<T>;

/** How a provider's deliveries are understood. */
export interface WebhookParser {
	/** Undefined: it tells of no end and of no return. */
	parse(body: IDataObject): ProviderEvent | undefined;
	/**
	 * Reads the record behind a delivery, which is believed rather than the delivery.
	 * @returns undefined where the record does not bear it out
	 * @throws where the record cannot be read: the delivery is to come again
	 */
	verify(told: ProviderEvent, ask: ApiCaller): Promise<ProviderEvent | undefined>;
}

/** How a provider that does not call is asked; `Seen` is what is kept from one look to the next, as JSON. */
export interface Poller<Seen> {
	/** What has happened since; nothing on the first look, when there is no `since`. */
	poll(
		ask: ApiCaller,
		since: Seen | undefined,
		now: Date,
	): Promise<{ told: ProviderEvent[]; seen: Seen }>;
	/** What is the case now, told as if it had just happened, the newest first. */
	samples(ask: ApiCaller): Promise<ProviderEvent[]>;
}
