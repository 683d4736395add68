import type { IDataObject } from 'n8n-workflow';

import { asObject, errorText, type ApiResponse } from '../shared/contract/http';
import {
	endVerdict,
	toIsoUtc,
	sameId,
	contradictedBy,
	type Candidate,
	type RecordState,
	type Verdict,
} from '../shared/contract/verdict';

/** The e-mail address of a subscription's profile, if it has one. */
export const emailOf = ({ profile }: IDataObject): string | null => {
	const { email } = asObject(profile);
	return typeof email === 'string' && email !== '' ? email : null;
};

/** The name of a subscription's product, if it has one. */
export const productOf = ({ product }: IDataObject): string | undefined => {
	const { name } = asObject(product);
	return typeof name === 'string' ? name : undefined;
};

/** Sandbox and preview rows stand among the real ones. */
export const isTest = ({ sandbox, profile }: IDataObject): boolean =>
	sandbox === true || asObject(profile).preview === true;

/** What a record says, the whole one or a list's shorter one, which lacks `cancelled_at`. */
function stateOf(record: IDataObject): RecordState | undefined {
	const { id, status, renews, period_ends_at, updated_at, cancelled_at } = record;
	if (typeof id !== 'string' || typeof status !== 'string') return undefined;
	const over = status === 'cancelled' || status === 'expired';
	return {
		status,
		// Renewal switched off: the end is fixed although the status may still say active. One that is
		// paused may merely not renew while it is.
		active: !over && (renews !== false || status === 'paused'),
		endsAt: toIsoUtc(period_ends_at),
		email: emailOf(record),
		version: [status, renews, updated_at, period_ends_at].join(' '),
		changedAt: toIsoUtc(cancelled_at),
	};
}

/** The state of the subscription with this ID; undefined where the reply is no record of it. */
export function stateIn({ status, body }: ApiResponse, id: string): RecordState | undefined {
	const record = asObject(body);
	return status === 200 && sameId(record.id, id) ? stateOf(record) : undefined;
}

/** What the answer to a cancel means: it is believed where it holds the record, and that has an end. */
export function cancelledIn(reply: ApiResponse, id: string): Verdict | undefined {
	// Which code an earlier cancellation gets is not documented; the record tells.
	if (reply.status === 400) {
		return { outcome: 'notCancellable', description: errorText(reply), verify: true };
	}
	const state = stateIn(reply, id);
	if (!state) return undefined;
	const { active, status, endsAt, changedAt = null, email } = state;
	return {
		...(active ? contradictedBy('subscription', status) : endVerdict(endsAt ?? changedAt)),
		email,
	};
}

const isRecord = (row: unknown) => typeof asObject(row).id === 'string';

/** The records of a list as they came; undefined where the reply holds no list. */
function listIn({ body }: ApiResponse): IDataObject[] | undefined {
	const { data } = asObject(body);
	return Array.isArray(data) ? (data as IDataObject[]).filter(isRecord) : undefined;
}

const marked = (row: IDataObject): IDataObject => ({ ...row, isTest: isTest(row) });

/** The rows of a list, each with `isTest`. */
export const rowsIn = (reply: ApiResponse) => listIn(reply)?.map(marked);

/** A single record as a list of one, with `isTest`. */
export const recordIn = ({ body }: ApiResponse) =>
	isRecord(body) ? [marked(body as IDataObject)] : undefined;

/** The subscriptions of this address; what else a list may hold is left out. */
export function candidatesIn(reply: ApiResponse, email: string): Candidate[] | undefined {
	return listIn(reply)?.flatMap((row) => {
		const state = stateOf(row);
		if (!state || !sameId(emailOf(row), email)) return [];
		return {
			id: row.id as string,
			state,
			product: productOf(row),
			test: isTest(row),
			row: marked(row),
		};
	});
}

/** Where the next page starts; undefined after the last. */
export function cursorIn({ body }: ApiResponse): string | undefined {
	const { has_more, next_cursor } = asObject(asObject(body).pagination);
	return has_more === true && typeof next_cursor === 'string' ? next_cursor : undefined;
}
