import { searchCustomers } from '../shared/contract/customerSearch';
import { asObject, textOf, type ApiRequest } from '../shared/contract/http';
import type { SearchPage, TargetSearch } from '../shared/contract/record';
import { toCandidate, toEntry, type RequestedEnd } from './records';
import { listIn, nextPage } from './responses';

/** A list of subscriptions, of all states unless the query names one. */
export const listSubscriptions = (query: ApiRequest['query']): ApiRequest => ({
	path: '/subscriptions',
	query: { limit: 100, ...query },
});

/**
 * The subscriptions of all customers of an address, of which there may be several. Whether Chargebee
 * regards capitals is not documented.
 */
export const searchByEmail = (email: string, requested?: RequestedEnd): TargetSearch =>
	searchCustomers(email, {
		request: (address) => ({ path: '/customers', query: { limit: 100, 'email[is]': address } }),
		toCustomers: (response) => listIn(response)?.map(({ customer }) => asObject(customer)),
		nextPage,
		subscriptions: (ids) => ids.map((id) => searchByCustomer(id, requested)),
	});

/** The subscriptions of a customer. Assumption: of an unknown customer Chargebee lists none. */
export const searchByCustomer = (customer: string, requested?: RequestedEnd): TargetSearch => ({
	request: listSubscriptions({ 'customer_id[is]': customer }),
	parse(response, request): SearchPage {
		const entries = listIn(response)?.map(toEntry);
		if (!entries) return { kind: 'notAList' };
		// A row without a customer may be meant.
		const own = entries.filter(
			({ subscription: { customer_id, deleted } }) =>
				[customer, null].includes(textOf(customer_id)) && deleted !== true,
		);
		const candidates = own.flatMap((entry) => toCandidate(entry, requested) ?? []);
		return {
			kind: 'candidates',
			candidates,
			unreadable: own.length - candidates.length,
			next: nextPage(response, request),
		};
	},
});
