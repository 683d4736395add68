import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { Picker } from './contract/picker';
import type { Provider } from './contract/provider';
import { meaningOfRead } from './item/meaning';
import { openAccount } from './wire/account';
import { exchange, inEditor } from './wire/exchange';

/**
 * Fills the list of a resource locator; reads only, at the account's pace.
 * @throws NodeOperationError with what to do, shown in place of the list
 */
export async function search(
	this: ILoadOptionsFunctions,
	provider: Provider,
	picker: Picker,
	typed = '',
	page?: string,
): Promise<INodeListSearchResult> {
	const parameter = (name: string) => this.getCurrentNodeParameter(name, { extractValue: true });
	const needs = picker.needs?.(typed.trim(), parameter);
	if (needs) throw new NodeOperationError(this.getNode(), needs);
	const account = await openAccount(
		this,
		provider,
		picker.credential?.(parameter) ?? provider.credentials[0],
	);
	const call = picker.request(typed.trim(), page, parameter);
	const { answer } = await exchange(inEditor(this, account), call, { harmless: true });
	const read = meaningOfRead(answer, (reply) => picker.read?.(reply));
	const rows = 'sound' in read ? picker.rows(read.sound) : undefined;
	if ('against' in read || !rows) {
		const against = 'against' in read ? read.against.description : undefined;
		const why = against ?? 'the answer is no list.';
		throw new NodeOperationError(
			this.getNode(),
			`${provider.displayName} could not list them: ${why}`,
		);
	}
	const all = rows.map((row) => picker.item(row));
	const results = picker.local
		? all.filter(({ name }) => name.toLowerCase().includes(typed.trim().toLowerCase()))
		: all;
	return { results, paginationToken: picker.nextPage?.(read.sound) };
}
