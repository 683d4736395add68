import type { IDataObject } from 'n8n-workflow';

import { refused } from '../contract/refusal';
import type { Candidate } from '../contract/verdict';
import type { Manner } from '../wire/exchange';
import { candidatesOf, ended, lineOf } from './candidates';
import { conclude, previewed } from './conclude';
import { nothingLeft } from './forecast';
import { check } from './guard';
import { isDone, type Item, type Search } from './item';
import type { Ledger } from './ledger';
import { isPlanned } from './plan';
import { refusedResult, type Result } from './result';

/** What a search came to: targets to go on with, rows to hand out, or where the item ends. */
export type Found = { targets: Item[] } | { rows: IDataObject[] } | { result: Result };

/** Finds the target by what the CRM knows; reads only. Throws the Refusal of a guard that says no. */
export async function find(search: Search, manner: Manner, ledger: Ledger): Promise<Found> {
	const counted = await candidatesOf(search, manner);
	if (!Array.isArray(counted)) return counted;
	if (search.operation.effect === 'read') return rowOf(search, counted);
	if (counted.length === 0) return { result: ended(search, 'notFound') };

	const all = counted.map((one): Meant => ({ ...one, item: asItem(search, one) }));
	const open = all.filter(({ item, state }) => !isDone(item, state));
	// What this execution ended a moment ago, or has in doubt, is meant, although it no longer runs.
	const known = all.filter(({ item }) => !item.dryRun && ledger.earlier(item));
	const every = search.options.ifSeveral === 'all';
	const either = all.filter((one) => known.includes(one) || open.includes(one));
	const may = every ? either : known.length > 0 ? known : open;
	// A plan token was made for one of them.
	const planned = may.filter(({ item }) => isPlanned(item));
	const meant = planned.length > 0 ? planned : may;
	if (meant.length === 0) return { result: nothingRuns(all, ledger) };
	if (meant.length > 1 && !every) return { result: several(search, meant) };
	return { targets: meant.map(({ item }) => item) };
}

type Meant = Candidate & { item: Item };

const asItem = (search: Search, { id, values = {}, state }: Candidate) =>
	search.found(id, values, { state }) as Item;

/** A get shows the one that runs, else the one that ended last. */
function rowOf(search: Search, counted: Candidate[]): Found {
	const running = counted.filter(({ state }) => state.active);
	if (running.length > 1) return { result: several(search, running) };
	const [last] = [...(running.length > 0 ? running : counted)].sort(lastFirst);
	return last ? { rows: [last.row] } : { result: ended(search, 'notFound') };
}

const lastFirst = ({ state: one }: Candidate, { state: other }: Candidate) =>
	(other.endsAt ?? '').localeCompare(one.endsAt ?? '');

/** There are records, and nothing is left to do for any of them; the one that ended last stands for them. */
function nothingRuns(all: Meant[], ledger: Ledger): Result {
	const [{ item, state }] = [...all].sort(lastFirst);
	const verdict = nothingLeft(item.operation, state.endsAt);
	const seen = { state };
	check(item, seen);
	return item.dryRun ? previewed(item, seen, verdict) : conclude(item, ledger, verdict, { seen });
}

/** A person has to say which is meant: product, status, end and ID of each. */
function several(search: Search, meant: Candidate[]): Result {
	const candidates = meant.map(({ id, product, state: { status, endsAt, email } }) => ({
		target: id,
		product: product ?? null,
		status,
		effectiveAt: endsAt,
		email,
	}));
	const { by } = search;
	const { length } = meant;
	const list = meant.map(lineOf).join('; ');
	const refusal = refused(
		meant.every(({ state }) => state.active)
			? `"${by}" has ${length} that run: ${list}.`
			: `"${by}" may mean any of ${length}: ${list}.`,
		'Choose one of them by its ID, or set If Several Match to Cancel All.',
	);
	return {
		...refusedResult({ ...search, target: search.by }, refusal),
		dryRun: search.dryRun,
		data: { candidates },
	};
}
