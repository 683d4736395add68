import type { IDataObject } from 'n8n-workflow';

import { now } from '../shared/contract/clock';
import {
	asObject,
	errorText,
	segment,
	textOf,
	type ApiRequest,
	type ApiResponse,
} from '../shared/contract/http';
import { lastPage, type NextPage } from '../shared/contract/page';
import {
	sameId,
	type ParsedRecord,
	type RecordNeeds,
	type RecordQuery,
	type RecordState,
} from '../shared/contract/record';
import { cancelVerdict, endVerdict, resumeVerdict, type Verdict } from '../shared/contract/verdict';
import { runningStatuses, toRecordState, type RequestedEnd } from './records';

const errorIn = ({ body }: ApiResponse): IDataObject => asObject(asObject(body).error);

const codeIn = (response: ApiResponse): string => textOf(errorIn(response).code) ?? '';

/** `{error: {type, code, detail}}`. https://developer.paddle.com/api-reference/about/errors */
export function isOwnError(response: ApiResponse): boolean {
	const { type, detail } = errorIn(response);
	const isType = type === 'request_error' || type === 'api_error';
	return isType && codeIn(response) !== '' && textOf(detail) !== null;
}

const dataIn = ({ body }: ApiResponse): unknown => asObject(body).data;

const recordIn = (response: ApiResponse, id: string): IDataObject | undefined => {
	const record = asObject(dataIn(response));
	return response.status === 200 && sameId(record.id, id) ? record : undefined;
};

/** How the subscription is read, and its customer where the e-mail address is needed. */
export function recordQuery(
	id: string,
	{ email }: RecordNeeds,
	requested?: RequestedEnd,
): RecordQuery {
	return {
		kind: 'request',
		request: { path: `/subscriptions/${segment(id)}` },
		parse(response): ParsedRecord {
			if (response.status === 404 && isOwnError(response)) {
				return { kind: 'missing', description: errorText(response) };
			}
			const record = recordIn(response, id);
			const state = record && toRecordState(record, null, requested);
			// Without a status it does not tell whether something else is scheduled.
			if (!state) return { kind: 'notTheRecord' };
			const customer = email ? textOf(record.customer_id) : null;
			return customer === null
				? { kind: 'found', state }
				: { kind: 'continue', query: customerQuery(customer, state) };
		},
	};
}

const customerQuery = (customer: string, state: RecordState): RecordQuery => ({
	kind: 'request',
	request: { path: `/customers/${segment(customer)}` },
	parse(response): ParsedRecord {
		const record = recordIn(response, customer);
		return record
			? { kind: 'found', state: { ...state, email: textOf(record.email) } }
			: { kind: 'notTheRecord' };
	},
});

/** What the response to a cancellation means. */
export const interpretCancel = (response: ApiResponse, id: string, requested: RequestedEnd) =>
	interpretWrite(response, id, (record) => cancelVerdict(toRecordState(record, null, requested)));

/** What the response to an undo means. */
export const interpretResume = (response: ApiResponse, id: string) =>
	interpretWrite(response, id, (record) => resumeVerdict(toRecordState(record, null)));

function interpretWrite(
	response: ApiResponse,
	id: string,
	onRecord: (record: IDataObject) => Verdict | undefined,
): Verdict | undefined {
	if (response.status >= 300) return interpretError(response);
	const record = recordIn(response, id);
	return record && onRecord(record);
}

/** Refusals for the state that the subscription is in. Source: https://developer.paddle.com/errors/overview */
const stateCodes = [
	'subscription_is_canceled_action_invalid',
	'subscription_is_inactive_action_invalid',
	'subscription_locked_pending_changes',
	'subscription_locked_processing',
	'subscription_locked_renewal',
	'subscription_not_active',
	'subscription_outstanding_pending_refund',
	'subscription_outstanding_transaction',
	'subscription_update_when_canceled',
	'subscription_update_when_past_due',
];

/** What to do about them. */
const advice: Record<string, string> = {
	subscription_is_inactive_action_invalid:
		'A paused subscription has no period that could end: choose Immediately.',
	subscription_locked_pending_changes:
		'Another change is scheduled. Remove it in Paddle, or wait until it has taken effect.',
	subscription_locked_processing:
		'Paddle locks a subscription for 30 minutes around its processing. Run it again after that.',
	subscription_locked_renewal:
		'Paddle locks a subscription in the 30 minutes before it renews. Run it again after the renewal.',
	subscription_outstanding_pending_refund: 'A refund waits for approval in Paddle.',
};

