import {
	asObject,
	errorText,
	isEmptyBody,
	ownErrorText,
	textOf,
	type ApiRequest,
	type ApiResponse,
} from '../shared/contract/http';
import {
	endAt,
	lowerCaseSpelling,
	sameEmail,
	sameId,
	timeOf,
	type ParsedRecord,
	type RecordQuery,
	type RecordState,
} from '../shared/contract/record';
import { contradictedBy, type Verdict } from '../shared/contract/verdict';

/** Exactly one of the two is there. */
export interface CustomerRef {
	email?: string;
	uid?: string;
}

/**
 * The documented forms: `{message[, code][, errors]}`, `{error}` of v1's leads, at 401 the text "Bad
 * credentials" (v1) or no body (v2). A 404 counts in the documented words only.
 */
export function isOwnError(response: ApiResponse): boolean {
	const { status, body } = response;
	if (status === 401 && (isEmptyBody(response) || body === 'Bad credentials')) return true;
	if (status === 404) return isUnknownReferral(response);
	const text = ownErrorText(response, 'message', ['code', 'errors']);
	return (text ?? ownErrorText(response, 'error')) !== undefined;
}

/** v2's sale documents this code, and v1's leads this text; any other 404 may be about the address. */
function isUnknownReferral({ status, body }: ApiResponse): boolean {
	const { code, error } = asObject(body);
	return status === 404 && (code === 'not_found' || /^lead not found/i.test(String(error)));
}

const isAsked = (record: unknown, { email, uid }: CustomerRef): boolean => {
	const found = asObject(record);
	return email === undefined ? sameId(found.uid, uid ?? '') : sameEmail(found.email, email);
};

/** A lead of v1 or a referral of v2, which have the same fields as far as they are needed here. */
export function toRecordState(record: unknown): RecordState | undefined {
	const { id, uid, state, cancelled_at, customer_since, plan_name, ...more } = asObject(record);
	const status = textOf(state);
	if (status === null) return undefined;
	const isOver = status === 'cancelled';
	const email = textOf(more.email);
	return {
		status,
		phase: isOver ? 'ended' : 'active',
		end: isOver ? endAt(cancelled_at, 'atOnce') : { kind: 'atOnce' },
		email,
		version: JSON.stringify([id, uid, email, status, cancelled_at, customer_since, plan_name]),
		recordId: id === undefined || id === null ? undefined : String(id),
	};
}

/**
 * For a cancellation.
 * @param createdAt the time that the user wants recorded: the record's then says nothing of when it was
 */
export function toCancelState(record: unknown, createdAt?: string): RecordState | undefined {
	const state = toRecordState(record);
	if (state?.phase !== 'ended') return state;
	return { ...state, changedAt: createdAt === undefined ? timeOf(state.end) : null };
}

/** For Reactivate: it sets "active", so anything else is not what it sets. */
export function toRestoreState(record: unknown): RecordState | undefined {
	const state = toRecordState(record);
	return state && { ...state, phase: state.status === 'active' ? 'active' : 'ended' };
}

/** The lead or referral of a response, if it is the one that was asked for. */
function parseRecord(
	response: ApiResponse,
	ref: CustomerRef,
	toState: (record: unknown) => RecordState | undefined,
): ParsedRecord {
	const { status, body } = response;
	if (isUnknownReferral(response)) return { kind: 'missing', description: errorText(response) };
	if (status !== 200 || !isAsked(body, ref)) return { kind: 'notTheRecord' };
	const state = toState(body);
	if (!state) {
		return { kind: 'unreadable', reason: 'FirstPromoter shows the referral without a state.' };
	}
	// The write goes to the address as FirstPromoter spells it.
	const values = ref.email === undefined ? undefined : { email: state.email ?? ref.email };
	return { kind: 'found', state: { ...state, values } };
}

/** Reads a referral; by an e-mail address with capitals that is not known, once more in lower case. */
export function recordQuery(
	ref: CustomerRef,
	request: (ref: CustomerRef) => ApiRequest,
	toState: (record: unknown) => RecordState | undefined,
): RecordQuery {
	return {
		kind: 'request',
		request: request(ref),
		parse(response) {
			const parsed = parseRecord(response, ref, toState);
			const email = lowerCaseSpelling(ref.email);
			return parsed.kind === 'missing' && email !== undefined
				? { kind: 'continue', query: recordQuery({ ...ref, email }, request, toState) }
				: parsed;
		},
	};
}

/** States in which there is no cancellation to record, and which a cancellation would overwrite. */
const neverCustomers = ['denied', 'moved', 'pending'];

/** A referral that is no customer of the promoter is left as it is. */
export const cancelPrecondition = ({ status }: RecordState): Verdict | undefined =>
	neverCustomers.includes(status)
		? {
				outcome: 'nothingToCancel',
				clause: `the referral is "${status}", no cancellation to record`,
				description: `The referral is "${status}" in FirstPromoter, so there is no cancellation to record.`,
			}
		: undefined;

/** What the response to a tracked cancellation means; `eventId` is the user's. */
export function interpretCancel(
	response: ApiResponse,
	values: CustomerRef & { eventId?: string },
	isV2: boolean,
): Verdict | undefined {
	const description = errorText(response);
	if (response.status === 204 || isUnknownReferral(response)) return notReferred(response);
	if (response.status === 200) return interpretRecorded(response, values);
	if (!isOwnError(response)) return undefined;
	if (response.status === 400) return { outcome: 'failed', description };
	if (response.status !== 409 || isV2) return undefined;
	// Assumption: 409 means a known event ID, as v1's sale documents it. The node's own ID may have come
	// with an earlier request of this item, a user's ID with another customer's cancellation.
	return values.eventId === undefined
		? { outcome: 'cancelled', verify: true }
		: { outcome: 'notCancellable', description, verify: true };
}

/**
 * The customer is not a referral. Assumption: 204 means so for a cancellation, too, as v1's sale and
 * v2's refund document it; the record is read before that is believed.
 */
const notReferred = (response: ApiResponse): Verdict => ({
	outcome: 'nothingToCancel',
	description: `FirstPromoter knows no such referral (${errorText(response)}).`,
	verify: response.status === 204,
});

/** v1 documents a `lead`; v2's documents show the same, and its other calls a `referral`. */
function interpretRecorded({ body }: ApiResponse, ref: CustomerRef): Verdict | undefined {
	const { lead, referral } = asObject(body);
	const record = lead ?? referral;
	const state = isAsked(record, ref) ? toRecordState(record) : undefined;
	if (!state) return undefined;
	const { status, phase, end, email } = state;
	return {
		outcome: 'cancelled',
		effectiveAt: timeOf(end),
		email,
		...(phase === 'active' && {
			description: `It was recorded; the referral is shown as "${status}".`,
		}),
	};
}

/** What the response to Reactivate means: the lead. */
export function interpretRestore(response: ApiResponse, ref: CustomerRef): Verdict | undefined {
	const { status, body } = response;
	const state = status === 200 && isAsked(body, ref) ? toRestoreState(body) : undefined;
	if (!state) return undefined;
	const { email } = state;
	return state.phase === 'active'
		? { outcome: 'restored', email }
		: { ...contradictedBy('referral', state.status), email };
}
