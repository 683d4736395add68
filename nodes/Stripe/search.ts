import type { IDataObject } from 'n8n-workflow';

import { textOf, type ApiRequest } from '../shared/contract/http';
import {
	lowerCaseSpelling,
	sameEmail,
	type SearchPage,
	type TargetSearch,
} from '../shared/contract/record';
import { customerOf, toCandidate, type RequestedEnd } from './records';
import { isUnknownObject, listIn, nextPage } from './responses';

/** A list of subscriptions. Without `status` Stripe leaves the canceled ones out. */
export const listSubscriptions = (query: ApiRequest['query']): ApiRequest => ({
	path: '/v1/subscriptions',
	query: { limit: 100, status: 'all', ...query },
});

/**
 * The subscriptions of all customers of an address. Stripe compares addresses with regard to capitals,
 * so an address with capitals is searched in lower case as well.
 */
export function searchByEmail(address: string, requested?: RequestedEnd): TargetSearch {
	const lower = lowerCaseSpelling(address);
	const others = lower === undefined ? [] : [customersOf(lower, requested, [])];
	return customersOf(address, requested, others);
}

/** @param others searched as well */
function customersOf(
	address: string,
	requested: RequestedEnd | undefined,
	others: TargetSearch[],
	query: ApiRequest['query'] = { limit: 100, email: address },
): TargetSearch {
	return {
		request: { path: '/v1/customers', query },
		parse(response, request): SearchPage {
			const rows = response.status === 200 ? listIn(response) : undefined;
			if (!rows) return { kind: 'notAList' };
			const ids = rows.filter(({ email }) => sameEmail(email, address)).map(({ id }) => textOf(id));
			if (ids.includes(null)) return { kind: 'notAList' };
			const next = nextPage(response, request);
			if (next.kind === 'unknown') return { kind: 'notAList' };
			const more =
				next.kind === 'next' ? [customersOf(address, requested, [], next.request.query)] : [];
			const own = ids.map((id) => searchByCustomer(id ?? '', requested, address));
			return { kind: 'continue', searches: [...own, ...more, ...others] };
		},
	};
}

/** The subscriptions of a customer. */
export const searchByCustomer = (
	customer: string,
	requested?: RequestedEnd,
	email: string | null = null,
): TargetSearch => ({
	request: listSubscriptions({ customer }),
	parse(response, request): SearchPage {
		// Assumption: Stripe refuses an unknown customer, or lists nothing.
		if (isUnknownObject(response)) return { kind: 'missing' };
		const rows = response.status === 200 ? listIn(response) : undefined;
		if (!rows) return { kind: 'notAList' };
		const own = rows.filter((row) => isOf(row, customer));
		const candidates = own.flatMap((row) => toCandidate(row, email, requested) ?? []);
		return {
			kind: 'candidates',
			candidates,
			unreadable: own.length - candidates.length,
			next: nextPage(response, request),
		};
	},
});

/** A row without a customer may be meant. */
const isOf = (row: IDataObject, customer: string) => [customer, null].includes(customerOf(row));
