import type { IDataObject, INodeListSearchItems } from 'n8n-workflow';

import type { ApiRequest, ApiResponse } from './http';
import { timeOf, toIsoUtc, type Candidate, type TargetSearch } from './record';
import type { Verdict } from './verdict';

/** A searchable list of a provider's records for a resource locator. */
export interface ListSearch {
	/** What has to be filled in before there is a list; shown to the user in place of it. */
	missingInput?(typed: string, parameter: (name: string) => unknown): string | undefined;
	credential?(parameter: (name: string) => unknown): string;
	/**
	 * Searched in place of the list where the typed text is an e-mail address and the provider needs
	 * several requests for it; undefined: `request` lists.
	 */
	search?(typed: string): TargetSearch | undefined;
	request(
		typed: string,
		page: string | undefined,
		parameter: (name: string) => unknown,
	): ApiRequest;
	/** The provider's own meaning of a response; undefined: the engine's default mapping decides. */
	interpret?(response: ApiResponse): Verdict | undefined;
	/** Undefined: the response holds no list. */
	toRows(response: ApiResponse): IDataObject[] | undefined;
	/** A readable name: e-mail, product, status, date, ID. */
	toOption(row: IDataObject): INodeListSearchItems;
	/** Filters here where the provider cannot. */
	filterLocally?: boolean;
	/** The page or cursor of the next page; undefined after the last, and where it cannot be told. */
	nextPage?(response: ApiResponse): string | undefined;
}

/** "ada@example.com · Pro · active · until 2026-12-31", leaving out what is not known. */
export const joinLabel = (...parts: unknown[]): string =>
	parts.filter((part) => !['', false, null, undefined].includes(part as '')).join(' · ');

/** A candidate of a search as an option of the list. */
export const candidateOption = ({
	id,
	state,
	product,
	isTest,
}: Candidate): INodeListSearchItems => ({
	name: joinLabel(
		state.email,
		product,
		state.status,
		isTest && 'test',
		dateLabel('until', timeOf(state.end)),
		id,
	),
	value: id,
});

/** "until 2026-12-31"; undefined where the value is no time. */
export function dateLabel(word: 'until' | 'since', time: unknown): string | undefined {
	const at = toIsoUtc(time);
	return at === null ? undefined : `${word} ${at.slice(0, 10)}`;
}
