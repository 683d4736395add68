import type { IDataObject } from 'n8n-workflow';

import type { Operation, WriteOperation } from '../contract/provider';
import { refused } from '../contract/refusal';
import { timeOf, type Candidate } from '../contract/record';
import type { RequestContext } from '../http/requestWithRetry';
import { buildFoundWrite } from '../input/buildItem';
import { isDone, type Found, type SearchItem, type WriteItem } from '../model/item';
import type { RecordReading } from '../model/recordReading';
import { refusalResult, type ItemResult } from '../model/result';
import type { ExecutionContext } from '../run/executionContext';
import { dryRunResult, finish } from '../write/finish';
import { checkGuards } from '../write/guards';
import { isPlannedFor } from '../write/planToken';
import { alreadyDoneVerdict } from '../write/preflight';
import { candidateLabel, fetchCandidates, searchResult } from './fetchCandidates';

/** What a search came to: writes to carry out, rows to hand out, or where the item ends. */
export type Resolution =
	| { kind: 'targets'; items: WriteItem[] }
	| { kind: 'rows'; rows: IDataObject[] }
	| { kind: 'result'; result: ItemResult };

/** A candidate, and the write on it. */
interface Match {
	found: Found;
	item: WriteItem;
}

/**
 * Finds the target by what the CRM knows; reads only.
 * @throws Refusal where a guard fails; the signal's reason
 */
export async function resolveTargets(
	search: SearchItem,
	request: RequestContext,
	run: ExecutionContext,
): Promise<Resolution> {
	const outcome = await fetchCandidates(search, request);
	if (outcome.kind === 'failed') return { kind: 'result', result: outcome.result };
	const { candidates } = outcome;
	if (!isWriteSearch(search)) return pickRow(search, candidates);
	if (candidates.length === 0) return { kind: 'result', result: searchResult(search, 'notFound') };

	const possible = withoutImpossible(search.operation, candidates, search.values);
	const matches = possible.map((found) => ({ found, item: buildFoundWrite(search, found, run) }));
	const targets = selectTargets(matches, search, (item) => isKnown(item, run));
	if (targets.length === 0) {
		return { kind: 'result', result: nothingActive(matches, request, run) };
	}
	if (targets.length > 1 && search.options.ifSeveral !== 'all') {
		const result = ambiguous(
			search,
			targets.map(({ found }) => found),
		);
		return { kind: 'result', result };
	}
	return { kind: 'targets', items: targets.map(({ item }) => item) };
}

/**
 * The candidates that the operation's precondition lets through, or refuses until the user has made a
 * choice; where it stops all of them, the one that ended last, whose verdict is then the item's.
 */
export function withoutImpossible<T extends Candidate>(
	operation: Pick<Operation, 'effect'> & Pick<WriteOperation, 'precondition'>,
	candidates: T[],
	values: Record<string, unknown>,
): T[] {
	const possible = candidates.filter(({ state }) => {
		const { outcome = 'refused' } = operation.precondition?.(state, values) ?? {};
		return outcome === 'refused';
	});
	return possible.length > 0 ? possible : [...candidates].sort(latestEndFirst).slice(0, 1);
}

const isWriteSearch = (search: SearchItem): search is SearchItem & { operation: WriteOperation } =>
	search.operation.effect !== 'read';

/** This execution got it accepted a moment ago, or has it in doubt. */
const isKnown = (item: WriteItem, { ledger }: ExecutionContext) =>
	!item.dryRun && ledger.lookup(item).kind !== 'none';

/**
 * Which matches are meant: those with something to do; what this execution has ended or has in doubt is
 * meant although it is no longer active; and a plan token was made for one of them. Pure.
 */
function selectTargets(
	matches: Match[],
	search: SearchItem,
	isKnownItem: (item: WriteItem) => boolean,
): Match[] {
	const open = matches.filter(({ item, found }) => !isDone(item, found.state));
	const known = matches.filter(({ item }) => isKnownItem(item));
	const either = matches.filter((match) => known.includes(match) || open.includes(match));
	const all = search.options.ifSeveral === 'all' ? either : known.length > 0 ? known : open;
	const planned = all.filter(({ item }) => isPlannedFor(item));
	return planned.length > 0 ? planned : all;
}

/** Get shows the active record, else the one that ended last. */
function pickRow(search: SearchItem, candidates: Found[]): Resolution {
	const active = candidates.filter(({ state }) => state.phase === 'active');
	if (active.length > 1) return { kind: 'result', result: ambiguous(search, active) };
	const [last] = [...(active.length > 0 ? active : candidates)].sort(latestEndFirst);
	if (!last) return { kind: 'result', result: searchResult(search, 'notFound') };
	return { kind: 'rows', rows: [last.row] };
}

const latestEndFirst = ({ state: one }: Candidate, { state: other }: Candidate) =>
	(timeOf(other.end) ?? '').localeCompare(timeOf(one.end) ?? '');

/** Nothing is left to do for any match; the one that ended last stands for them. */
function nothingActive(
	matches: Match[],
	request: RequestContext,
	run: ExecutionContext,
): ItemResult {
	const [{ item, found }] = [...matches].sort((one, other) =>
		latestEndFirst(one.found, other.found),
	);
	const reading: RecordReading = { kind: 'found', state: found.state };
	const verdict = alreadyDoneVerdict(item.operation, found.state);
	checkGuards(item, reading);
	if (item.dryRun) return dryRunResult(item, reading, verdict);
	const context = { item, request, ledger: run.ledger, sendSignal: request.signal };
	return finish(context, verdict, { reading });
}

/** Matches that a message names; all of them are in `candidates`. */
const maxNamed = 10;

/** The user has to say which is meant: product, status, end and ID of each. */
function ambiguous(search: SearchItem, found: Found[]): ItemResult {
	const { by } = search;
	const { length } = found;
	const named = found.slice(0, maxNamed).map(candidateLabel).join('; ');
	const list = length > maxNamed ? `${named}; and ${length - maxNamed} more` : named;
	const refusal = refused(
		found.every(({ state }) => state.phase === 'active')
			? `has ${length} active ${search.provider.resource.value}s: ${list}.`
			: `may mean any of ${length} ${search.provider.resource.value}s: ${list}.`,
		isWriteSearch(search)
			? 'Choose one By ID, or set Options > If Several Match to Cancel All.'
			: 'Choose one By ID.',
	);
	const result = refusalResult({ ...search, target: by }, refusal);
	return { ...result, data: { candidates: found.map(toColumns) } };
}

const toColumns = ({ id, product, state: { status, end, email } }: Found): IDataObject => ({
	target: id,
	product: product ?? null,
	status,
	effectiveAt: timeOf(end),
	email,
});
