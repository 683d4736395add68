import { searchCustomers } from '../shared/contract/customerSearch';
import { textOf, type ApiRequest } from '../shared/contract/http';
import type { SearchPage, TargetSearch } from '../shared/contract/record';
import { toCandidate, type RequestedEnd } from './records';
import { listIn, nextPage } from './responses';

/** A list of subscriptions, of all states unless the query names one. */
export const listSubscriptions = (query: ApiRequest['query']): ApiRequest => ({
	path: '/subscriptions',
	query: { per_page: 200, ...query },
});

/**
 * The subscriptions of the customers of an address. Whether Paddle regards capitals is not documented.
 */
export const searchByEmail = (email: string, requested?: RequestedEnd): TargetSearch =>
	searchCustomers(email, {
		request: (address) => ({
			path: '/customers',
			// Without `status` the archived customers are left out, whose subscriptions go on.
			query: { per_page: 200, email: address, status: 'active,archived' },
		}),
		...{ toCustomers: listIn, nextPage },
		subscriptions: (ids, address) => [searchByCustomer(ids.join(','), requested, address)],
	});

/** The subscriptions of a customer, or of several with commas between their IDs. */
export const searchByCustomer = (
	customers: string,
	requested?: RequestedEnd,
	email: string | null = null,
): TargetSearch => ({
	request: listSubscriptions({ customer_id: customers }),
	parse(response, request): SearchPage {
		const rows = response.status === 200 ? listIn(response) : undefined;
		if (!rows) return { kind: 'notAList' };
		// A row without a customer may be meant.
		const own = rows.filter(({ customer_id }) => {
			const id = textOf(customer_id);
			return id === null || customers.split(',').includes(id);
		});
		const candidates = own.flatMap((row) => toCandidate(row, email, requested) ?? []);
		const unreadable = own.length - candidates.length;
		return { kind: 'candidates', candidates, unreadable, next: nextPage(response, request) };
	},
});
