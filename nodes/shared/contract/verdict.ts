import type { IDataObject } from 'n8n-workflow';

import { now } from './clock';
import type { ApiRequest, ApiResponse } from './http';
import type { Outcome } from './outcome';

/** The provider's record of a target in one small shape; every decision that looks before it acts uses it. */
export interface RecordState {
	/** The provider's own word, for messages and `expectedStatus`. */
	status: string;
	/**
	 * There is something left to cancel: it runs, and its end is not fixed yet; or it is, and these
	 * values ask for an earlier one.
	 */
	active: boolean;
	/**
	 * When it ends or ended; for an active one, when it would end if it were cancelled now.
	 * UTC ISO 8601; null for at once, and where the provider does not say.
	 */
	endsAt: string | null;
	email: string | null;
	/** Changes whenever the record does. */
	version: string;
	/** Through whom it is billed, where that decides who can end it (Azotte's channels). */
	channel?: string;
	/** A write shows in the record only later: an unchanged one proves nothing. */
	eventuallyConsistent?: boolean;
	/** False: it has an end, but not the one that these values ask for. */
	matchesRequest?: boolean;
	/** When the record came into this state, UTC ISO 8601: one older than our call is not its doing. */
	changedAt?: string | null;
}

/**
 * What a reply means. `ask` has the state read before it is believed: see the table of `settle`.
 */
export interface Verdict {
	outcome: Outcome;
	effectiveAt?: string | null;
	/** The customer's, where the answer tells it. */
	email?: string | null;
	/** The provider's own words, where they say more than the outcome. */
	description?: string;
	verify?: boolean;
	verified?: boolean;
	/** Carried out, but the target itself goes on (Smokeball ended only its trials): not `ended`. */
	goesOn?: boolean;
}

/** A sentence that says why a state cannot be told. */
export interface Unreadable {
	reason: string;
}

/**
 * How a target's state is read, or the reason why this provider cannot tell. `missing`: the reply
 * is sound and the target is not in it; undefined: the reply tells nothing, or of another record.
 */
export type RecordQuery =
	| {
			request: ApiRequest;
			as: (reply: ApiResponse) => RecordState | 'missing' | Unreadable | undefined;
	  }
	| Unreadable;

/** A call of the provider that changes nothing and says what would happen. */
export interface ProviderPreview {
	request: ApiRequest;
	/** What the write would bring about; an outcome other than a success ends the item there. */
	interpret: (reply: ApiResponse) => Verdict | undefined;
	/** True: asked before every write, and anything but `readyToConfirm` is where the item ends. */
	required?: boolean;
}

/** One record that a search by what the CRM knows has brought up. */
export interface Candidate {
	/** The provider's own ID, which the operation then goes by. */
	id: string;
	state: RecordState;
	/** What tells it from the customer's others, for a person: "Pro". */
	product?: string;
	/** A test row: counts only where there is no real one. */
	test?: boolean;
	/** What the search has brought up besides, merged into the item's values: Azotte's `customerUrn`. */
	values?: IDataObject;
	/** The record as the provider gave it. */
	row: IDataObject;
}

/** How the target is found by something else than its ID. */
export interface TargetSearch {
	request: ApiRequest;
	/** `missing`: the provider does not know what it is searched by; undefined: the reply tells nothing. */
	candidates(reply: ApiResponse): Candidate[] | 'missing' | undefined;
	/**
	 * The next page, or another find that this reply leads to; undefined after the last.
	 * @throws Refusal where the reply contradicts the values
	 */
	nextPage?(reply: ApiResponse, call: ApiRequest): ApiRequest | TargetSearch | undefined;
}

/** A provider's time as UTC ISO 8601; null where it is none. */
export const toIsoUtc = (value: unknown): string | null =>
	typeof value === 'string' && !Number.isNaN(Date.parse(value))
		? new Date(value).toISOString()
		: null;

/** It lies in the future. */
export const isFuture = (at: string | null): boolean => at !== null && Date.parse(at) > now();

/** What a cancellation with this end has come to. */
export const endVerdict = (endsAt: string | null): Verdict => ({
	outcome: isFuture(endsAt) ? 'scheduled' : 'cancelled',
	effectiveAt: endsAt,
});

/** A 200 whose record contradicts it: the record is asked. */
export const contradictedBy = (record: string, status: string): Verdict => ({
	outcome: 'unknown',
	description: `It answered 200, but the ${record} still says "${status}".`,
	verify: true,
});

/** The record's own ID or address is the one that was asked for; capitals do not count. */
export const sameId = (own: unknown, asked: string): boolean =>
	(typeof own === 'string' || typeof own === 'number') &&
	String(own).toLowerCase() === asked.toLowerCase();
