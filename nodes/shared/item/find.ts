import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../contract/call';
import { refused } from '../contract/refusal';
import type { Candidate, Find } from '../contract/verdict';
import { exchange, type Exchange, type Manner } from '../wire/exchange';
import { urlOf } from '../wire/address';
import { isReply } from '../wire/silence';
import { conclude, previewed } from './conclude';
import { nothingLeft } from './forecast';
import { isDone, type Item, type Search } from './item';
import type { Ledger } from './ledger';
import { meaningOfRead } from './meaning';
import { messageFor, refusedResult, type Result } from './result';
import { mostEmptyPages } from './rows';

/** What a search came to: targets to go on with, rows to hand out, or where the item ends. */
export type Found = { targets: Item[] } | { rows: IDataObject[] } | { result: Result };

/** Finds the target by what the CRM knows; reads only. */
export async function find(search: Search, manner: Manner, ledger: Ledger): Promise<Found> {
	const found = await candidatesOf(search, manner);
	if (!Array.isArray(found)) return found;
	const real = found.filter(({ test }) => !test);
	const counted = real.length > 0 ? real : found;
	if (search.operation.effect === 'read') return rowOf(search, counted);
	if (counted.length === 0) return { result: ended(search, 'notFound') };

	const items = counted.map((one) => asItem(search, one));
	const open = items.filter(({ item, state }) => !isDone(item, state));
	// What this execution ended a moment ago, or has in doubt, is meant, although it no longer runs.
	const known = items.filter(({ item }) => !item.dryRun && ledger.earlier(item));
	const all = search.options.ifSeveral === 'all';
	const meant = all
		? items.filter((one) => known.includes(one) || open.includes(one))
		: known.length > 0
			? known
			: open;
	if (meant.length === 0) return { result: nothingRuns(items, ledger) };
	if (meant.length > 1 && !all) return { result: several(search, counted) };
	return { targets: meant.map(({ item }) => item) };
}

const asItem = (search: Search, { id, values = {}, state }: Candidate) => ({
	item: search.found(id, values, { state }) as Item,
	state,
});

async function candidatesOf(
	search: Search,
	manner: Manner,
): Promise<Candidate[] | { result: Result }> {
	const all: Candidate[] = [];
	const asked = new Set<string>();
	let empty = 0;
	let how: Find = search.find;
	let call: Call | undefined = how.call;
	while (call && !asked.has(urlOf(manner.account, call))) {
		asked.add(urlOf(manner.account, call));
		const sent = await exchange(manner, call, { harmless: true });
		const { answer } = sent;
		const read = isReply(answer) ? how.candidates(answer) : undefined;
		if (read === 'missing') return { result: ended(search, 'notFound') };
		if (!isReply(answer) || !Array.isArray(read)) return { result: unread(search, sent) };
		all.push(...read);
		const on: Call | Find | undefined = how.next?.(answer, call);
		if (on && 'candidates' in on) how = on;
		call = on && 'candidates' in on ? on.call : on;
		empty = read.length === 0 ? empty + 1 : 0;
		if (call && empty >= mostEmptyPages) return { result: unread(search, sent, endless(empty)) };
	}
	return all;
}

const endless = (pages: number) =>
	`${pages} pages without a match came in a row, each naming another one.`;

/** The search did not succeed: nobody knows whether there is something to cancel. */
function unread(
	search: Search,
	{ answer, attempts, comeBackAt }: Exchange,
	because = 'The answer is no list.',
): Result {
	const read = meaningOfRead(answer);
	const { outcome: said = 'failed', description: why = because } =
		'against' in read ? read.against : {};
	// That the list is not there says nothing about the customer.
	const outcome = said === 'notFound' ? 'failed' : said;
	return {
		...ended(search, outcome),
		description: `"${search.by}" could not be looked up. ${why}`,
		message: messageFor({ ...search, target: search.by }, outcome, attempts, comeBackAt),
	};
}

function ended(search: Search, outcome: Result['outcome']): Result {
	const { name, by, email, dryRun } = search;
	const message = messageFor({ ...search, target: by }, outcome);
	return { outcome, operation: name, target: by, email, attempts: 0, dryRun, message };
}

/** A get shows the one that runs, else the one that ended last. */
function rowOf(search: Search, counted: Candidate[]): Found {
	const running = counted.filter(({ state }) => state.active);
	if (running.length > 1) return { result: several(search, counted) };
	const [last] = [...(running.length > 0 ? running : counted)].sort((one, other) =>
		(other.state.endsAt ?? '').localeCompare(one.state.endsAt ?? ''),
	);
	return last ? { rows: [last.row] } : { result: ended(search, 'notFound') };
}

/** There are records, and nothing is left to do for any of them; the one that ended last stands for them. */
function nothingRuns(
	items: Array<{ item: Item; state: Candidate['state'] }>,
	ledger: Ledger,
): Result {
	const [{ item, state }] = [...items].sort((one, other) =>
		(other.state.endsAt ?? '').localeCompare(one.state.endsAt ?? ''),
	);
	const verdict = nothingLeft(item.operation, state.endsAt);
	const seen = { state };
	return item.dryRun ? previewed(item, seen, verdict) : conclude(item, ledger, verdict, { seen });
}

/** A person has to say which is meant: product, status, end and ID of each. */
function several(search: Search, counted: Candidate[]): Result {
	const candidates = counted.map(({ id, product, state: { status, endsAt, email } }) => ({
		target: id,
		product: product ?? null,
		status,
		effectiveAt: endsAt,
		email,
	}));
	const lines = candidates.map(({ target, product, status, effectiveAt }) =>
		[product, status, effectiveAt && `until ${effectiveAt.slice(0, 10)}`, target]
			.filter(Boolean)
			.join(' · '),
	);
	const { length } = counted.filter(({ state }) => state.active);
	const refusal = refused(
		`"${search.by}" has ${length} that run: ${lines.join('; ')}.`,
		'Choose one of them by its ID, or set If Several Match to Cancel All.',
	);
	return {
		...refusedResult({ ...search, target: search.by }, refusal),
		dryRun: search.dryRun,
		data: { candidates },
	};
}
