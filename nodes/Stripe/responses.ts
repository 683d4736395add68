import type { IDataObject } from 'n8n-workflow';

import { asObject, errorText, segment, textOf, type ApiResponse } from '../shared/contract/http';
import { lastPage, type NextPage } from '../shared/contract/page';
import type { ApiRequest } from '../shared/contract/http';
import {
	sameId,
	type ParsedRecord,
	type RecordNeeds,
	type RecordQuery,
	type RecordState,
} from '../shared/contract/record';
import { cancelVerdict, resumeVerdict, type Verdict } from '../shared/contract/verdict';
import {
	customerOf,
	endedStatuses,
	runningStatuses,
	toRecordState,
	withIsTest,
	type RequestedEnd,
} from './records';

const errorIn = ({ body }: ApiResponse): IDataObject => asObject(asObject(body).error);

/** `{error: {type, message}}`. https://docs.stripe.com/api/errors */
export function isOwnError(response: ApiResponse): boolean {
	const { type, message } = errorIn(response);
	return textOf(message) !== null && /_error$/.test(textOf(type) ?? '');
}

/** An object that does not exist in the key's account and mode: in the path 404, in a parameter 400. */
export const isUnknownObject = (response: ApiResponse): boolean =>
	isOwnError(response) && errorIn(response).code === 'resource_missing';

/** Stripe repeats a stored response, which says nothing about the present state. */
const isReplay = ({ headers }: ApiResponse) => headers['idempotent-replayed'] === 'true';

const subscriptionIn = (response: ApiResponse, id: string): IDataObject | undefined => {
	const record = asObject(response.body);
	const isRecord = record.object === 'subscription' && sameId(record.id, id);
	return response.status === 200 && isRecord ? record : undefined;
};

/** How the subscription is read, and its customer where the e-mail address is needed. */
export function recordQuery(
	id: string,
	{ email }: RecordNeeds,
	toState: (record: IDataObject) => RecordState | undefined,
): RecordQuery {
	return {
		kind: 'request',
		request: { path: `/v1/subscriptions/${segment(id)}` },
		parse(response): ParsedRecord {
			if (response.status === 404 && isUnknownObject(response)) {
				return { kind: 'missing', description: errorText(response) };
			}
			const record = subscriptionIn(response, id);
			const state = record && toState(record);
			// Without a status it does not tell whether something else is scheduled.
			if (!state) return { kind: 'notTheRecord' };
			const customer = email ? customerOf(record) : null;
			return customer === null
				? { kind: 'found', state }
				: { kind: 'continue', query: customerQuery(customer, state) };
		},
	};
}

/** Read by itself: expanding the customer fails for a key without the permission to read customers. */
const customerQuery = (customer: string, state: RecordState): RecordQuery => ({
	kind: 'request',
	request: { path: `/v1/customers/${segment(customer)}` },
	parse(response): ParsedRecord {
		const record = asObject(response.body);
		return response.status === 200 && sameId(record.id, customer)
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
	const record = subscriptionIn(response, id);
	const verdict = record && onRecord(record);
	return verdict && isReplay(response) ? { ...verdict, verify: true } : verdict;
}

const scheduleAdvice =
	'A subscription schedule manages this subscription. Cancel or release the schedule in Stripe, or choose Immediately.';

/** Errors in Stripe's own form; undefined: the engine's default mapping decides. */
function interpretError(response: ApiResponse): Verdict | undefined {
	const { status } = response;
	const description = errorText(response);
	if (isInDoubt(response)) return { outcome: 'unknown', description, verify: true };
	if (status === 429) return { outcome: 'rateLimited', description: limitedText(response) };
	if (status === 400 && isAboutSchedule(response)) {
		const reason = `${description} ${scheduleAdvice}`;
		return { outcome: 'notCancellable', description: reason, verify: true };
	}
	// Also of one that has ended: the record tells them apart.
	if (isUnknownObject(response) || (status === 400 && isAboutEnded(response))) {
		return { outcome: 'notCancellable', description, verify: true };
	}
	return undefined;
}

/** A failure of Stripe, the stored response of an earlier attempt, or a conflict with one in progress. */
const isInDoubt = (response: ApiResponse): boolean =>
	response.status >= 500 ||
	response.status === 409 ||
	isReplay(response) ||
	errorIn(response).type === 'idempotency_error';

/** The header says which of several limits it was. https://docs.stripe.com/rate-limits */
function limitedText(response: ApiResponse): string {
	const reason = response.headers['stripe-rate-limited-reason'];
	return reason ? `${errorText(response)} (${reason})` : errorText(response);
}

const isAboutSchedule = (response: ApiResponse): boolean =>
	/managed by the subscription schedule/i.test(String(errorIn(response).message));

/** The header outranks a client's own judgement. Source: the package "stripe" 23.1.0, src/RequestSender.ts */
export const forbidsRetry = ({ headers }: ApiResponse): boolean =>
	headers['stripe-should-retry'] === 'false';

/** Assumption: the code of a refused update of an ended subscription; public reports show its text only. */
function isAboutEnded(response: ApiResponse): boolean {
	const { code, message } = errorIn(response);
	return (
		code === 'invalid_canceled_subscription_fields' ||
		/^a canceled subscription can only/i.test(String(message))
	);
}

/** An ended subscription cannot be brought back, and of an unknown status nothing is concluded. */
export function canResume({ status }: RecordState): Verdict | undefined {
	if (runningStatuses.includes(status)) return undefined;
	const isOver = endedStatuses.includes(status);
	return {
		outcome: 'notCancellable',
		description: isOver
			? 'It has ended, and Stripe cannot bring it back. Create a new subscription.'
			: `This node does not know the status "${status}". Look the subscription up in Stripe.`,
	};
}

/** What a dry run adds for a subscription that a schedule manages. */
export const managedVerdict = (): Verdict => ({
	outcome: 'notCancellable',
	description: scheduleAdvice,
});

/** The rows of a list that have an ID; undefined where the response holds no list. */
export function listIn({ body }: ApiResponse): IDataObject[] | undefined {
	const { object, data } = asObject(body);
	return object === 'list' && Array.isArray(data) ? (data as unknown[]).map(asObject) : undefined;
}

export const toRows = (response: ApiResponse): IDataObject[] | undefined =>
	listIn(response)
		?.filter(({ id }) => textOf(id) !== null)
		.map(withIsTest);

/** A single subscription with `isTest`. */
export const toRow = ({ body }: ApiResponse): IDataObject[] | undefined =>
	textOf(asObject(body).id) === null ? undefined : [withIsTest(asObject(body))];

/** The cursor of the next page; undefined after the last. */
export function nextCursor(response: ApiResponse): string | undefined {
	const last = listIn(response)?.at(-1);
	return asObject(response.body).has_more === true ? (textOf(last?.id) ?? undefined) : undefined;
}

export function nextPage(response: ApiResponse, request: ApiRequest): NextPage {
	if (asObject(response.body).has_more !== true) return lastPage;
	const cursor = nextCursor(response);
	return cursor === undefined
		? { kind: 'unknown', reason: 'Stripe says that there is more, and not where.' }
		: {
				kind: 'next',
				request: { ...request, query: { ...request.query, starting_after: cursor } },
			};
}