/** Errors in Paddle's own form; undefined: the engine's default mapping decides. */
function interpretError(response: ApiResponse): Verdict | undefined {
	const code = codeIn(response);
	const description = [errorText(response), advice[code]].filter(Boolean).join('. ');
	if (stateCodes.includes(code)) return { outcome: 'notCancellable', description, verify: true };
	// `conflict`, `concurrent_modification`: another request was first.
	if (response.status === 409) return { outcome: 'failed', description, verify: true };
	return undefined;
}

/** A refusal while Paddle works on the subscription, with the time after which it is over. */
export function explainRefusal(verdict: Verdict, { renewsAt }: RecordState): Verdict | undefined {
	const { description = '' } = verdict;
	if (description.includes('subscription_locked_renewal') && renewsAt) {
		return { ...verdict, description: `${description} It renews at ${renewsAt}.` };
	}
	if (!description.includes('subscription_locked_processing')) return undefined;
	const over = new Date(now() + lockMs).toISOString();
	return { ...verdict, description: `${description} It is over by ${over}.` };
}

/** Assumption: a lock for processing lasts this long at most, in milliseconds. */
const lockMs = 30 * 60_000;

/** What a cancellation would come to. */
export function predictCancel(state: RecordState | undefined, requested: RequestedEnd): Verdict {
	if (requested === 'immediately') {
		return {
			outcome: 'cancelled',
			effectiveAt: null,
			description: 'Paddle refunds nothing, and drops changes and charges of the next period.',
		};
	}
	return endVerdict(state?.end ?? { kind: 'unknown' });
}

/** What is paused has no period that could end. */
export function canCancel({ status }: RecordState, { when }: { when: RequestedEnd }) {
	const isRefused = status === 'paused' && when !== 'immediately';
	const description = advice.subscription_is_inactive_action_invalid;
	return isRefused ? ({ outcome: 'notCancellable', description } as const) : undefined;
}

/** A canceled subscription cannot be brought back, and of an unknown status nothing is concluded. */
export function canResume({ status }: RecordState): Verdict | undefined {
	if (runningStatuses.includes(status)) return undefined;
	const isOver = status === 'canceled';
	return {
		outcome: 'notCancellable',
		description: isOver
			? 'It has ended, and Paddle cannot bring it back. Create a new subscription.'
			: `This node does not know the status "${status}". Look the subscription up in Paddle.`,
	};
}

/** The rows of a list; undefined where the response holds none. */
export function listIn(response: ApiResponse): IDataObject[] | undefined {
	const data = dataIn(response);
	return Array.isArray(data) ? (data as unknown[]).map(asObject) : undefined;
}

export const toRows = (response: ApiResponse): IDataObject[] | undefined =>
	listIn(response)?.filter(({ id }) => textOf(id) !== null);

/** A single subscription. */
export const toRow = (response: ApiResponse): IDataObject[] | undefined => {
	const record = asObject(dataIn(response));
	return textOf(record.id) === null ? undefined : [record];
};

const paginationIn = ({ body }: ApiResponse): IDataObject =>
	asObject(asObject(asObject(body).meta).pagination);

/**
 * The cursor of the next page; undefined after the last. `next` is an address; only its cursor is taken,
 * so that a response cannot choose where the key goes.
 */
export function nextCursor(response: ApiResponse): string | undefined {
	const { has_more, next } = paginationIn(response);
	const after = /[?&]after=([^&#]+)/.exec(textOf(next) ?? '')?.[1];
	return has_more === true && after !== undefined ? safeDecode(after) : undefined;
}

function safeDecode(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}

/** https://developer.paddle.com/api-reference/about/pagination */
export function nextPage(response: ApiResponse, request: ApiRequest): NextPage {
	if (paginationIn(response).has_more !== true) return lastPage;
	const after = nextCursor(response);
	return after === undefined
		? { kind: 'unknown', reason: 'Paddle says that there is more, and not where.' }
		: { kind: 'next', request: { ...request, query: { ...request.query, after } } };
}
