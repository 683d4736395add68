import type { IDataObject, INodeListSearchItems } from 'n8n-workflow';

import type { ApiRequest, ApiResponse } from './http';
import type { Verdict } from './verdict';

/** A searchable list of a provider's records for a resource locator. */
export interface ListSearch {
	/** What has to be filled in before there is a list; shown to the user in place of it. */
	missingInput?(typed: string, parameter: (name: string) => unknown): string | undefined;
	credential?(parameter: (name: string) => unknown): string;
	request(
		typed: string,
		page: string | undefined,
		parameter: (name: string) => unknown,
	): ApiRequest;
	/** The provider's own meaning of a reply; undefined: the default table decides. */
	interpret?(reply: ApiResponse): Verdict | undefined;
	/** Undefined: the reply holds no list. */
	toRows(reply: ApiResponse): IDataObject[] | undefined;
	/** A readable name: e-mail, product, status, date, ID. */
	toOption(row: IDataObject): INodeListSearchItems;
	/** Filters here where the provider cannot. */
	filterLocally?: boolean;
	nextPage?(reply: ApiResponse): string | undefined;
}

/** "ada@example.com · Pro · active · until 2026-12-31", leaving out what is not known. */
export const joinLabel = (...parts: unknown[]): string =>
	parts.filter((part) => !['', false, null, undefined].includes(part as '')).join(' · ');
