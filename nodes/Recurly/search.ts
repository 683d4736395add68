import type { IDataObject } from 'n8n-workflow';

import { searchCustomers } from '../shared/contract/customerSearch';
import { asObject, type ApiRequest } from '../shared/contract/http';
import type { SearchPage, TargetSearch } from '../shared/contract/record';
import { subscriptionsOf, subscriptionsOfCode } from './paths';
import { toCandidate, type RequestedEnd } from './records';
import { isOwnError, listIn, nextPage } from './responses';

const limit = 200;

/** A list of subscriptions, of all states unless one is named: `live` leaves the paused ones out. */
export const listSubscriptions = (code?: string, state?: string): ApiRequest => ({
	path: code === undefined ? '/subscriptions' : subscriptionsOfCode(code),
	query: { limit, state },
});

/**
 * The subscriptions of all accounts of an address. Whether Recurly regards capitals is not documented. An
 * empty address would list the accounts that have none.
 */
export const searchByEmail = (address: string, requested?: RequestedEnd): TargetSearch =>
	searchCustomers(address, {
		request: (email) => ({ path: '/accounts', query: { limit, email } }),
		...{ toCustomers: listIn, nextPage },
		subscriptions: (ids) => ids.map((id) => searchByAccount(id, requested)),
	});

/** The subscriptions of an account, by its ID. */
const searchByAccount = (id: string, requested: RequestedEnd): TargetSearch =>
	subscriptionSearch(subscriptionsOf(id), requested, (account) => account.id === id);

/** The subscriptions of an account, by its code. */
export const searchByCode = (code: string, requested?: RequestedEnd): TargetSearch =>
	subscriptionSearch(subscriptionsOfCode(code), requested, (account) => account.code === code);

function subscriptionSearch(
	path: string,
	requested: RequestedEnd,
	isOwner: (account: IDataObject) => boolean,
): TargetSearch {
	return {
		request: { path, query: { limit } },
		parse(response, request): SearchPage {
			if (response.status === 404 && isOwnError(response)) return { kind: 'missing' };
			const rows = response.status === 200 ? listIn(response) : undefined;
			if (!rows) return { kind: 'notAList' };
			// A row without an account may be meant.
			const own = rows.filter(({ account }) => !account || isOwner(asObject(account)));
			const candidates = own.flatMap((row) => toCandidate(row, requested) ?? []);
			const unreadable = own.length - candidates.length;
			return { kind: 'candidates', candidates, unreadable, next: nextPage(response, request) };
		},
	};
}
