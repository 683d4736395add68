import type { IDataObject } from 'n8n-workflow';

import {
	asObject,
	errorText,
	textOf,
	type ApiRequest,
	type ApiResponse,
} from '../shared/contract/http';
import { dateLabel, joinLabel } from '../shared/contract/listSearch';
import { lastPage, type NextPage } from '../shared/contract/page';
import {
	lowerCaseSpelling,
	sameEmail,
	sameId,
	timeOf,
	type ParsedRecord,
	type RecordQuery,
	type RecordState,
} from '../shared/contract/record';
import { contradictedBy, type Verdict } from '../shared/contract/verdict';

/** Exactly one of the three is there. */
export interface CustomerRef {
	referralUid?: string;
	referralEmail?: string;
	referralId?: string;
}

/** `{errors: [{title, details}]}`, as every page shows it. https://docs.getreditus.com/affiliate-program-api/v1/referrals/churn */
export function isOwnError({ body }: ApiResponse): boolean {
	const { errors } = asObject(body);
	return (
		Array.isArray(errors) &&
		errors.length > 0 &&
		errors.every((error) => 'title' in asObject(error) || 'details' in asObject(error))
	);
}

/** Reditus' times are integers; its pages elsewhere call them Unix seconds. Null for anything else. */
export function unixToIso(seconds: unknown): string | null {
	const at = new Date(typeof seconds === 'number' ? seconds * 1000 : NaN);
	return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

const dataIn = ({ body }: ApiResponse) => asObject(body).data;

/** A list's rows, or a single referral as a list of one, in the API's envelope; undefined where there is neither. */
export function toEnvelopes(response: ApiResponse): IDataObject[] | undefined {
	const data = dataIn(response);
	if (Array.isArray(data)) return data as IDataObject[];
	return asObject(data).id === undefined ? undefined : [data as IDataObject];
}

/** Rows without the envelope: the attributes beside the ID. */
export const toRows = (response: ApiResponse): IDataObject[] | undefined =>
	toEnvelopes(response)?.map(({ attributes, ...rest }) => ({ ...rest, ...asObject(attributes) }));

export const attributesOf = (referral: unknown) => asObject(asObject(referral).attributes);

/** "ada@example.com · paid · since 2026-12-31 · 4711" */
export function referralLabel(referral: unknown): string {
	const { email, state, state_set_at } = attributesOf(referral);
	const since = dateLabel('since', unixToIso(state_set_at));
	return joinLabel(textOf(email), textOf(state), since, asObject(referral).id);
}

/** The state of a referral in the API's envelope. No response shows its UID. */
export function toRecordState(referral: unknown): RecordState | undefined {
	const { id } = asObject(referral);
	const { state, state_set_at, updated_at, email } = attributesOf(referral);
	const status = textOf(state);
	if (status === null) return undefined;
	const at = unixToIso(state_set_at);
	const isOver = status === 'churned';
	return {
		status,
		phase: isOver ? 'ended' : 'active',
		end: isOver && at !== null ? { kind: 'at', at } : { kind: 'atOnce' },
		email: textOf(email),
		version: JSON.stringify([id, email, status, state_set_at, updated_at]),
		recordId: id === undefined || id === null ? undefined : String(id),
		changedAt: at,
	};
}

const stateless: ParsedRecord = {
	kind: 'unreadable',
	reason: 'Reditus shows the referral without a state.',
};

/** The response to a query by ID. */
export function parseRecord(response: ApiResponse, referralId: string): ParsedRecord {
	if (isNotFound(response)) return { kind: 'missing', description: errorText(response) };
	const referral = dataIn(response);
	if (response.status !== 200 || !sameId(asObject(referral).id, referralId)) {
		return { kind: 'notTheRecord' };
	}
	const state = toRecordState(referral);
	return state ? { kind: 'found', state } : stateless;
}

/**
 * The response to a query by e-mail address. Which of several referrals a churn would take is not
 * documented, so only a single one counts, or several of which none is left to churn.
 */
export function parseList(response: ApiResponse, email: string): ParsedRecord {
	const data = dataIn(response);
	if (response.status !== 200 || !Array.isArray(data)) return { kind: 'notTheRecord' };
	const isComplete = nextPage(response, { path: '' }).kind === 'last';
	if (data.length === 0 && isComplete) return { kind: 'missing' };
	// A row without an address may be the customer's.
	const possible = data.filter((one) => {
		const own = textOf(attributesOf(one).email);
		return own === null || sameEmail(own, email);
	});
	// The filter by address was not applied: nothing is known of this one.
	if (possible.length === 0) return { kind: 'notTheRecord' };
	const states = possible.flatMap((one) => toRecordState(one) ?? []);
	const isReadable = ({ email, recordId }: RecordState) => email !== null && recordId !== undefined;
	if (!isComplete || states.length < possible.length || !states.every(isReadable)) {
		return {
			kind: 'unreadable',
			reason: `Reditus' list of the referrals of "${email}" cannot be read completely.`,
		};
	}
	const isSingle = new Set(states.map(({ recordId }) => recordId)).size === 1;
	const [state] = states.sort(activeThenLatest);
	if (!isSingle && state.phase === 'active') {
		return { kind: 'ambiguous', candidates: possible.map(referralLabel) };
	}
	// The churn goes to the address as Reditus spells it.
	return { kind: 'found', state: { ...state, values: { referralEmail: state.email } } };
}

const activeThenLatest = (one: RecordState, other: RecordState) =>
	one.phase.localeCompare(other.phase) ||
	(timeOf(other.end) ?? '').localeCompare(timeOf(one.end) ?? '');

/** Reads a referral by an address; one with capitals that is not known, once more in lower case. */
export function queryByEmail(email: string, request: (email: string) => ApiRequest): RecordQuery {
	return {
		kind: 'request',
		request: request(email),
		parse(response) {
			const parsed = parseList(response, email);
			const lower = lowerCaseSpelling(email);
			return parsed.kind === 'missing' && lower !== undefined
				? { kind: 'continue', query: queryByEmail(lower, request) }
				: parsed;
		},
	};
}

/** In the documented words; any other 404 may come from a wrong base URL. */
const isNotFound = (response: ApiResponse) =>
	response.status === 404 &&
	isOwnError(response) &&
	/referral not found/i.test(errorText(response));

/** States of a referral that never converted, so that there is nothing to churn. */
const neverConverted = ['clicked', 'expired', 'rejected'];

const neverConvertedClause = (state: string) =>
	`never became a paying referral ("${state}"), nothing to churn`;

/** What a churn of a referral in this state comes to. */
export const predictChurn = (state: RecordState | undefined): Verdict =>
	(state && churnPrecondition(state)) ?? { outcome: 'cancelled', effectiveAt: null };

/** A referral that never converted is left as it is. */
export const churnPrecondition = ({ status }: RecordState): Verdict | undefined =>
	neverConverted.includes(status)
		? {
				outcome: 'nothingToCancel',
				clause: neverConvertedClause(status),
				description: `The referral is "${status}" in Reditus: it never converted, so there is nothing to churn.`,
			}
		: undefined;

/** What the response to a churn means. */
export function interpretChurn(response: ApiResponse, ref: CustomerRef): Verdict | undefined {
	const { status } = response;
	if (status === 200) return interpretChurned(dataIn(response), ref);
	if (!isOwnError(response)) return undefined;
	const description = errorText(response);
	if (status === 400) return { outcome: 'failed', description };
	if (isNotFound(response)) return { outcome: 'nothingToCancel', description };
	return status === 422 ? interpretRefusal(description) : undefined;
}

function interpretChurned(referral: unknown, ref: CustomerRef): Verdict | undefined {
	const { referralId, referralEmail } = ref;
	const isAsked =
		(referralId === undefined || sameId(asObject(referral).id, referralId)) &&
		(referralEmail === undefined || sameEmail(attributesOf(referral).email, referralEmail));
	const state = isAsked ? toRecordState(referral) : undefined;
	if (!state) return undefined;
	const verdict: Verdict =
		state.phase === 'active'
			? contradictedBy('referral', state.status)
			: { outcome: 'cancelled', effectiveAt: timeOf(state.end) };
	return { ...verdict, email: state.email };
}

/**
 * The documented words are "Referral in state 'clicked' cannot be churned". Assumption: the words for
 * "churned" are alike; they count only where no record can be read.
 */
function interpretRefusal(description: string): Verdict {
	const [, state] = /\bin state '?(\w+)/i.exec(description) ?? [];
	if (state !== undefined && neverConverted.includes(state.toLowerCase())) {
		return { outcome: 'nothingToCancel', clause: neverConvertedClause(state), description };
	}
	const isOver = state?.toLowerCase() === 'churned' || /already churned/i.test(description);
	return { outcome: isOver ? 'alreadyCancelled' : 'notCancellable', description, verify: true };
}

/** A search by e-mail address that brought up no referral. */
export function interpretGet(response: ApiResponse): Verdict | undefined {
	const data = response.status === 200 ? dataIn(response) : undefined;
	return Array.isArray(data) && data.length === 0 ? { outcome: 'notFound' } : undefined;
}

/** What follows a page. https://docs.getreditus.com/affiliate-program-api/v1/referrals/index */
export function nextPage({ body }: ApiResponse, request: ApiRequest): NextPage {
	const { meta, data } = asObject(body);
	const { has_more, page } = asObject(asObject(meta).pagination);
	if (has_more === undefined || has_more === false) return lastPage;
	const isUsable = has_more === true && typeof page === 'number' && Number.isSafeInteger(page);
	if (!isUsable || !Array.isArray(data) || data.length === 0) {
		return { kind: 'unknown', reason: 'Reditus says that there is more, and not where.' };
	}
	return { kind: 'next', request: { ...request, query: { ...request.query, page: page + 1 } } };
}
