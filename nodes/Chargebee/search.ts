import { asObject, textOf, type ApiRequest } from '../shared/contract/http';
import {
	lowerCaseSpelling,
	sameEmail,
	type SearchPage,
	type TargetSearch,
} from '../shared/contract/record';
import { toCandidate, toEntry, type RequestedEnd } from './records';
import { listIn, nextPage } from './responses';

/** A list of subscriptions, of all states unless the query names one. */
export const listSubscriptions = (query: ApiRequest['query']): ApiRequest => ({
	path: '/subscriptions',
	query: { limit: 100, ...query },
});

/**
 * The subscriptions of all customers of an address, of which there may be several. Whether Chargebee
 * regards capitals is not documented, so an address with capitals is searched in lower case as well.
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
	query: ApiRequest['query'] = { limit: 100, 'email[is]': address },
): TargetSearch {
	return {
		request: { path: '/customers', query },
		parse(response, request): SearchPage {
			const rows = listIn(response)?.map(({ customer }) => asObject(customer));
			const next = nextPage(response, request);
			if (!rows || next.kind === 'unknown') return { kind: 'notAList' };
			const ids = rows.filter(({ email }) => sameEmail(email, address)).map(({ id }) => textOf(id));
			if (ids.includes(null)) return { kind: 'notAList' };
			const more =
				next.kind === 'next' ? [customersOf(address, requested, [], next.request.query)] : [];
			const own = ids.map((id) => searchByCustomer(id ?? '', requested));
			return { kind: 'continue', searches: [...own, ...more, ...others] };
		},
	};
}

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
