import type { IDataObject } from 'n8n-workflow';

import { asObject, errorText, type ApiResponse } from '../shared/contract/http';
import {
	sameId,
	contradictedBy,
	type Unreadable,
	type RecordState,
	type Verdict,
} from '../shared/contract/verdict';

/** Exactly one of the three is there. */
export interface Who {
	referralUid?: string;
	referralEmail?: string;
	referralId?: string;
}

/** Integers, which Reditus' own pages elsewhere call Unix seconds; null where it is no such time. */
export function instantOf(seconds: unknown): string | null {
	const at = new Date(typeof seconds === 'number' ? seconds * 1000 : NaN);
	return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

const dataIn = ({ body }: ApiResponse) => asObject(body).data;

/** A list as it came, a single referral as a list of one; undefined where the reply holds neither. */
export function referralsIn(reply: ApiResponse): IDataObject[] | undefined {
	const data = dataIn(reply);
	if (Array.isArray(data)) return data as IDataObject[];
	return asObject(data).id === undefined ? undefined : [data as IDataObject];
}

export const attributesOf = (referral: unknown) => asObject(asObject(referral).attributes);

/** A referral, if it is the one that was asked for; no answer shows its UID. */
function stateOf(referral: unknown, { referralEmail, referralId }: Who): RecordState | undefined {
	const { state, state_set_at, updated_at, email } = attributesOf(referral);
	const isAsked =
		(referralId === undefined || sameId(asObject(referral).id, referralId)) &&
		(referralEmail === undefined || sameId(email, referralEmail));
	if (!isAsked || typeof state !== 'string') return undefined;
	const over = state === 'churned';
	const since = instantOf(state_set_at);
	return {
		status: state,
		active: !over,
		endsAt: over ? since : null,
		email: typeof email === 'string' ? email : null,
		version: [state, state_set_at, updated_at].join(' '),
		changedAt: since,
	};
}

/** The answer to a look by ID, or to one by e-mail, of which it has to name exactly one. */
export function stateIn(
	reply: ApiResponse,
	who: Who,
): RecordState | 'missing' | Unreadable | undefined {
	const { referralEmail } = who;
	const data = dataIn(reply);
	if (referralEmail === undefined) return stateOf(data, who);
	if (!Array.isArray(data)) return undefined;
	if (data.length === 0) return 'missing';
	const [state, ...others] = data.map((one) => stateOf(one, who));
	// Which of several a churn would take is not documented.
	return state && others.length === 0
		? state
		: { reason: `Reditus does not name exactly one referral for "${referralEmail}".` };
}

/** Not a referral, in the documented words; any other 404 may come from a wrong base URL. */
export function notReferred(reply: ApiResponse): Verdict | undefined {
	const description = errorText(reply);
	return reply.status === 404 && /referral not found/i.test(description)
		? { outcome: 'nothingToCancel', description }
		: undefined;
}

/** What the answer to a churn means. */
export function churned(reply: ApiResponse, who: Who): Verdict | undefined {
	const { status } = reply;
	const description = errorText(reply);
	if (status === 400) return { outcome: 'failed', description };
	if (status === 422) {
		// Assumption: the documented words are those for "clicked", and nobody knows those for "churned".
		// They count only where no record can be read.
		const over = /in state '?churned|already churned/i.test(description);
		return { outcome: over ? 'alreadyCancelled' : 'notCancellable', description, verify: true };
	}
	const state = status === 200 ? stateOf(dataIn(reply), who) : undefined;
	if (!state) return notReferred(reply);
	const { active, endsAt, email } = state;
	return {
		...(active
			? contradictedBy('referral', state.status)
			: { outcome: 'cancelled', effectiveAt: endsAt }),
		email,
	};
}

/** A search by e-mail that brought up nobody. */
export function nobodyIn(reply: ApiResponse): Verdict | undefined {
	const data = reply.status === 200 ? dataIn(reply) : undefined;
	return Array.isArray(data) && data.length === 0 ? { outcome: 'notFound' } : undefined;
}

/** Rows without the envelope: the attributes beside the ID. */
export const rowsIn = (reply: ApiResponse): IDataObject[] | undefined =>
	referralsIn(reply)?.map(({ attributes, ...rest }) => ({ ...rest, ...asObject(attributes) }));

/** The number of the page after this one; undefined after the last. */
export function pageAfter({ body }: ApiResponse): number | undefined {
	const { meta, data } = asObject(body);
	const { has_more, page } = asObject(asObject(meta).pagination);
	const goesOn = has_more === true && typeof page === 'number';
	return goesOn && Array.isArray(data) && data.length > 0 ? page + 1 : undefined;
}
