import type { IDataObject } from 'n8n-workflow';

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
	type RecordQuery,
	type RecordState,
} from '../shared/contract/record';
import { cancelVerdict, resumeVerdict, type Verdict } from '../shared/contract/verdict';
import {
	isFromStore,
	runningStatuses,
	toEntry,
	toFlatRow,
	toRecordState,
	type Entry,
	type KnownRecord,
	type RequestedEnd,
} from './records';

const codeIn = ({ body }: ApiResponse): string => textOf(asObject(body).api_error_code) ?? '';

/** `{message, type, api_error_code}`. https://apidocs.chargebee.com/docs/api/error-handling */
export const isOwnError = (response: ApiResponse): boolean =>
	codeIn(response) !== '' && textOf(asObject(response.body).message) !== null;

/** The address of the request names no site: the credential is wrong, and no record is missing. */
export const isUnknownSite = (response: ApiResponse): boolean =>
	isOwnError(response) && codeIn(response) === 'site_not_found';

export const isUnknownRecord = (response: ApiResponse): boolean =>
	response.status === 404 && isOwnError(response) && codeIn(response) === 'resource_not_found';

/** The site does not have this request; it may have that of the other product catalog. Source: https://github.com/chargebee/chargebee-ruby/issues/66 */
export const isWrongCatalog = (response: ApiResponse): boolean =>
	isOwnError(response) &&
	(codeIn(response) === 'configuration_incompatible' ||
		/not enabled for this site/i.test(errorText(response)));

/** Chargebee repeats a stored response, which says nothing about the present state. */
const isReplay = ({ headers }: ApiResponse) =>
	headers['chargebee-idempotency-replayed']?.toLowerCase() === 'true';

const entryIn = (response: ApiResponse, id: string): Entry | undefined => {
	const entry = toEntry(response.body);
	return response.status === 200 && sameId(entry.subscription.id, id) ? entry : undefined;
};

/** How the subscription is read; its customer's e-mail address comes with it. */
export const recordQuery = (id: string, requested?: RequestedEnd): RecordQuery => ({
	kind: 'request',
	request: { path: `/subscriptions/${segment(id)}` },
	parse(response): ParsedRecord {
		if (isUnknownRecord(response)) return { kind: 'missing', description: errorText(response) };
		const entry = entryIn(response, id);
		if (!entry) return { kind: 'notTheRecord' };
		if (entry.subscription.deleted === true) {
			return { kind: 'missing', description: 'The subscription was deleted in Chargebee.' };
		}
		const state = toRecordState(entry.subscription, entry.email, requested);
		return state
			? { kind: 'found', state }
			: { kind: 'unreadable', reason: 'the subscription has no status' };
	},
});

/** What the response to a cancellation means. */
export const interpretCancel = (response: ApiResponse, id: string, requested: RequestedEnd) =>
	interpretWrite(response, id, ({ subscription, email }) => {
		const verdict = cancelVerdict(toRecordState(subscription, email, requested));
		return verdict && { ...verdict, email };
	});

/** What the response to an undo or a reactivation means. */
export const interpretResume = (response: ApiResponse, id: string) =>
	interpretWrite(response, id, ({ subscription, email }) => {
		const verdict = resumeVerdict(toRecordState(subscription, email));
		return verdict && { ...verdict, email };
	});

function interpretWrite(
	response: ApiResponse,
	id: string,
	onEntry: (entry: Entry) => Verdict | undefined,
): Verdict | undefined {
	if (response.status >= 300) return interpretError(response);
	const entry = entryIn(response, id);
	const verdict = entry && onEntry(entry);
	return verdict && isReplay(response) ? { ...verdict, verify: true } : verdict;
}

const catalogAdvice =
	'The site has the request of neither product catalog. Cancel the subscription in Chargebee.';

