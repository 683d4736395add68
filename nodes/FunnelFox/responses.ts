import type { IDataObject } from 'n8n-workflow';

import {
	asObject,
	errorText,
	ownErrorText,
	textOf,
	type ApiRequest,
	type ApiResponse,
} from '../shared/contract/http';
import { lastPage, type NextPage } from '../shared/contract/page';
import {
	endAt,
	lowerCaseSpelling,
	sameEmail,
	sameId,
	toIsoUtc,
	toSingleRow,
	type Candidate,
	type End,
	type ParsedRecord,
	type RecordState,
	type SearchPage,
	type TargetSearch,
} from '../shared/contract/record';
import { contradictedBy, endVerdict, type Verdict } from '../shared/contract/verdict';

/** The documents show no text of a 404. Assumption: it says that a subscription or record was not found. */
const notFoundText = /\b(subscription|record)\b.*\b(not (be )?found|(does not|doesn't) exist)\b/i;

/** `{message}`, as the cancel call's page shows it for every error. */
export function isOwnError(response: ApiResponse): boolean {
	const text = ownErrorText(response, 'message');
	return text !== undefined && (response.status !== 404 || notFoundText.test(text));
}

/** The e-mail address of a subscription's profile, if it has one. */
export const emailOf = ({ profile }: IDataObject): string | null => textOf(asObject(profile).email);

/** The name of a subscription's product, if it has one. */
export const productOf = ({ product }: IDataObject): string | undefined =>
	textOf(asObject(product).name) ?? undefined;

/** Sandbox and preview rows stand among the real ones. */
export const isTest = ({ sandbox, profile }: IDataObject): boolean =>
	sandbox === true || asObject(profile).preview === true;

/** The state of a whole record, or of a list's shorter one, which lacks `cancelled_at`. */
export function toRecordState(record: IDataObject): RecordState | undefined {
	const { renews, updated_at, period_ends_at, cancelled_at } = record;
	const status = textOf(record.status);
	if (status === null) return undefined;
	const isOver = status === 'cancelled' || status === 'expired';
	// Renewal switched off: the end is fixed although the status may still be "active". A paused
	// subscription may not renew only while it is paused.
	const isEnded = isOver || (renews === false && status !== 'paused');
	return {
		status,
		phase: isEnded ? 'ended' : 'active',
		end: isOver ? endOfEnded(record) : endAt(period_ends_at),
		email: emailOf(record),
		version: [status, renews, updated_at, period_ends_at].join(' '),
		changedAt: toIsoUtc(cancelled_at),
	};
}

/** Of a cancelled or expired subscription. */
function endOfEnded({ period_ends_at, cancelled_at }: IDataObject): End {
	const end = endAt(period_ends_at);
	return end.kind === 'at' ? end : endAt(cancelled_at, 'atOnce');
}

/** The subscription with this ID. */
export function parseRecord(response: ApiResponse, id: string): ParsedRecord {
	if (response.status === 404 && isOwnError(response)) {
		return { kind: 'missing', description: errorText(response) };
	}
	const record = asObject(response.body);
	if (response.status !== 200 || !sameId(record.id, id)) return { kind: 'notTheRecord' };
	const state = toRecordState(record);
	return state
		? { kind: 'found', state }
		: { kind: 'unreadable', reason: 'FunnelFox shows the subscription without a status.' };
}

/** What the response to a cancel means: it counts where it holds the record, and that has an end. */
export function interpretCancel(response: ApiResponse, id: string): Verdict | undefined {
	// The code for an earlier cancellation is not documented; the record tells.
	if (response.status === 400 && isOwnError(response)) {
		return { outcome: 'notCancellable', description: errorText(response), verify: true };
	}
	const parsed = parseRecord(response, id);
	if (parsed.kind !== 'found') return undefined;
	const { phase, status, end, email } = parsed.state;
	const verdict = phase === 'active' ? contradictedBy('subscription', status) : endVerdict(end);
	return { ...verdict, email };
}

/** The rows of a list; undefined where the response holds none. */
function listIn({ body }: ApiResponse): IDataObject[] | undefined {
	const { data } = asObject(body);
	return Array.isArray(data) ? (data as unknown[]).map(asObject) : undefined;
}

const isId = (id: unknown): id is string => typeof id === 'string' && id.trim() !== '';

const withIsTest = (row: IDataObject): IDataObject => ({ ...row, isTest: isTest(row) });

/** The rows of a list that have an ID, each with `isTest`. */
export const toRows = (response: ApiResponse) =>
	listIn(response)
		?.filter(({ id }) => isId(id))
		.map(withIsTest);

/** A single record with `isTest`. */
export const toRow = (response: ApiResponse) =>
	toSingleRow(response)
		?.filter(({ id }) => isId(id))
		.map(withIsTest);

/**
 * Finds the subscriptions of an address; where there is none and the address has capitals, once more
 * in lower case.
 */
export function searchByEmail(email: string, request: (email: string) => ApiRequest): TargetSearch {
	return {
		request: request(email),
		parse(response, asked) {
			const rows = response.status === 200 ? listIn(response) : undefined;
			if (!rows) return { kind: 'notAList' };
			const next = nextPage(response, asked);
			const lower = lowerCaseSpelling(email);
			const isEmpty = rows.length === 0 && next.kind === 'last' && !asked.query?.cursor;
			return isEmpty && lower !== undefined
				? { kind: 'continue', searches: [searchByEmail(lower, request)] }
				: toSearchPage(rows, email, next);
		},
	};
}

/** Subscriptions of other addresses are left out, whatever the filter let through. */
function toSearchPage(rows: IDataObject[], email: string, next: NextPage): SearchPage {
	const possible = rows.filter((row) => {
		const own = emailOf(row);
		return own === null || sameEmail(own, email);
	});
	const candidates = possible.flatMap((row) => toCandidate(row) ?? []);
	return { kind: 'candidates', candidates, unreadable: possible.length - candidates.length, next };
}

function toCandidate(row: IDataObject): Candidate | undefined {
	const state = toRecordState(row);
	if (!state || state.email === null || !isId(row.id)) return undefined;
	return {
		id: row.id,
		state,
		product: productOf(row),
		isTest: isTest(row),
		row: withIsTest(row),
	};
}

/** The cursor of the next page; undefined after the last, and where there is no usable one. */
export function nextCursor({ body }: ApiResponse): string | undefined {
	const { has_more, next_cursor } = asObject(asObject(body).pagination);
	return has_more === true && isId(next_cursor) ? next_cursor : undefined;
}

/** What follows a page. Older documents show lists without pages. https://funnelfox.com/docs/api-reference/list-subscriptions */
export function nextPage(response: ApiResponse, request: ApiRequest): NextPage {
	const { has_more } = asObject(asObject(response.body).pagination);
	if (has_more === undefined || has_more === false) return lastPage;
	const cursor = nextCursor(response);
	return cursor === undefined
		? { kind: 'unknown', reason: 'FunnelFox says that there is more, and not where.' }
		: { kind: 'next', request: { ...request, query: { ...request.query, cursor } } };
}
