import type { IDataObject } from 'n8n-workflow';

import {
	asObject,
	errorText,
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
import { pathOf } from './paths';
import { endedStates, runningStates, toRecordState, type RequestedEnd } from './records';

const errorIn = ({ body }: ApiResponse): IDataObject => asObject(asObject(body).error);

const typeIn = (response: ApiResponse): string => textOf(errorIn(response).type) ?? '';

/** `{error: {type, message}}`. Source: the package "recurly" 4.81.0, openapi/api.yaml, Error */
export const isOwnError = (response: ApiResponse): boolean =>
	/^[a-z]+(_[a-z]+)*$/.test(typeIn(response)) && textOf(errorIn(response).message) !== null;

/** Recurly repeats a stored response, which says nothing about the present state. */
const isReplay = ({ headers }: ApiResponse): boolean => headers['idempotency-prior'] === 'true';

/** An ID or a UUID, with its prefix or without. */
const isRecordOf = ({ id, uuid }: IDataObject, asked: string): boolean =>
	sameId(id, asked) || sameId(uuid, asked.replace(/^uuid-/, ''));

const recordIn = (response: ApiResponse, id: string): IDataObject | undefined => {
	const record = asObject(response.body);
	return response.status === 200 && isRecordOf(record, id) ? record : undefined;
};

/** How the subscription is read; the e-mail address is in it. */
export const recordQuery = (id: string, requested?: RequestedEnd): RecordQuery => ({
	kind: 'request',
	request: { path: pathOf(id) },
	parse(response): ParsedRecord {
		if (response.status === 404 && isOwnError(response)) {
			return { kind: 'missing', description: errorText(response) };
		}
		const record = recordIn(response, id);
		if (!record) return { kind: 'notTheRecord' };
		const state = toRecordState(record, requested);
		return state
			? { kind: 'found', state }
			: { kind: 'unreadable', reason: 'Recurly shows the subscription without a state.' };
	},
});

/** What the response to a cancellation means. */
export const interpretCancel = (response: ApiResponse, id: string, requested: RequestedEnd) =>
	interpretWrite(response, id, (record) => cancelVerdict(toRecordState(record, requested)));

/** What the response to an undo means. */
export const interpretResume = (response: ApiResponse, id: string) =>
	interpretWrite(response, id, (record) => resumeVerdict(toRecordState(record)));

function interpretWrite(
	response: ApiResponse,
	id: string,
	onRecord: (record: IDataObject) => Verdict | undefined,
): Verdict | undefined {
	if (response.status >= 300) return interpretError(response);
	const record = recordIn(response, id);
	const verdict = record && onRecord(record);
	return verdict && isReplay(response) ? { ...verdict, verify: true } : verdict;
}

/** Errors in Recurly's own form; undefined: the engine's default mapping decides. */
function interpretError(response: ApiResponse): Verdict | undefined {
	const { status } = response;
	const description = errorText(response);
	// Recurly keeps this response under the idempotency key: the next attempt needs another one.
	if (status === 422 && typeIn(response) === 'simultaneous_request') {
		return { outcome: 'failed', description, verify: true, needsNewKey: true };
	}
	if (status >= 500) {
		return { outcome: 'unknown', description, verify: true, needsNewKey: isReplay(response) };
	}
	// A request with the same idempotency key is still running.
	if (status === 409) return { outcome: 'unknown', description, verify: true };
	// The version of the API: no request of this node is accepted.
	if (status === 406) return { outcome: 'failed', description };
	return undefined;
}

const advice = {
	paused:
		'A paused subscription cannot be cancelled, only terminated: choose Immediately, or resume it in Recurly first.',
	laterEnd:
		'It is canceled for a later end, which Recurly cannot bring forward: until then it may be billed. Choose Immediately, or Resume it and cancel it again.',
	usage:
		'It has an add-on that is billed by usage. Add Charge Usage, and choose whether Recurly bills the usage of this period or waives it.',
	future:
		'It has not begun. Choose At the End of the Period: Recurly then cancels it at once, and it never begins.',
};

/** What Recurly would refuse, and what only the user can decide. */
export function canCancel(
	{ status, values }: RecordState,
	{ when, charge }: { when: RequestedEnd; charge?: boolean },
): Verdict | undefined {
	if (when === 'immediately') {
		return values?.billsUsage === true && charge === undefined
			? { outcome: 'refused', description: advice.usage }
			: undefined;
	}
	if (status === 'paused') return { outcome: 'notCancellable', description: advice.paused };
	// Checked on what has something left to end: its end is later than the one asked for.
	if (status === 'canceled') return { outcome: 'notCancellable', description: advice.laterEnd };
	return undefined;
}

/** Assumption: Recurly terminates no subscription that has not begun. */
export function explainRefusal(
	verdict: Verdict,
	{ status }: RecordState,
	{ when }: { when: RequestedEnd },
): Verdict | undefined {
	if (status !== 'future' || when !== 'immediately') return undefined;
	return { ...verdict, description: [verdict.description, advice.future].join('. ') };
}

/** An expired subscription cannot be brought back, and of an unknown state nothing is concluded. */
export function canResume({ status }: RecordState): Verdict | undefined {
	if (runningStates.includes(status)) return undefined;
	return {
		outcome: 'notCancellable',
		description: endedStates.includes(status)
			? 'It has ended, and Recurly cannot bring it back. Create a new subscription.'
			: `This node does not know the state "${status}". Look the subscription up in Recurly.`,
	};
}

/** The rows of a list; undefined where the response holds none. */
export function listIn({ body }: ApiResponse): IDataObject[] | undefined {
	const { object, data } = asObject(body);
	return object === 'list' && Array.isArray(data) ? (data as unknown[]).map(asObject) : undefined;
}

export const toRows = (response: ApiResponse): IDataObject[] | undefined =>
	listIn(response)?.filter(({ id }) => textOf(id) !== null);

/** Where the next page begins: the query of `next`; undefined after the last page. */
export function nextQuery({ body }: ApiResponse): string | undefined {
	const { has_more, next } = asObject(body);
	const query = /\?([^#]+)/.exec(textOf(next) ?? '')?.[1];
	return has_more === true ? query : undefined;
}

/** The query of a next page as names and values. What this node asks for stays as it is. */
export const pageQuery = (query: string, own: ApiRequest['query']): ApiRequest['query'] => ({
	...Object.fromEntries(new URLSearchParams(query)),
	...own,
});

/** The parameters that stay the same on every page. */
const ownParameters = ['email', 'limit', 'state'];

/**
 * `next` is an address; only its query is taken, so that a response cannot choose where the key goes.
 * Source: openapi/api.yaml, "Pagination"
 */
export function nextPage(response: ApiResponse, request: ApiRequest): NextPage {
	if (asObject(response.body).has_more !== true) return lastPage;
	const query = nextQuery(response);
	if (query === undefined) {
		return { kind: 'unknown', reason: 'Recurly says that there is more, and not where.' };
	}
	const own = Object.entries(request.query ?? {}).filter(([name]) => ownParameters.includes(name));
	return {
		kind: 'next',
		request: { ...request, query: pageQuery(query, Object.fromEntries(own)) },
	};
}
