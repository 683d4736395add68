import type { IDataObject } from 'n8n-workflow';

import { fieldsOf, words, type Reply } from '../shared/contract/call';
import {
	endOf,
	instant,
	isSame,
	stillSays,
	type Candidate,
	type State,
	type Verdict,
} from '../shared/contract/verdict';

/** The e-mail address of a subscription's profile, if it has one. */
export const emailOf = ({ profile }: IDataObject): string | null => {
	const { email } = fieldsOf(profile);
	return typeof email === 'string' && email !== '' ? email : null;
};

/** The name of a subscription's product, if it has one. */
export const productOf = ({ product }: IDataObject): string | undefined => {
	const { name } = fieldsOf(product);
	return typeof name === 'string' ? name : undefined;
};

/** Sandbox and preview rows stand among the real ones. */
export const isTest = ({ sandbox, profile }: IDataObject): boolean =>
	sandbox === true || fieldsOf(profile).preview === true;

/** What a record says, the whole one or a list's shorter one, which lacks `cancelled_at`. */
function stateOf(record: IDataObject): State | undefined {
	const { id, status, renews, period_ends_at, updated_at, cancelled_at } = record;
	if (typeof id !== 'string' || typeof status !== 'string') return undefined;
	const over = status === 'cancelled' || status === 'expired';
	return {
		status,
		// Renewal switched off: the end is fixed although the status may still say active. One that is
		// paused may merely not renew while it is.
		active: !over && (renews !== false || status === 'paused'),
		endsAt: instant(period_ends_at),
		email: emailOf(record),
		version: [status, renews, updated_at, period_ends_at].join(' '),
		since: instant(cancelled_at),
	};
}

/** The state of the subscription with this ID; undefined where the reply is no record of it. */
export function stateIn({ status, body }: Reply, id: string): State | undefined {
	const record = fieldsOf(body);
	return status === 200 && isSame(record.id, id) ? stateOf(record) : undefined;
}

/** What the answer to a cancel means: it is believed where it holds the record, and that has an end. */
export function cancelledIn(reply: Reply, id: string): Verdict | undefined {
	// Which code an earlier cancellation gets is not documented; the record tells.
	if (reply.status === 400) {
		return { outcome: 'notCancellable', description: words(reply), ask: true };
	}
	const state = stateIn(reply, id);
	if (!state) return undefined;
	const { active, status, endsAt, since = null, email } = state;
	return { ...(active ? stillSays('subscription', status) : endOf(endsAt ?? since)), email };
}

const isRecord = (row: unknown) => typeof fieldsOf(row).id === 'string';

/** The records of a list as they came; undefined where the reply holds no list. */
function listIn({ body }: Reply): IDataObject[] | undefined {
	const { data } = fieldsOf(body);
	return Array.isArray(data) ? (data as IDataObject[]).filter(isRecord) : undefined;
}

const marked = (row: IDataObject): IDataObject => ({ ...row, isTest: isTest(row) });

/** The rows of a list, each with `isTest`. */
export const rowsIn = (reply: Reply) => listIn(reply)?.map(marked);

/** A single record as a list of one, with `isTest`. */
export const recordIn = ({ body }: Reply) =>
	isRecord(body) ? [marked(body as IDataObject)] : undefined;

/** The subscriptions of this address; what else a list may hold is left out. */
export function candidatesIn(reply: Reply, email: string): Candidate[] | undefined {
	return listIn(reply)?.flatMap((row) => {
		const state = stateOf(row);
		if (!state || !isSame(emailOf(row), email)) return [];
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
export function cursorIn({ body }: Reply): string | undefined {
	const { has_more, next_cursor } = fieldsOf(fieldsOf(body).pagination);
	return has_more === true && typeof next_cursor === 'string' ? next_cursor : undefined;
}
