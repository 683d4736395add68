import type { IDataObject, INodeListSearchItems } from 'n8n-workflow';

import type { Call, Reply } from './call';
import type { Verdict } from './verdict';

/** A searchable list of a provider's records for a resource locator. */
export interface Picker {
	/** What has to be filled in before there is a list; shown to the user in place of it. */
	needs?(typed: string, parameter: (name: string) => unknown): string | undefined;
	credential?(parameter: (name: string) => unknown): string;
	request(typed: string, page: string | undefined, parameter: (name: string) => unknown): Call;
	/** The provider's own meaning of a reply; undefined: the default table decides. */
	read?(reply: Reply): Verdict | undefined;
	/** Undefined: the reply holds no list. */
	rows(reply: Reply): IDataObject[] | undefined;
	/** A readable name: e-mail, product, status, date, ID. */
	item(row: IDataObject): INodeListSearchItems;
	/** Filters here where the provider cannot. */
	local?: boolean;
	nextPage?(reply: Reply): string | undefined;
}

/** "ada@example.com · Pro · active · until 2026-12-31", leaving out what is not known. */
export const readable = (...parts: unknown[]): string =>
	parts.filter((part) => !['', false, null, undefined].includes(part as '')).join(' · ');
