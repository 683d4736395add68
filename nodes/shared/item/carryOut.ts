import { isSuccess } from '../contract/outcome';
import type { Verdict } from '../contract/verdict';
import type { Manner } from '../wire/exchange';
import { conclude, again, previewed, resultOf } from './conclude';
import { forecast, nothingLeft } from './forecast';
import type { Left } from './before';
import { isStill } from './gate';
import { checkKept, isGuarded } from './guard';
import { doorOf, isDone, isNeverRepeated, onlyAsks, tellsAll, type Item } from './item';
import type { Known, Ledger } from './ledger';
import { look } from './record';
import { hasState, notAsked, stateOf, type Seen } from './seen';
import type { Result } from './result';
import { send } from './sending';

/**
 * Carries out one write: what is known of it, a look where one is wanted, guards, a dry run, or the
 * call and what it came to.
 * @param before what others of this process on the same target have left right before; undefined: nobody was
 * @throws Refusal where a guard says no; what `cancelled` rejects with
 */
export async function carryOut(
	item: Item,
	manner: Manner,
	ledger: Ledger,
	before: Left | undefined,
): Promise<Result> {
	const known = item.dryRun || onlyAsks(item) ? undefined : ledger.earlier(item);
	if (isKept(known)) checkKept(item, known.kept);
	if (isKept(known) && known.now) return again(item, known.kept);
	const doubted = known === 'doubt' || before?.doubt === true;
	const wanted = doubted || known || before || item.seen || wantsLook(item);
	const fresh =
		item.dryRun || (!before && isStill(doorOf(item), item.seenAt ?? 0)) ? item.seen : undefined;
	const seen = fresh ?? (wanted ? await look(item, manner) : notAsked);
	if (isKept(known) && !isOpenAgain(item, seen)) return again(item, known.kept);

	const { verdict, ends, ...trail } = await forecast(item, manner, seen, {
		doubted,
		sentAt: ledger.sentAt(item),
	});
	if (ends && !isSuccess(verdict.outcome)) return resultOf(item, verdict, { ...trail, seen });
	if (item.dryRun) return previewed(item, seen, verdict);
	if (ends === 'record') return conclude(item, ledger, verdict, { seen });
	if (ends) return resultOf(item, verdict, { ...trail, seen });
	if (before?.accepted === item.identity) {
		return conclude(item, ledger, takenBefore(item, verdict), { seen });
	}
	if (item.repeated && isNeverRepeated(item)) return unsettled(item, seen);
	const isSettled = hasState(seen) && tellsAll(item, seen.state);
	return await send(item, manner, ledger, seen, doubted && !isSettled);
}

/** Another of this process got the same accepted a moment ago; the record may not tell of it yet. */
const takenBefore = ({ operation, provider }: Item, { effectiveAt = null }: Verdict): Verdict => ({
	...nothingLeft(operation, effectiveAt),
	description: `${provider.displayName} accepted the same a moment ago.`,
});

const isKept = (known: Known | undefined): known is Exclude<Known, 'doubt'> =>
	typeof known === 'object';

/** What an earlier round of this execution ended runs again: the wish is a new one. */
function isOpenAgain(item: Item, seen: Seen): boolean {
	const state = stateOf(seen);
	return state !== undefined && !isDone(item, state) && !state.lags;
}

function wantsLook(item: Item): boolean {
	const { operation, values, dryRun, repeated } = item;
	return (
		dryRun ||
		repeated ||
		isGuarded(item) ||
		operation.before !== undefined ||
		operation.looksFirst?.(values as never) === true
	);
}

/** It may charge, and an unchanged record does not tell whether an earlier run has sent it. */
function unsettled(item: Item, seen: Seen): Result {
	const { displayName } = item.provider;
	const description = `This execution may repeat an earlier one, and the record of ${displayName} does not tell whether that has sent it. Look it up in ${displayName}, then run it in a new execution, and not in a sub-workflow.`;
	return resultOf(item, { outcome: 'refused', description }, { seen });
}
