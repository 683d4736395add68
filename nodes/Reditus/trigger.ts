import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, ApiResponse } from '../shared/contract/http';
import type { ApiCaller, Poller, ProviderEvent } from '../shared/contract/event';
import { attributesOf, nextPage, toEnvelopes, unixToIso } from './responses';

/** What is kept between two looks: the newest change of state, Unix seconds, and what was told close to it. */
interface Seen extends IDataObject {
	at: number;
	told: string[];
}

/**
 * Seconds that each look goes back behind the last: clocks differ, several change in one second, and
 * a page may miss a row that moves while it is read.
 */
const overlap = 300;

/** As the documents print it: `2022-12-24 12:47:45 +0200`. */
const written = (seconds: number) =>
	new Date(seconds * 1000).toISOString().replace('T', ' ').replace(/\..*/, ' +0000');

/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/index */
const churned = (page: number, after?: number): ApiRequest => ({
	path: '/v1/referrals',
	query: {
		state_eq: 'churned',
		state_set_at_gt: after === undefined ? undefined : written(after),
		page,
		per_page: 50,
	},
});

interface Churn {
	/** Unix seconds, and as UTC ISO 8601. */
	setAt: number;
	at: string;
	/** A customer who comes back and churns again is another event. */
	key: string;
	row: IDataObject;
}

interface Page {
	churns: Churn[];
	isLast: boolean;
}

function pageIn(reply: ApiResponse): Page | undefined {
	const rows = toEnvelopes(reply);
	const isLast = nextPage(reply, churned(1)).kind !== 'next';
	return rows && { churns: rows.flatMap(churnIn), isLast };
}

function churnIn(row: IDataObject): Churn[] {
	const { state, state_set_at: setAt } = attributesOf(row);
	const at = unixToIso(setAt);
	// A filter that is not heeded must not make everybody leave.
	if (state !== 'churned' || at === null) return [];
	return [{ setAt: Number(setAt), at, key: `${String(row.id)}-${String(setAt)}`, row }];
}

/** All pages: their order is not documented, so any of them may hold the newest. */
async function allAfter(ask: ApiCaller, after: number): Promise<Churn[]> {
	const found = new Map<string, Churn>();
	for (let page = 1; ; page++) {
		const { churns, isLast } = await ask(churned(page, after), pageIn);
		const before = found.size;
		for (const churn of churns) found.set(churn.key, churn);
		// A page that brings nothing new is the end, whatever it says.
		if (isLast || found.size === before) return [...found.values()];
	}
}

function tell({ at, key, row }: Churn): ProviderEvent {
	const { email } = attributesOf(row);
	return {
		outcome: 'cancelled',
		event: 'churned',
		target: String(row.id),
		email: typeof email === 'string' ? email : null,
		effectiveAt: at,
		occurredAt: at,
		source: null,
		eventId: key,
		reason: null,
		raw: row,
	};
}

const oldestFirst = (one: Churn, other: Churn) => one.setAt - other.setAt;

/** Reditus sends nothing when a referral churns, so it is asked. */
export const lookout: Poller<Seen> = {
	async poll(ask, since, now) {
		const today = Math.floor(now.getTime() / 1000);
		const at = since?.at ?? today;
		const churns = await allAfter(ask, at - overlap);
		// A time ahead of the clock would hide everybody who churns until then.
		const heeded = churns.filter(({ setAt }) => setAt <= today);
		const newest = heeded.reduce((latest, { setAt }) => Math.max(latest, setAt), at);
		const fresh = churns.filter(({ key }) => since && !since.told.includes(key));
		return {
			told: fresh.sort(oldestFirst).map(tell),
			seen: {
				at: newest,
				told: churns.filter(({ setAt }) => setAt > newest - overlap).map(({ key }) => key),
			},
		};
	},

	async samples(ask) {
		const { churns } = await ask(churned(1), pageIn);
		return churns.sort(oldestFirst).reverse().map(tell);
	},
};
