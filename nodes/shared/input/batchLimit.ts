import { refused } from '../contract/refusal';
import type { WriteItem } from '../model/item';
import { refusalResult, type ItemResult } from '../model/result';
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
	const limit = lowestLimit(live);
	const earlier = ledger.countEarlier(live);
	const byAgent = live.length > 1 && live.some(({ agent }) => agent);
	if (!byAgent && earlier + live.length <= limit) return undefined;
	const after = earlier > 0 ? `, after ${earlier} earlier in this execution` : '';
	const refusal = byAgent
		? refused(
				`An AI agent carries out one item a call, but this call has ${live.length}.`,
				'Call it once for each.',
			)
		: refused(
				`This run has ${live.length} items to carry out${after}; the limit is ${limit}.`,
				'Check that all of them are meant, then raise Options > Max per Execution.',
			);
	return (item) => refusalResult(item, refusal);
}

/** The lowest Max per Execution of these items; Infinity where none has one. */
export const lowestLimit = (items: WriteItem[]): number =>
	items.reduce(
		(lowest, { options }) => Math.min(lowest, options.maxPerExecution || Infinity),
		Infinity,
	);
