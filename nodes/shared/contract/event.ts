import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, ApiResponse } from './http';

/** What every trigger says of an event. */
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
	/** What caused it, in the provider's word (`api`, `psp`). */
	source: string | null;
	/** The provider's, or one made of target and time; the same whenever the event is reported again. */
	eventId: string | null;
	reason: string | null;
}

/** One item of a trigger; the same columns for every provider. */
export interface TriggerOutput extends EventFields {
	/** One sentence for a person. */
	summary: string;
	/** The target has ended, or its end is fixed. */
	ended: boolean;
	/** The provider's name: `funnelFox`. */
	provider: string;
	/** The provider's record shows it; false: only the delivery says so, or it may mean one of several. */
	verified: boolean;
	/** What the provider sent and showed, without secrets; only where the user asked for it. */
	raw?: IDataObject;
}

/** What a delivery or a record says, before it becomes an item. */
export interface ProviderEvent extends EventFields {
	raw: IDataObject;
	/** It is about a test customer. */
	test?: boolean;
	/**
	 * What caused it: a request to the API, as this package's nodes send them, or something else. Absent:
	 * this provider never says.
	 */
	origin?: 'api' | 'other' | 'unknown';
	/** Undoes a scheduled end, or takes its place: what the API has ended before explains no later event. */
	replacesEnd?: true;
	/** Names the subscription in the delivery's own words; the same in all its events. */
	subject?: string;
	/** When the record came into this state. */
	changedAt?: string | null;
	/** The same for all events that report one and the same end. */
	dedupeKey?: string;
	/** How the summary puts it: "churned"; by the outcome where absent. */
	verb?: string;
}

/**
 * Sends a request that reads, or one that writes.
 * @param parse gets a 2xx or a 404; undefined: the response is not what was asked for
 * @throws NodeApiError where there is no such response, with what to do
 */
export type ApiCaller = <T>(
	request: ApiRequest,
	parse: (response: ApiResponse) => T | undefined,
) => Promise<T>;

/** What the record behind a delivery says. */
export type Verification =
	/** `isGuess`: nothing in the delivery names this record, and another delivery may be about it. */
	| { kind: 'confirmed'; event: ProviderEvent; isGuess?: boolean }
	/** The record says otherwise. */
	| { kind: 'contradicted' }
	/** The delivery does not lead to one record. `mayAppear`: the record may only be late. */
	| { kind: 'unidentified'; mayAppear: boolean };

/** How a provider's deliveries are understood. */
export interface WebhookParser {
	/** Requests that `verify` usually sends for one event. */
	requestsPerEvent: number;
	/**
	 * The provider's events do not tell what has changed: `parse` returns `restored` for every update
	 * without a scheduled end, and it counts only where an earlier event had scheduled one.
	 */
	comparesUpdates?: true;
	/**
	 * @param headers names in lower case
	 * @returns undefined where it reports no end and no return
	 */
	parse(body: IDataObject, headers: Record<string, string>): ProviderEvent | undefined;
	/**
	 * Reads the record behind a delivery: the record decides, not the delivery.
	 * @throws NodeApiError where the record cannot be read
	 */
	verify(event: ProviderEvent, read: ApiCaller): Promise<Verification>;
}

/** Where a provider puts its signature, and what it signs. */
export interface SignatureScheme {
	header: string;
	/**
	 * The header's parts; undefined where it has another form. `signedAt`: Unix seconds. `prefix`: what
	 * stands before the body in the signed text.
	 */
	parse(value: string): { signedAt: number; prefix: string; signatures: string[] } | undefined;
	/** Seconds by which the time of signing may differ from now. */
	tolerance: number;
}

/** How a provider without webhooks is polled. `Cursor`: kept from one poll to the next, as JSON. */
export interface Poller<Cursor, Snapshot> {
	/** The cursor in what was saved; undefined where there is none, or none that is whole. */
	toCursor(saved: unknown): Cursor | undefined;
	/** Reads what has to be compared. */
	read(read: ApiCaller, cursor: Cursor | undefined, now: Date): Promise<Snapshot>;
	/** Pure. What has happened since the cursor: nothing where there is none. */
	compare(
		snapshot: Snapshot,
		cursor: Cursor | undefined,
	): { events: ProviderEvent[]; cursor: Cursor };
	/** The snapshot shows something that the cursor knows: both belong to one account. */
	isSameAccount(snapshot: Snapshot, cursor: Cursor): boolean;
	/** What is the case now, as events, the newest first. */
	samples(read: ApiCaller): Promise<ProviderEvent[]>;
}
