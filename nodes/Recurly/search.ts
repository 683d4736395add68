import type { IDataObject } from 'n8n-workflow';

import { asObject, textOf, type ApiRequest } from '../shared/contract/http';
import {
	lowerCaseSpelling,
	sameEmail,
	type SearchPage,
	type TargetSearch,
} from '../shared/contract/record';
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
 * The subscriptions of all accounts of an address. Whether Recurly regards capitals is not documented,
 * so an address with capitals is searched in lower case as well. An empty address would list the
 * accounts that have none.
 */
export function searchByEmail(address: string, requested?: RequestedEnd): TargetSearch {
	const lower = lowerCaseSpelling(address);
	const others = lower === undefined ? [] : [accountsOf(lower, requested, [])];
	return accountsOf(address, requested, others);
}

/** @param others searched as well */
function accountsOf(
	email: string,
	requested: RequestedEnd,
	others: TargetSearch[],
	query: ApiRequest['query'] = { limit, email },
): TargetSearch {
	return {
		request: { path: '/accounts', query },
		parse(response, request): SearchPage {
			const rows = response.status === 200 ? listIn(response) : undefined;
			const next = nextPage(response, request);
			if (!rows || next.kind === 'unknown') return { kind: 'notAList' };
			const ids = rows.filter((row) => sameEmail(row.email, email)).map(({ id }) => textOf(id));
			if (ids.includes(null)) return { kind: 'notAList' };
			const more =
				next.kind === 'next' ? [accountsOf(email, requested, [], next.request.query)] : [];
			const own = ids.map((id) => searchByAccount(id ?? '', requested));
			return { kind: 'continue', searches: [...own, ...more, ...others] };
		},
	};
}

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
