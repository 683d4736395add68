import type { IDataObject } from 'n8n-workflow';

import { searchCustomers } from '../shared/contract/customerSearch';
import type { ApiRequest } from '../shared/contract/http';
import type { SearchPage, TargetSearch } from '../shared/contract/record';
import { customerOf, toCandidate, type RequestedEnd } from './records';
import { isUnknownObject, listIn, nextPage } from './responses';

/** A list of subscriptions. Without `status` Stripe leaves the canceled ones out. */
export const listSubscriptions = (query: ApiRequest['query']): ApiRequest => ({
	path: '/v1/subscriptions',
	query: { limit: 100, status: 'all', ...query },
});

/** The subscriptions of all customers of an address. Stripe compares addresses with regard to capitals. */
export const searchByEmail = (email: string, requested?: RequestedEnd): TargetSearch =>
	searchCustomers(email, {
		request: (address) => ({ path: '/v1/customers', query: { limit: 100, email: address } }),
		...{ toCustomers: listIn, nextPage },
		subscriptions: (ids, address) => ids.map((id) => searchByCustomer(id, requested, address)),
	});

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
