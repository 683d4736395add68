import type { ApiRequest } from '../contract/http';
import type { Candidate, TargetSearch } from '../contract/verdict';
import { buildUrl } from '../http/baseUrl';
import {
	requestWithRetry,
	type RequestResult,
	type RequestContext,
} from '../http/requestWithRetry';
import { isResponse } from '../http/response';
import type { SearchItem } from '../model/item';
import { interpretRead } from '../model/interpretResponse';
import { failureMessage, type ItemResult } from '../model/result';
import { maxEmptyPages } from './fetchRows';

/** What a search knows of itself before anything is found. */
export type SearchRequest = Omit<SearchItem, 'found' | 'index' | 'options' | 'values'>;

/**
 * Reads all pages of a search.
 * @returns its records, of which test rows only where there is no real one; or why there is no telling
 */
export async function fetchCandidates(
	search: SearchRequest,
	manner: RequestContext,
): Promise<Candidate[] | { result: ItemResult }> {
	const all: Candidate[] = [];
	const asked = new Set<string>();
	let empty = 0;
	let how: TargetSearch = search.find;
	let call: ApiRequest | undefined = how.request;
	while (call && !asked.has(buildUrl(manner.account, call))) {
		asked.add(buildUrl(manner.account, call));
		const sent = await requestWithRetry(manner, call, { safe: true });
		const { answer } = sent;
		const read = isResponse(answer) ? how.candidates(answer) : undefined;
		if (read === 'missing') return { result: searchResult(search, 'notFound') };
		if (!isResponse(answer) || !Array.isArray(read)) return { result: searchFailed(search, sent) };
		all.push(...read);
		const on: ApiRequest | TargetSearch | undefined = how.nextPage?.(answer, call);
		if (on && 'candidates' in on) how = on;
		call = on && 'candidates' in on ? on.request : on;
		empty = read.length === 0 ? empty + 1 : 0;
		if (call && empty >= maxEmptyPages)
			return { result: searchFailed(search, sent, emptyPagesMessage(empty)) };
	}
	const real = all.filter(({ test }) => !test);
	return real.length > 0 ? real : all;
}

/** "Pro · active · until 2026-12-31 · sub_1": what a person tells it by. */
export const candidateLabel = ({ id, product, state: { status, endsAt } }: Candidate): string =>
	[product, status, endsAt && `until ${endsAt.slice(0, 10)}`, id].filter(Boolean).join(' · ');

const emptyPagesMessage = (pages: number) =>
	`${pages} pages without a match came in a row, each naming another one.`;

/** The search did not succeed: nobody knows whether there is something to cancel. */
function searchFailed(
	search: SearchRequest,
	{ answer, attempts, retryAt }: RequestResult,
	because = 'The answer is no list.',
): ItemResult {
	const read = interpretRead(answer);
	const { outcome: said = 'failed', description: why = because } =
		'against' in read ? read.against : {};
	// That the list is not there says nothing about the customer.
	const outcome = said === 'notFound' ? 'failed' : said;
	return {
		...searchResult(search, outcome),
		description: `"${search.by}" could not be looked up. ${why}`,
		message: failureMessage({ ...search, target: search.by }, outcome, attempts, retryAt),
	};
}

export function searchResult(search: SearchRequest, outcome: ItemResult['outcome']): ItemResult {
	const { operationName, by, email, dryRun } = search;
	const message = failureMessage({ ...search, target: by }, outcome);
	return { outcome, operation: operationName, target: by, email, attempts: 0, dryRun, message };
}
