import { textOf, type ApiRequest } from '../shared/contract/http';
import {
	lowerCaseSpelling,
	sameEmail,
	type SearchPage,
	type TargetSearch,
} from '../shared/contract/record';
import { toCandidate, type RequestedEnd } from './records';
import { listIn, nextPage } from './responses';

/** A list of subscriptions, of all states unless the query names one. */
export const listSubscriptions = (query: ApiRequest['query']): ApiRequest => ({
	path: '/subscriptions',
	query: { per_page: 200, ...query },
});

/**
 * The subscriptions of the customers of an address. Whether Paddle regards capitals is not documented,
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
	requested: RequestedEnd,
	others: TargetSearch[],
	// Without `status` the archived customers are left out, whose subscriptions go on.
	query: ApiRequest['query'] = { per_page: 200, email: address, status: 'active,archived' },
): TargetSearch {
	return {
		request: { path: '/customers', query },
		parse(response, request): SearchPage {
			const rows = response.status === 200 ? listIn(response) : undefined;
			const next = nextPage(response, request);
			if (!rows || next.kind === 'unknown') return { kind: 'notAList' };
			const ids = rows.filter(({ email }) => sameEmail(email, address)).map(({ id }) => textOf(id));
			if (ids.includes(null)) return { kind: 'notAList' };
			const more =
				next.kind === 'next' ? [customersOf(address, requested, [], next.request.query)] : [];
			const own = ids.length === 0 ? [] : [searchByCustomer(ids.join(','), requested, address)];
			return { kind: 'continue', searches: [...own, ...more, ...others] };
		},
	};
}

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