/** Errors in Chargebee's own form; undefined: the engine's default mapping decides. */
function interpretError(response: ApiResponse): Verdict | undefined {
	const description = errorText(response);
	if (isInDoubt(response)) {
		return { outcome: 'unknown', description, verify: true, needsNewKey: isReplay(response) };
	}
	if (isUnknownSite(response)) return { outcome: 'unauthorized', description };
	if (isWrongCatalog(response)) {
		const reason = `${description}. ${catalogAdvice}`;
		return { outcome: 'notCancellable', description: reason, verify: true };
	}
	const isPayment = asObject(response.body).type === 'payment';
	return isPayment ? { outcome: 'notCancellable', description, verify: true } : undefined;
}

/**
 * The stored response of an earlier attempt, or a conflict with a request in progress. Assumption: a
 * state that does not allow the request is the only conflict of another kind.
 */
const isInDoubt = (response: ApiResponse): boolean =>
	isReplay(response) ||
	(response.status === 409 && codeIn(response) !== 'invalid_state_for_request');

/** What only the customer can end, and what the user has to decide first. */
export function canCancel(
	state: RecordState,
	{ contractTerm }: Pick<RequestedEnd, 'contractTerm'>,
): Verdict | undefined {
	if (isFromStore(state)) return { outcome: 'customerActionRequired' };
	const { hasContract, contractEnd } = state.values as Partial<KnownRecord>;
	if (!hasContract || contractTerm !== undefined) return undefined;
	const until = contractEnd ? ` until ${contractEnd.slice(0, 10)}` : '';
	return {
		outcome: 'refused',
		description: `A contract term is active${until}. Choose under Additional Fields > Contract Term how it ends.`,
	};
}

/** What cannot be brought back, or only where the user says so. */
export function canResume(
	state: RecordState,
	{ ifEnded = 'refuse' }: { ifEnded?: 'reactivate' | 'refuse' },
): Verdict | undefined {
	const { status } = state;
	const { hasContract } = state.values as Partial<KnownRecord>;
	const refuse = (description: string): Verdict => ({ outcome: 'notCancellable', description });
	if (isFromStore(state))
		return refuse('It was bought in an app store: the customer renews it there.');
	if (status === 'cancelled') {
		return ifEnded === 'reactivate'
			? undefined
			: refuse(
					'It has ended. To start it again, which may charge the customer, set Additional Fields > If Ended to Reactivate.',
				);
	}
	if (status === 'transferred') return refuse('It was transferred to another site of Chargebee.');
	if (!runningStatuses.includes(status)) {
		return refuse(
			`This node does not know the status "${status}". Look the subscription up in Chargebee.`,
		);
	}
	return hasContract
		? refuse(
				'Chargebee does not undo a scheduled end while a contract term is active. Change the contract term in Chargebee.',
			)
		: undefined;
}

/** The entries of a list; undefined where the response holds none. */
export function listIn({ status, body }: ApiResponse): IDataObject[] | undefined {
	const { list } = asObject(body);
	return status === 200 && Array.isArray(list) ? (list as unknown[]).map(asObject) : undefined;
}

export const toRows = (response: ApiResponse): IDataObject[] | undefined =>
	listIn(response)
		?.map(toEntry)
		.filter(({ subscription }) => textOf(subscription.id) !== null)
		.map(toFlatRow);

/** A single subscription with its customer. */
export const toRow = ({ body }: ApiResponse): IDataObject[] | undefined => {
	const entry = toEntry(body);
	return textOf(entry.subscription.id) === null ? undefined : [toFlatRow(entry)];
};

/** The cursor of the next page; undefined after the last. */
export const nextOffset = ({ body }: ApiResponse): string | undefined =>
	textOf(asObject(body).next_offset) ?? undefined;

/** https://apidocs.chargebee.com/docs/api/pagination */
export function nextPage(response: ApiResponse, request: ApiRequest): NextPage {
	const offset = nextOffset(response);
	return offset === undefined
		? lastPage
		: { kind: 'next', request: { ...request, query: { ...request.query, offset } } };
}
