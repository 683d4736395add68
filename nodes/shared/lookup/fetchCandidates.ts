import { monotonicNow } from '../contract/clock';
import type { ApiRequest, ApiResponse } from '../contract/http';
import { timeOf, type Candidate, type SearchPage, type TargetSearch } from '../contract/record';
import type { Verdict } from '../contract/verdict';
import { paginate, requestKey, type PageResult } from '../http/paginate';
import {
	requestWithRetry,
	type RequestContext,
	type RequestResult,
} from '../http/requestWithRetry';
import { isResponse, statusOf } from '../http/response';
import { interpretRead } from '../model/interpretResponse';
import type { Found, SearchItem } from '../model/item';
import { failureMessage, type FailureFacts } from '../model/failureMessage';
import { headerColumns, type ItemResult } from '../model/result';

/** What a search needs to know of its item, before anything is found. */
export type SearchRequest = Pick<
	SearchItem,
	'provider' | 'operationName' | 'operation' | 'email' | 'reason' | 'search' | 'by' | 'dryRun'
>;

/** What a search came to. */
export type SearchOutcome =
	{ kind: 'found'; candidates: Found[] } | { kind: 'failed'; result: ItemResult };

/** What ends a list before its last page. */
type SearchEnd =
	| { kind: 'continue'; searches: TargetSearch[] }
	| { kind: 'missing' }
	| { kind: 'failed'; result: ItemResult };

/**
 * Reads all pages of a search, and of those that it leads to, one after another.
 * @returns its candidates, each once, and test rows only where there is no real one
 * @throws the signal's reason
 */
export async function fetchCandidates(
	item: SearchRequest,
	context: RequestContext,
): Promise<SearchOutcome> {
	const queue = [item.search];
	const sent = new Set<string>();
	const found: Found[] = [];
	let isMissing = false;
	for (let search = queue.shift(); search; search = queue.shift()) {
		// A list that leads back to a request which was sent would never end.
		if (sent.has(requestKey(search.request))) continue;
		sent.add(requestKey(search.request));
		const pages = await fetchPages({ ...item, search }, context);
		if (pages.kind === 'incomplete') {
			return { kind: 'failed', result: searchFailed(item, undefined, pages.reason) };
		}
		if (pages.kind === 'complete') found.push(...pages.rows);
		else if (pages.failure.kind === 'failed') return pages.failure;
		else if (pages.failure.kind === 'continue') queue.push(...pages.failure.searches);
		else isMissing = true;
	}
	if (found.length === 0 && isMissing) {
		return { kind: 'failed', result: searchResult(item, 'notFound') };
	}
	return { kind: 'found', candidates: withoutTests(uniqueById(found)) };
}

const fetchPages = async (item: SearchRequest, context: RequestContext) =>
	await paginate<Found, SearchEnd>({
		first: item.search.request,
		fetch: async (request) => await fetchPage(item, request, context),
		mustBeWhole: true,
		rowName: 'match',
	});

async function fetchPage(
	item: SearchRequest,
	request: ApiRequest,
	context: RequestContext,
): Promise<PageResult<Found, SearchEnd>> {
	// Before the request leaves: a write that ends while it is answered makes the list stale.
	const readAt = monotonicNow();
	const result = await requestWithRetry(context, request, { safe: true });
	const page = isResponse(result.answer)
		? usablePage(item.search.parse(result.answer, request), result.answer)
		: undefined;
	switch (page?.kind) {
		case 'candidates':
			if (page.unreadable > 0) return failedPage(unreadableRows(item, page.unreadable));
			return {
				kind: 'page',
				rows: page.candidates.map((candidate) => ({ ...candidate, readAt })),
				next: page.next,
			};
		case 'continue':
		case 'missing':
			return { kind: 'failed', failure: page };
		default:
			return failedPage(searchFailed(item, result));
	}
}

/** Only a 2xx holds candidates; that the API does not know the customer may have another status. */
function usablePage(page: SearchPage, { status }: ApiResponse): SearchPage | undefined {
	const isUsable = page.kind === 'missing' || page.kind === 'continue' || status < 300;
	return isUsable ? page : undefined;
}

const failedPage = (result: ItemResult): PageResult<Found, SearchEnd> => ({
	kind: 'failed',
	failure: { kind: 'failed', result },
});

const uniqueById = (found: Found[]): Found[] => [
	...new Map(found.map((one) => [one.id, one])).values(),
];

function withoutTests(found: Found[]): Found[] {
	const real = found.filter(({ isTest }) => !isTest);
	return real.length > 0 ? real : found;
}

/** "Pro · active · until 2026-12-31 · sub_1": what a person tells a candidate by. */
export function candidateLabel({ id, product, state: { status, end } }: Candidate): string {
	const day = timeOf(end)?.slice(0, 10);
	return [product, status, day && `until ${day}`, id].filter(Boolean).join(' · ');
}

function unreadableRows(item: SearchRequest, count: number): ItemResult {
	const rows = count === 1 ? 'One record' : `${count} records`;
	return searchFailed(item, undefined, `${rows} that may be meant cannot be read.`);
}

/** The search did not succeed: it is not known whether there is something to cancel. */
function searchFailed(
	item: SearchRequest,
	result: RequestResult | undefined,
	because = 'The response is not a list.',
): ItemResult {
	const read = result && interpretRead(result.answer, item.provider);
	const verdict: Verdict = read?.kind === 'failed' ? read.verdict : { outcome: 'failed' };
	// That the list does not exist says nothing about the customer.
	const isOfCustomer = ['notFound', 'notCancellable'].includes(verdict.outcome);
	const outcome = isOfCustomer ? 'failed' : verdict.outcome;
	const { attempts, retryAt, answer } = result ?? {};
	const httpStatus = statusOf(answer);
	const description = `It could not be looked up. ${verdict.description ?? because}`;
	return searchResult(item, outcome, { attempts, retryAt, httpStatus, description });
}

/** The result of a search that brings up no target. */
export function searchResult(
	item: SearchRequest,
	outcome: ItemResult['outcome'],
	facts: FailureFacts = {},
): ItemResult {
	const subject = { ...item, target: item.by };
	return {
		...headerColumns(subject),
		outcome,
		attempts: 0,
		message: failureMessage({ ...subject, isLookup: true }, outcome, facts),
		...(facts.description !== undefined && { description: facts.description }),
	};
}
