import {
	type ILoadOptionsFunctions,
	type INodeListSearchResult,
	NodeOperationError,
} from 'n8n-workflow';
import type { ListSearch } from './contract/listSearch';
import type { Provider } from './contract/provider';
import { interpretRead } from './model/interpretResponse';
import { loadAccount } from './http/account';
import { requestWithRetry, editorContext } from './http/requestWithRetry';

/**
 * Fills the list of a resource locator; reads only, at the account's pace.
 * @throws NodeOperationError with what to do, shown in place of the list
 */
export async function listSearch(
	this: ILoadOptionsFunctions,
	provider: Provider,
	picker: ListSearch,
	typed = '',
	page?: string,
): Promise<INodeListSearchResult> {
	const parameter = (name: string) => this.getCurrentNodeParameter(name, { extractValue: true });
	const needs = picker.missingInput?.(typed.trim(), parameter);
	if (needs) throw new NodeOperationError(this.getNode(), needs);
	const account = await loadAccount(
		this,
		provider,
		picker.credential?.(parameter) ?? provider.credentials[0],
	);
	const call = picker.request(typed.trim(), page, parameter);
	const { answer } = await requestWithRetry(editorContext(this, account), call, { safe: true });
	const read = interpretRead(answer, (reply) => picker.interpret?.(reply));
	const rows = 'sound' in read ? picker.toRows(read.sound) : undefined;
	if ('against' in read || !rows) {
		const against = 'against' in read ? read.against.description : undefined;
		const why = against ?? 'the answer is no list.';
		throw new NodeOperationError(
			this.getNode(),
			`${provider.displayName} could not list them: ${why}`,
		);
	}
	const all = rows.map((row) => picker.toOption(row));
	const results = picker.filterLocally
		? all.filter(({ name }) => name.toLowerCase().includes(typed.trim().toLowerCase()))
		: all;
	return { results, paginationToken: picker.nextPage?.(read.sound) };
}
