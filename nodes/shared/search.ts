import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { defaultVerdict, isSuccess } from './outcome';
import type { Call, Provider, Reply, Verdict } from './provider';
import { exchange, isReply, openAccount } from './request';

/** A searchable list of a provider's records for a resource locator. */
export interface Picker {
	/** What has to be filled in before there is a list; shown to the user in place of it. */
	needs?(typed: string, parameter: (name: string) => unknown): string | undefined;
	credential?(parameter: (name: string) => unknown): string;
	request(typed: string, page: string | undefined, parameter: (name: string) => unknown): Call;
	/** The provider's own meaning of a reply; undefined: the default table decides. */
	read?(reply: Reply): Verdict | undefined;
	rows(reply: Reply): IDataObject[];
	/** A readable name: product, status, e-mail, period end. */
	item(row: IDataObject): INodeListSearchItems;
	/** Filters here where the provider cannot. */
	local?: boolean;
	nextPage?(reply: Reply): string | undefined;
}

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
	const manner = {
		host: this,
		account,
		limits: { concurrency: 5, ...account.limits },
		timeout: 15_000,
		maxAttempts: 2,
		cancelled: new Promise<never>(() => {}),
	};
	const call = picker.request(typed.trim(), page, parameter);
	const { answer } = await exchange(manner, call, { harmless: true });
	const verdict = isReply(answer)
		? (picker.read?.(answer) ?? defaultVerdict(answer, 'restored'))
		: undefined;
	if (!isReply(answer) || !verdict || !isSuccess(verdict.outcome)) {
		const why = isReply(answer) ? verdict?.description : answer.reason;
		throw new NodeOperationError(
			this.getNode(),
			`${provider.displayName} could not list them: ${why}`,
		);
	}
	const all = picker.rows(answer).map((row) => picker.item(row));
	const results = picker.local
		? all.filter(({ name }) => name.toLowerCase().includes(typed.trim().toLowerCase()))
		: all;
	return { results, paginationToken: picker.nextPage?.(answer) };
}

/** "Pro · active · ada@example.com · until 2026-12-31", leaving out what is not known. */
export const readable = (...parts: unknown[]): string =>
	parts.filter((part) => !['', false, null, undefined].includes(part as '')).join(' · ');
