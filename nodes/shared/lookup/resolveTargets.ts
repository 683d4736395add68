import type { IDataObject } from 'n8n-workflow';

import { refused } from '../contract/refusal';
import type { Candidate } from '../contract/verdict';
import type { RequestContext } from '../http/requestWithRetry';
import { fetchCandidates, searchResult, candidateLabel } from './fetchCandidates';
import { finish, dryRunResult } from '../write/finish';
import { alreadyDoneVerdict } from '../write/preflight';
import { checkGuards } from '../write/guards';
import { isDone, type WriteItem, type SearchItem } from '../model/item';
import type { Ledger } from '../run/ledger';
import { isPlannedFor } from '../write/planToken';
import { refusalResult, type ItemResult } from '../model/result';

/** What a search came to: targets to go on with, rows to hand out, or where the item ends. */
export type Resolution =
	| { targets: WriteItem[] }
	| { rows: IDataObject[] }
	| { result: ItemResult };

/** Finds the target by what the CRM knows; reads only. Throws the Refusal of a guard that says no. */
export async function resolveTargets(
	search: SearchItem,
	manner: RequestContext,
	ledger: Ledger,
): Promise<Resolution> {
	const counted = await fetchCandidates(search, manner);
	if (!Array.isArray(counted)) return counted;
	if (search.operation.effect === 'read') return pickRow(search, counted);
	if (counted.length === 0) return { result: searchResult(search, 'notFound') };

	const all = counted.map((one): Match => ({ ...one, item: asItem(search, one) }));
	const open = all.filter(({ item, state }) => !isDone(item, state));
	// What this execution ended a moment ago, or has in doubt, is meant, although it no longer runs.
	const known = all.filter(({ item }) => !item.dryRun && ledger.lookup(item));
	const every = search.options.ifSeveral === 'all';
	const either = all.filter((one) => known.includes(one) || open.includes(one));
	const may = every ? either : known.length > 0 ? known : open;
	// A plan token was made for one of them.
	const planned = may.filter(({ item }) => isPlannedFor(item));
	const meant = planned.length > 0 ? planned : may;
	if (meant.length === 0) return { result: nothingActive(all, ledger) };
	if (meant.length > 1 && !every) return { result: ambiguous(search, meant) };
	return { targets: meant.map(({ item }) => item) };
}

type Match = Candidate & { item: WriteItem };

const asItem = (search: SearchItem, { id, values = {}, state }: Candidate) =>
	search.found(id, values, { state }) as WriteItem;

/** A get shows the one that runs, else the one that ended last. */
function pickRow(search: SearchItem, counted: Candidate[]): Resolution {
	const running = counted.filter(({ state }) => state.active);
	if (running.length > 1) return { result: ambiguous(search, running) };
	const [last] = [...(running.length > 0 ? running : counted)].sort(latestEndFirst);
	return last ? { rows: [last.row] } : { result: searchResult(search, 'notFound') };
}

const latestEndFirst = ({ state: one }: Candidate, { state: other }: Candidate) =>
	(other.endsAt ?? '').localeCompare(one.endsAt ?? '');

/** There are records, and nothing is left to do for any of them; the one that ended last stands for them. */
function nothingActive(all: Match[], ledger: Ledger): ItemResult {
	const [{ item, state }] = [...all].sort(latestEndFirst);
	const verdict = alreadyDoneVerdict(item.operation, state.endsAt);
	const seen = { state };
	checkGuards(item, seen);
	return item.dryRun ? dryRunResult(item, seen, verdict) : finish(item, ledger, verdict, { seen });
}

/** A person has to say which is meant: product, status, end and ID of each. */
function ambiguous(search: SearchItem, meant: Candidate[]): ItemResult {
	const candidates = meant.map(({ id, product, state: { status, endsAt, email } }) => ({
		target: id,
		product: product ?? null,
		status,
		effectiveAt: endsAt,
		email,
	}));
	const { by } = search;
	const { length } = meant;
	const list = meant.map(candidateLabel).join('; ');
	const refusal = refused(
		meant.every(({ state }) => state.active)
			? `"${by}" has ${length} that run: ${list}.`
			: `"${by}" may mean any of ${length}: ${list}.`,
		'Choose one of them by its ID, or set If Several Match to Cancel All.',
	);
	return {
		...refusalResult({ ...search, target: search.by }, refusal),
		dryRun: search.dryRun,
		data: { candidates },
	};
}
