import type { IDataObject } from 'n8n-workflow';

import { asObject, errorText, type ApiResponse } from '../shared/contract/http';
import {
	toIsoUtc,
	sameId,
	contradictedBy,
	type RecordState,
	type Verdict,
} from '../shared/contract/verdict';

/** Exactly one of the two is there. */
export interface Who {
	email?: string;
	uid?: string;
}

/** A lead of v1 or a referral of v2, if it is the one that was asked for: the same fields, as far as they are needed. */
function stateOf(record: unknown, { email, uid }: Who): RecordState | undefined {
	const found = asObject(record);
	const asked = email === undefined ? sameId(found.uid, uid ?? '') : sameId(found.email, email);
	if (!asked || typeof found.state !== 'string') return undefined;
	const over = found.state === 'cancelled';
	return {
		status: found.state,
		active: !over,
		endsAt: over ? toIsoUtc(found.cancelled_at) : null,
		email: typeof found.email === 'string' ? found.email : null,
		version: [found.id, found.state, found.cancelled_at].join(' '),
	};
}

/** @param createdAt the time that the user wants recorded: then the record's says nothing of when it was */
export function stateIn(
	{ body }: ApiResponse,
	who: Who,
	createdAt?: string,
): RecordState | undefined {
	const state = stateOf(body, who);
	return state && { ...state, changedAt: createdAt === undefined ? state.endsAt : null };
}

/** For Set Active Again: nothing but "active" is what it sets. */
export function activeIn({ body }: ApiResponse, who: Who): RecordState | undefined {
	const state = stateOf(body, who);
	return state && { ...state, active: state.status === 'active' };
}

/**
 * Not a referral. For a cancellation no page says how that is answered; the sibling calls document
 * 204 (v1 sale, v2 refund) and 404 with this code (v2 sale), and v1's leads the other text. Any other
 * 404 may come from a wrong base URL, and is no word about a customer.
 */
export function notReferred(reply: ApiResponse): Verdict | undefined {
	const { code, error } = asObject(reply.body);
	const said = code === 'not_found' || /^lead not found/i.test(String(error));
	if (reply.status !== 204 && !(reply.status === 404 && said)) return undefined;
	return {
		outcome: 'nothingToCancel',
		description: `FirstPromoter knows no such referral (${errorText(reply)}).`,
	};
}

/** What a tracked cancellation is answered with; v2 shows the same shape in its documents. */
export function recorded(reply: ApiResponse, who: Who): Verdict | undefined {
	const { lead, referral } = asObject(reply.body);
	const state = reply.status === 200 ? stateOf(lead ?? referral, who) : undefined;
	if (!state) return undefined;
	const { status, active, endsAt, email } = state;
	return {
		outcome: 'cancelled',
		effectiveAt: endsAt,
		email,
		...(active && { description: `It was recorded; the referral is shown as "${status}".` }),
	};
}

/**
 * An event with this ID is known. As no page says so for a cancellation, it is taken from v1's sale.
 * The node's own ID is this execution's alone, so an earlier try of ours was recorded; one that the
 * user gave may have been used for somebody else: the record decides.
 */
export function knownEvent(reply: ApiResponse, eventId: string | undefined): Verdict | undefined {
	if (reply.status !== 409) return undefined;
	return eventId === undefined
		? { outcome: 'cancelled', verified: true }
		: { outcome: 'alreadyCancelled', description: errorText(reply), verify: true };
}

/** What Set Active Again is answered with: the lead. */
export function restored(reply: ApiResponse, who: Who): Verdict | undefined {
	const state = reply.status === 200 ? activeIn(reply, who) : undefined;
	if (!state) return undefined;
	const { active, status, email } = state;
	return active ? { outcome: 'restored', email } : { ...contradictedBy('referral', status), email };
}

/** A lead or referral as a list of one. */
export const recordIn = ({ body }: ApiResponse): IDataObject[] | undefined =>
	asObject(body).id === undefined ? undefined : [asObject(body)];
