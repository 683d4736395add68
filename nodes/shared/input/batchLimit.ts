import { refused } from '../contract/refusal';
import type { WriteItem } from '../model/item';
import { refusalResult, type ItemResult, type OverLimit } from '../model/result';
import type { Ledger } from '../run/ledger';

/**
 * A run that would go over its limit sends nothing at all, nor does an AI agent's call with more
 * than one target.
 * @returns the result of each of these items; undefined where they may go on
 */
export function checkBatchLimit(
	writes: WriteItem[],
	ledger: Ledger,
): ((item: WriteItem) => ItemResult) | undefined {
	const live = writes.filter(({ dryRun }) => !dryRun);
	if (live.length > 1 && live.some(({ agent }) => agent)) {
		const refusal = refused(
			`an AI agent carries out one item a call, but this call has ${live.length}.`,
			'Call it once for each.',
		);
		return (item) => refusalResult(item, refusal);
	}
	const over = overLimit(live, ledger);
	if (!over) return undefined;
	const earlier = ledger.countEarlier(live);
	const after = earlier > 0 ? `, after ${earlier} earlier in this execution` : '';
	const { count, limit } = over;
	const verb = live[0].operation.effect === 'cancel' ? 'cancel' : 'resume';
	const refusal = refused(
		`this run has ${count} to ${verb}${after}, but the limit is ${limit}.`,
		`If all ${count} are meant, raise Options > Max per Execution.`,
	);
	return (item) => ({ ...refusalResult(item, refusal), overLimit: over });
}

/** Of a dry run: the limit that a live run of the same items would go over. */
export const previewedOverLimit = (writes: WriteItem[], ledger: Ledger): OverLimit | undefined =>
	overLimit(
		writes.filter(({ dryRun }) => dryRun),
		ledger,
	);

function overLimit(writes: WriteItem[], ledger: Ledger): OverLimit | undefined {
	const limit = lowestLimit(writes);
	const isOver = ledger.countEarlier(writes) + writes.length > limit;
	return isOver ? { count: writes.length, limit } : undefined;
}

/** The lowest Max per Execution of these items; Infinity where none has one. */
export const lowestLimit = (items: WriteItem[]): number =>
	items.reduce(
		(lowest, { options }) => Math.min(lowest, options.maxPerExecution || Infinity),
		Infinity,
	);
