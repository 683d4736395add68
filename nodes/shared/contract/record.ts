import type { IDataObject } from 'n8n-workflow';

import { now } from './clock';
import { asObject, type ApiRequest, type ApiResponse } from './http';
import type { NextPage } from './page';

/**
 * When something ends or ended: at a time (UTC ISO 8601), at once, or at a time that the provider
 * does not say. `atOnce` is also the end of what is over already and names no time.
 */
export type End = { kind: 'at'; at: string } | { kind: 'atOnce' } | { kind: 'unknown' };

/** The provider's record of a target in one small shape; every decision is made on it. */
export interface RecordState {
	/** The provider's own word, for messages and `expectedStatus`. */
	status: string;
	/**
	 * - `active`: the request has something left to end. That includes a scheduled end that is later
	 *   than the one asked for.
	 * - `ended`: nothing is left to end, or the end is fixed.
	 * - `continues`: what the request ends has ended, and the target itself goes on (Smokeball's trials).
	 */
	phase: 'active' | 'ended' | 'continues';
	/** When it ends or ended; of an active one, when it would end if it were cancelled now. */
	end: End;
	email: string | null;
	/** Changes whenever anything in the record changes that a user would want to know before a write. */
	version: string;
	/** The provider's own ID, where the target is addressed by something else (e-mail, UID). */
	recordId?: string;
	/** Through whom it is billed, where that decides who can end it (Azotte's channels). */
	channel?: string;
	/** A write shows in the record only later: an unchanged record proves nothing. */
	eventuallyConsistent?: boolean;
	/** False: it has an end, but not the one that was asked for. */
	matchesRequest?: boolean;
	/** What the record lacks that the user asked for, each a sentence; for previews. */
	notes?: string[];
	/** When it is billed next, UTC ISO 8601; where the provider refuses changes shortly before that. */
	renewsAt?: string | null;
	/** When the record came into this state, UTC ISO 8601; null or absent where it does not say. */
	changedAt?: string | null;
	/**
	 * Merged into the item's values before the request is built: the spelling of an e-mail address
	 * under which the provider knows the target. The item's identity stays as it is.
	 */
	values?: IDataObject;
}

/** What a response to a record query shows. Only the API's own words make a target `missing`. */
export type ParsedRecord =
	| { kind: 'found'; state: RecordState }
	| { kind: 'missing'; description?: string }
	/** In the API's own words there is no such record, and this API removes what has ended. */
	| { kind: 'removed' }
	/**
	 * Another query has to be sent, and what it finds counts in place of this: by the e-mail address in
	 * lower case, where in the API's own words there is no such record; for the customer, where the
	 * record lacks the e-mail address. Each query leads to fewer others.
	 */
	| { kind: 'continue'; query: RecordQuery }
	/** The response is sound, and several records match: names of them, for a message. */
	| { kind: 'ambiguous'; candidates: string[] }
	/** The response is sound, and the record's state cannot be told from it: a sentence. */
	| { kind: 'unreadable'; reason: string }
	/**
	 * The response is not the record that was asked for: an error, a page, another record. `reason`: why,
	 * where the response does not show it; it completes "The record could not be read: …".
	 */
	| { kind: 'notTheRecord'; reason?: string };

/** What the record is read for. */
export interface RecordNeeds {
	/** The e-mail address is compared: it is read as well where that takes another request. */
	email: boolean;
}

/** How a target's record is read, or the reason why this provider cannot show it (a sentence). */
export type RecordQuery =
	| { kind: 'request'; request: ApiRequest; parse(response: ApiResponse): ParsedRecord }
	| { kind: 'unreadable'; reason: string };

/** One record that a search by what the CRM knows has brought up. */
export interface Candidate {
	/** The provider's own ID, which the operation then goes by. */
	id: string;
	state: RecordState;
	/** What tells it from the customer's others, for a person: "Pro". */
	product?: string;
	/** A test row: counts only where there is no real one. */
	isTest?: boolean;
	/** What the search has brought up besides, merged into the item's values: Azotte's `customerUrn`. */
	values?: IDataObject;
	/** The record as the provider gave it. */
	row: IDataObject;
}

/** What a response to a search shows. */
export type SearchPage =
	| {
			kind: 'candidates';
			candidates: Candidate[];
			/** Rows that match, or may match, and cannot be read. */
			unreadable: number;
			next: NextPage;
	  }
	/**
	 * The response leads to other searches: of an address's customers to one for each. What all of them
	 * bring up counts; none where there is nothing to search.
	 */
	| { kind: 'continue'; searches: TargetSearch[] }
	/** In the API's own words: it does not know what was searched by. */
	| { kind: 'missing' }
	| { kind: 'notAList' };

/** How the target is found by something else than its ID. */
export interface TargetSearch {
	request: ApiRequest;
	/** @throws Refusal where the response contradicts the values */
	parse(response: ApiResponse, request: ApiRequest): SearchPage;
}

/**
 * A provider's time as UTC ISO 8601; null where it is none. A time without an offset is UTC, whatever
 * the server's time zone.
 */
export function toIsoUtc(value: unknown): string | null {
	if (typeof value !== 'string') return null;
	const text = value.trim();
	const form =
		/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d|UTC|GMT)?$/i.exec(
			text,
		);
	if (!form) return null;
	const [, zone] = form;
	const time = zone === undefined && text.length > 10 ? `${text}Z` : text;
	const at = new Date(
		time
			.replace(' ', 'T')
			.replace(/\s*(UTC|GMT)$/i, 'Z')
			.replace(/\s+/, ''),
	);
	return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The time lies in the future. */
export const isFuture = (at: string | null): boolean => at !== null && Date.parse(at) > now();

/** The end that a provider's time says; `otherwise` where it is no time. */
export function endAt(value: unknown, otherwise: 'atOnce' | 'unknown' = 'unknown'): End {
	const at = toIsoUtc(value);
	return at === null ? { kind: otherwise } : { kind: 'at', at };
}

/** The end of what has ended. Never in the future: the provider's clock may be ahead of this one. */
export function endOfEnded(at: string | null): End {
	if (at === null) return { kind: 'atOnce' };
	return { kind: 'at', at: isFuture(at) ? new Date(now()).toISOString() : at };
}

/** A provider's time in seconds since 1970 as UTC ISO 8601; null where it is none, as 0 is. */
export function secondsToIso(value: unknown): string | null {
	if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return null;
	const at = new Date(value * 1000);
	return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The time of an end, UTC ISO 8601; null where it names none. */
export const timeOf = (end: End): string | null => (end.kind === 'at' ? end.at : null);

/** IDs are compared exactly: two that differ in capitals may be two customers'. */
export const sameId = (own: unknown, asked: string): boolean =>
	(typeof own === 'string' || typeof own === 'number') && String(own) === asked;

/** E-mail addresses are compared without regard to capitals. */
export const sameEmail = (own: unknown, asked: string): boolean =>
	typeof own === 'string' && own.trim().toLowerCase() === asked.trim().toLowerCase();

/**
 * The address in lower case, where that is another spelling: a provider may compare addresses exactly,
 * and a CRM may write them with capitals.
 */
export function lowerCaseSpelling(address: string | undefined): string | undefined {
	const lower = address?.toLowerCase();
	return lower === address ? undefined : lower;
}

/** A single record with an ID as a list of one; undefined where the response holds none. */
export const toSingleRow = ({ body }: ApiResponse): IDataObject[] | undefined =>
	['string', 'number'].includes(typeof asObject(body).id) ? [asObject(body)] : undefined;
