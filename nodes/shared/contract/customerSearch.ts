import type { IDataObject } from 'n8n-workflow';

import { textOf, type ApiRequest, type ApiResponse } from './http';
import type { NextPage } from './page';
import { lowerCaseSpelling, sameEmail, type SearchPage, type TargetSearch } from './record';

/** How a provider lists the customers of an e-mail address, and their subscriptions. */
export interface CustomerList {
	request(address: string): ApiRequest;
	/** The customers in a 200, each with `id` and `email`; undefined where it holds no list. */
	toCustomers(response: ApiResponse): IDataObject[] | undefined;
	nextPage(response: ApiResponse, request: ApiRequest): NextPage;
	/** @param ids at least one */
	subscriptions(ids: string[], address: string): TargetSearch[];
}

/**
 * The subscriptions of all customers of an address. An API may compare addresses with regard to
 * capitals, so an address with capitals is searched in lower case as well.
 */
export function searchCustomers(address: string, list: CustomerList): TargetSearch {
	const lower = lowerCaseSpelling(address);
	const others = lower === undefined ? [] : [customersOf(lower, list, list.request(lower))];
	return customersOf(address, list, list.request(address), others);
}

/** @param others searched as well */
function customersOf(
	address: string,
	list: CustomerList,
	first: ApiRequest,
	others: TargetSearch[] = [],
): TargetSearch {
	return {
		request: first,
		parse(response, request): SearchPage {
			const rows = response.status === 200 ? list.toCustomers(response) : undefined;
			const next = list.nextPage(response, request);
			if (!rows || next.kind === 'unknown') return { kind: 'notAList' };
			const own = rows.filter(({ email }) => sameEmail(email, address));
			const ids = own.flatMap(({ id }) => textOf(id) ?? []);
			if (ids.length < own.length) return { kind: 'notAList' };
			const more = next.kind === 'next' ? [customersOf(address, list, next.request)] : [];
			const found = ids.length > 0 ? list.subscriptions(ids, address) : [];
			return { kind: 'continue', searches: [...found, ...more, ...others] };
		},
	};
}
