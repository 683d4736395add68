import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { candidateOption, type ListSearch } from './contract/listSearch';
import type { ApiRequest } from './contract/http';
import type { Provider } from './contract/provider';
import type { TargetSearch } from './contract/record';
import { loadAccount } from './http/account';
import { redact } from './http/redact';
import { editorContext, requestWithRetry, type RequestContext } from './http/requestWithRetry';
import { fetchCandidates } from './lookup/fetchCandidates';
import { interpretRead } from './model/interpretResponse';

/** What n8n asks a list for: the text that the user typed, and the page after the ones shown. */
export interface ListRequest {
	filter?: string;
	page?: string;
}

/**
 * Fills the list of a resource locator; reads only, at the account's rate.
 * @throws NodeOperationError with what to do, shown in place of the list
 */
export async function listSearch(
	this: ILoadOptionsFunctions,
	provider: Provider,
	search: ListSearch,
	{ filter = '', page }: ListRequest,
): Promise<INodeListSearchResult> {
	const typed = filter.trim();
	const parameter = (name: string) => this.getCurrentNodeParameter(name, { extractValue: true });
	const missing = search.missingInput?.(typed, parameter);
	if (missing) throw new NodeOperationError(this.getNode(), missing);
	const type = search.credential?.(parameter) ?? provider.credentials[0];
	const account = await loadAccount(this, provider, type);
	const context = editorContext(this, account);
	const lookup = search.search?.(typed);
	if (lookup) return await searchResults(context, provider, typed, lookup);
	return await listPage(context, provider, search, {
		typed,
		request: search.request(typed, page, parameter),
	});
}

/** One page of the list. */
async function listPage(
	context: RequestContext,
	provider: Provider,
	search: ListSearch,
	{ typed, request }: { typed: string; request: ApiRequest },
): Promise<INodeListSearchResult> {
	const { answer } = await requestWithRetry(context, request, { safe: true });
	const read = interpretRead(answer, provider, (response) => search.interpret?.(response));
	const rows = read.kind === 'usable' ? search.toRows(read.response) : undefined;
	if (read.kind === 'failed' || !rows) {
		const reason = read.kind === 'failed' ? read.verdict.description : undefined;
		const message = `${provider.displayName} could not list them: ${reason ?? 'the response is not a list.'}`;
		throw new NodeOperationError(context.host.getNode(), redact(message, context.account.secrets));
	}
	const results = toOptions(search, rows, typed);
	return { results, paginationToken: search.nextPage?.(read.response) };
}

/** What a search for the typed text brings up; there is one page of it. */
async function searchResults(
	context: RequestContext,
	provider: Provider,
	typed: string,
	search: TargetSearch,
): Promise<INodeListSearchResult> {
	const operation = provider.operations[provider.defaultOperation];
	const subject = { provider, operation, operationName: provider.defaultOperation };
	const outcome = await fetchCandidates(
		{ ...subject, by: typed, email: null, reason: null, dryRun: true, search },
		context,
	);
	if (outcome.kind === 'found') return { results: outcome.candidates.map(candidateOption) };
	const text = redact(outcome.result.message ?? '', context.account.secrets);
	throw new NodeOperationError(context.host.getNode(), text);
}

function toOptions(search: ListSearch, rows: IDataObject[], typed: string): INodeListSearchItems[] {
	const options = rows.map((row) => search.toOption(row));
	if (!search.filterLocally) return options;
	return options.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()));
}
