import { refused } from '../contract/refusal';
import type { WriteItem } from '../model/item';
import type { Ledger } from '../run/ledger';
import { refusalResult, type ItemResult } from '../model/result';

/**
 * A run that would go over its limit sends nothing at all, nor does an AI agent's call with more
 * than one subscription.
 * @returns why, for each of these items; undefined where they may go on
 */
export function checkBatchLimit(
	writes: WriteItem[],
	ledger: Ledger,
): ((item: WriteItem) => ItemResult) | undefined {
	const real = writes.filter(({ dryRun }) => !dryRun);
	const limit = real.reduce(
		(least, { options }) => Math.min(least, options.maxPerExecution || Infinity),
		Infinity,
	);
	const before = ledger.countEarlier(real);
	const byAgent = real.length > 1 && real.some(({ agent }) => agent);
	if (!byAgent && before + real.length <= limit) return undefined;
	const earlier = before > 0 ? `, after ${before} earlier in this execution` : '';
	const refusal = byAgent
		? refused(
				`An AI agent carries out one item a call, but this call has ${real.length}.`,
				'Call it once for each.',
			)
		: refused(
				`This run has ${real.length} items to carry out${earlier}; the limit is ${limit}.`,
				'Check that all of them are meant, then raise Options > Max per Execution.',
			);
	return (item) => refusalResult(item, refusal);
}
