import type { ApiRequest } from '../contract/http';
import { lastPage, type NextPage } from '../contract/page';

/** Empty pages in a row, each naming another one, after which a list is broken and not merely sparse. */
export const maxEmptyPages = 3;

/** What one request for a page came to. */
export type PageResult<T, F> =
	{ kind: 'page'; rows: T[]; next: NextPage } | { kind: 'failed'; failure: F };

/** What a whole list came to. `rows`: those of the pages that were read, in their order. */
export type Pagination<T, F> =
	/** All rows, or as many as were asked for. */
	| { kind: 'complete'; rows: T[] }
	| { kind: 'failed'; rows: T[]; failure: F }
	/** There may be more rows that could not be reached. */
	| { kind: 'incomplete'; rows: T[]; reason: string };

export interface PaginateOptions<T, F> {
	first: ApiRequest;
	/** Sends one request, and says what its page holds. */
	fetch: (request: ApiRequest) => Promise<PageResult<T, F>>;
	/** Rows at most; all where absent. No page is requested that is not needed for them. */
	limit?: number;
	/** A page that names one which was read already may have others behind it, so the list is incomplete. */
	mustBeWhole?: boolean;
	/** What a row is called in the reason for an incomplete list. */
	rowName?: string;
}

/**
 * Reads a list page by page, one request at a time. A page that names a request which was already sent
 * (a cursor that repeats) is the last one, unless the list must be whole.
 * @throws only what `fetch` throws
 */
export async function paginate<T, F>(options: PaginateOptions<T, F>): Promise<Pagination<T, F>> {
	const { first, fetch, limit = Infinity } = options;
	const rows: T[] = [];
	const sent = new Set<string>();
	let emptyPages = 0;
	for (let request = first; rows.length < limit;) {
		sent.add(requestKey(request));
		const page = await fetch(request);
		if (page.kind === 'failed') return { kind: 'failed', rows, failure: page.failure };
		for (const row of page.rows) rows.push(row);
		emptyPages = page.rows.length === 0 ? emptyPages + 1 : 0;
		const next = following(page.next, { ...options, sent, emptyPages });
		if (next.kind === 'last' || rows.length >= limit) break;
		if (next.kind === 'unknown') return { kind: 'incomplete', rows, reason: next.reason };
		request = next.request;
	}
	return { kind: 'complete', rows: rows.slice(0, limit) };
}

/** What follows a page, in view of the pages that were read. */
function following(
	next: NextPage,
	{
		sent,
		emptyPages,
		mustBeWhole = false,
		rowName = 'record',
	}: Pick<PaginateOptions<unknown, unknown>, 'mustBeWhole' | 'rowName'> & {
		sent: Set<string>;
		emptyPages: number;
	},
): NextPage {
	if (next.kind !== 'next') return next;
	if (sent.has(requestKey(next.request))) {
		const reason = 'A page names one that was read already, so that there may be more.';
		return mustBeWhole ? { kind: 'unknown', reason } : lastPage;
	}
	if (emptyPages < maxEmptyPages) return next;
	const reason = `${emptyPages} pages without a ${rowName} came in a row, each naming another one.`;
	return { kind: 'unknown', reason };
}

/** Equal requests fetch equal pages: address and body, because some lists page by their body. */
export function requestKey({ method = 'GET', path, query = {}, ...rest }: ApiRequest): string {
	const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
	return JSON.stringify([method, path, pairs.sort(), rest]);
}
