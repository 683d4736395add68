import type { IDataObject } from 'n8n-workflow';

import type { ApiCaller, Poller, ProviderEvent } from '../shared/contract/event';
import { asObject, type ApiRequest, type ApiResponse } from '../shared/contract/http';
import { attributesOf, unixToIso, toEnvelopes } from './responses';

/** What is saved between two polls. */
interface Cursor extends IDataObject {
	/** The time at the last poll, Unix seconds. */
	at: number;
	/** It is Reditus' time, which needs no comparison with n8n's clock. */
	dated: boolean;
	/** Keys of churns that must not be reported again. */
	reported: string[];
}

/**
 * Seconds that each poll goes back behind the last one: a churn may become visible late, clocks differ,
 * and several churn in one second.
 */
const overlap = 3600;
/** Rows per page, at most 50. */
const pageSize = 50;
/** A list that goes on changing is read so often; the next poll reads the rest. */
const maxPasses = 5;

/** As the documents print it: `2022-12-24 12:47:45 +0200`. */
const toRequestTime = (seconds: number) =>
	new Date(seconds * 1000).toISOString().replace('T', ' ').replace(/\..*/, ' +0000');

/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/index */
const churnsRequest = (page: number, after?: number): ApiRequest => ({
	path: '/v1/referrals',
	query: {
		state_eq: 'churned',
		state_set_at_gt: after === undefined ? undefined : toRequestTime(after),
		page,
		per_page: pageSize,
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

const keyTime = (key: string) => Number(key.slice(key.lastIndexOf('-') + 1));

function toChurn(row: IDataObject): Churn[] {
	const { state, state_set_at: setAt } = attributesOf(row);
	const at = unixToIso(setAt);
	// Reditus may not heed the filter.
	if (state !== 'churned' || at === null) return [];
	return [{ setAt: Number(setAt), at, key: `${String(row.id)}-${String(setAt)}`, row }];
}

interface Page {
	churns: Churn[];
	isLast: boolean;
	/** Reditus' clock, Unix seconds; undefined where the response has no Date. */
	clock: number | undefined;
}

function toPage(response: ApiResponse): Page | undefined {
	const rows = toEnvelopes(response);
	if (!rows) return undefined;
	const { has_more: hasMore } = asObject(asObject(asObject(response.body).meta).pagination);
	const clock = Date.parse(response.headers.date ?? '');
	return {
		churns: rows.flatMap(toChurn),
		isLast: rows.length === 0 || hasMore === false || (hasMore !== true && rows.length < pageSize),
		clock: Number.isNaN(clock) ? undefined : Math.floor(clock / 1000),
	};
}

/** What a poll has read. */
interface Snapshot {
	churns: Churn[];
	/** Reditus' clock where it shows one (`dated`), else n8n's; Unix seconds. */
	clock: number;
	dated: boolean;
}

/** Everything that churned after a time, once from the first page to the last. */
async function readPass(read: ApiCaller, after: number) {
	const churns = new Map<string, Churn>();
	for (let page = 1; ; page++) {
		const { isLast, clock, ...rest } = await read(churnsRequest(page, after), toPage);
		const before = churns.size;
		for (const churn of rest.churns) churns.set(churn.key, churn);
		// A page that repeats the ones before it is the end, whatever it says.
		if (isLast || churns.size === before) return { churns, pages: page, clock };
	}
}

/**
 * The order of the pages is not documented, and rows move between them while they are read: more than
 * one page is read again until a pass brings nothing new.
 */
async function readChurns(read: ApiCaller, after: number, now: number): Promise<Snapshot> {
	const all = new Map<string, Churn>();
	let providerClock: number | undefined;
	for (let pass = 1; pass <= maxPasses; pass++) {
		const { churns, pages, clock } = await readPass(read, after);
		providerClock ??= clock;
		const before = all.size;
		for (const [key, churn] of churns) all.set(key, churn);
		if (pages === 1 || all.size === before) break;
	}
	const dated = providerClock !== undefined;
	return { churns: [...all.values()], clock: providerClock ?? now, dated };
}

function toEvent({ at, key, row }: Churn): ProviderEvent {
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
		verb: 'churned',
	};
}

const oldestFirst = (one: Churn, other: Churn) => one.setAt - other.setAt;

/** Reditus has no webhook for a churn, so its list is polled. */
export const poller: Poller<Cursor, Snapshot> = {
	toCursor(saved) {
		const { at, dated, reported } = asObject(saved);
		return typeof at === 'number' && Number.isFinite(at) && Array.isArray(reported)
			? { at, dated: dated === true, reported: reported.map(String) }
			: undefined;
	},

	async read(read, cursor, time) {
		const now = Math.floor(time.getTime() / 1000);
		const last = cursor?.dated ? cursor.at : Math.min(cursor?.at ?? now, now);
		const after = last - overlap;
		const snapshot = await readChurns(read, after, now);
		// n8n's clock is ahead: what Reditus calls the last hour has not been read.
		const start = snapshot.clock - overlap;
		return start < after && !cursor ? await readChurns(read, start, now) : snapshot;
	},

	compare({ churns, clock, dated }, cursor) {
		const reported = new Set(cursor?.reported);
		const fresh = churns.filter(({ key }) => cursor && !reported.has(key));
		const known = new Set([...reported, ...churns.map(({ key }) => key)]);
		return {
			events: fresh.sort(oldestFirst).map(toEvent),
			cursor: {
				at: clock,
				dated,
				reported: [...known].filter((key) => keyTime(key) > clock - 2 * overlap),
			},
		};
	},

	isSameAccount: ({ churns }, { reported }) => churns.some(({ key }) => reported.includes(key)),

	async samples(read) {
		const { churns } = await read(churnsRequest(1), toPage);
		return churns.sort(oldestFirst).reverse().map(toEvent);
	},
};
