import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { ListSearch } from './contract/listSearch';
import type { Provider } from './contract/provider';
import { loadAccount } from './http/account';
import { redact } from './http/redact';
import { editorContext, requestWithRetry } from './http/requestWithRetry';
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
	const request = search.request(typed, page, parameter);
	const { answer } = await requestWithRetry(editorContext(this, account), request, { safe: true });
	const read = interpretRead(answer, (response) => search.interpret?.(response));
	const rows = read.kind === 'usable' ? search.toRows(read.response) : undefined;
	if (read.kind === 'failed' || !rows) {
		const reason = read.kind === 'failed' ? read.verdict.description : undefined;
		const message = `${provider.displayName} could not list them: ${reason ?? 'the response is not a list.'}`;
		throw new NodeOperationError(this.getNode(), redact(message, account.secrets));
	}
	const results = toOptions(search, rows, typed);
	return { results, paginationToken: search.nextPage?.(read.response) };
}

function toOptions(search: ListSearch, rows: IDataObject[], typed: string): INodeListSearchItems[] {
	const options = rows.map((row) => search.toOption(row));
	if (!search.filterLocally) return options;
	return options.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()));
}
