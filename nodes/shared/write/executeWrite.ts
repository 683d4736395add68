import { isSuccess } from '../contract/outcome';
import type { Verdict } from '../contract/verdict';
import type { RequestContext } from '../http/requestWithRetry';
import { finish, replayResult, dryRunResult, buildResult } from './finish';
import { preflight, alreadyDoneVerdict } from './preflight';
import { type Handover, isUntouchedSince } from '../run/targetLock';
import { checkReplayGuard, hasGuards } from './guards';
import {
	lockKey,
	isDone,
	isNeverRetried,
	isSafe,
	recordIsConclusive,
	type WriteItem,
} from '../model/item';
import type { PriorState, Ledger } from '../run/ledger';
import { readRecord } from './readRecord';
import { hasState, notRead, stateOf, type RecordReading } from '../model/recordReading';
import type { ItemResult } from '../model/result';
import { submitWrite } from './submitWrite';

/**
 * Carries out one write: what is known of it, a look where one is wanted, guards, a dry run, or the
 * call and what it came to.
 * @param before what others of this process on the same target have left right before; undefined: nobody was
 * @throws Refusal where a guard says no; what `cancelled` rejects with
 */
export async function executeWrite(
	item: WriteItem,
	manner: RequestContext,
	ledger: Ledger,
	before: Handover | undefined,
): Promise<ItemResult> {
	const known = item.dryRun || isSafe(item) ? undefined : ledger.lookup(item);
	if (isKept(known)) checkReplayGuard(item, known.kept);
	if (isKept(known) && known.now) return replayResult(item, known.kept);
	const doubted = known === 'doubt' || before?.doubt === true;
	const wanted = doubted || known || before || item.record || needsRecord(item);
	const fresh =
		item.dryRun || (!before && isUntouchedSince(lockKey(item), item.recordReadAt ?? 0))
			? item.record
			: undefined;
	const seen = fresh ?? (wanted ? await readRecord(item, manner) : notRead);
	if (isKept(known) && !isActiveAgain(item, seen)) return replayResult(item, known.kept);

	const { verdict, ends, ...trail } = await preflight(item, manner, seen, {
		doubted,
		sentAt: ledger.sentAt(item),
	});
	if (ends && !isSuccess(verdict.outcome)) return buildResult(item, verdict, { ...trail, seen });
	if (item.dryRun) return dryRunResult(item, seen, verdict);
	if (ends === 'record') return finish(item, ledger, verdict, { seen });
	if (ends) return buildResult(item, verdict, { ...trail, seen });
	if (before?.accepted === item.identity) {
		return finish(item, ledger, acceptedByOther(item, verdict), { seen });
	}
	if (item.mayBeReplay && isNeverRetried(item)) return unverifiableReplay(item, seen);
	const isSettled = hasState(seen) && recordIsConclusive(item, seen.state);
	return await submitWrite(item, manner, ledger, seen, doubted && !isSettled);
}

/** Another of this process got the same accepted a moment ago; the record may not tell of it yet. */
const acceptedByOther = (
	{ operation, provider }: WriteItem,
	{ effectiveAt = null }: Verdict,
): Verdict => ({
	...alreadyDoneVerdict(operation, effectiveAt),
	description: `${provider.displayName} accepted the same a moment ago.`,
});

const isKept = (known: PriorState | undefined): known is Exclude<PriorState, 'doubt'> =>
	typeof known === 'object';

/** What an earlier round of this execution ended runs again: the wish is a new one. */
function isActiveAgain(item: WriteItem, seen: RecordReading): boolean {
	const state = stateOf(seen);
	return state !== undefined && !isDone(item, state) && !state.eventuallyConsistent;
}

function needsRecord(item: WriteItem): boolean {
	const { operation, values, dryRun, mayBeReplay } = item;
	return (
		dryRun ||
		mayBeReplay ||
		hasGuards(item) ||
		operation.precondition !== undefined ||
		operation.readsBeforeWrite?.(values as never) === true
	);
}

/** It may charge, and an unchanged record does not tell whether an earlier run has sent it. */
function unverifiableReplay(item: WriteItem, seen: RecordReading): ItemResult {
	const { displayName } = item.provider;
	const description = `This execution may repeat an earlier one, and the record of ${displayName} does not tell whether that has sent it. Look it up in ${displayName}, then run it in a new execution, and not in a sub-workflow.`;
	return buildResult(item, { outcome: 'refused', description }, { seen });
}
