import { isAccepted, isSuccess, type Outcome } from '../contract/outcome';
import type { Verdict } from '../contract/verdict';
import type { RequestResult } from '../http/requestWithRetry';
import { isResponse } from '../http/response';
import { interpretPreview, interpretWrite } from '../model/interpretResponse';
import { changesNothing, isDone, type WriteItem } from '../model/item';
import type { ResponseClaim } from '../model/reconcile';
import { stateOf, type RecordReading } from '../model/recordReading';
import type { Stopped } from '../run/executionContext';

/** A response, and what it means. */
export interface Attempt {
	result: RequestResult;
	verdict: Verdict;
	claim: ResponseClaim;
}

export function interpretAttempt(
	item: WriteItem,
	result: RequestResult,
	before: RecordReading,
): Attempt {
	const { operation, provider, values } = item;
	const own = (response: Parameters<NonNullable<typeof operation.interpret>>[0]) =>
		operation.interpret?.(response, values);
	const verdict = changesNothing(item)
		? interpretPreview(result.answer, provider, own)
		: interpretWrite(result.answer, provider, own);
	if (contradicts(item, verdict, before)) {
		return { result, verdict: { ...verdict, verify: true }, claim: 'contradictory' };
	}
	return { result, verdict, claim: claimOf(verdict) };
}

const denials: Outcome[] = ['nothingToCancel', 'alreadyCancelled', 'notFound'];

/** The response denies what the record showed a moment ago: there is something to end. */
function contradicts(item: WriteItem, { outcome }: Verdict, before: RecordReading): boolean {
	const state = stateOf(before);
	return denials.includes(outcome) && state !== undefined && !isDone(item, state);
}

function claimOf({ outcome }: Verdict): ResponseClaim {
	if (outcome === 'unknown') return 'unclear';
	if (!isSuccess(outcome)) return 'rejected';
	return isAccepted(outcome) ? 'accepted' : 'nothingToDo';
}

/** Nothing was accepted, and the run was stopped while the item waited for its next attempt. */
export function stoppedVerdict({ provider }: WriteItem, { because }: Stopped): Verdict {
	const description = `${provider.displayName} has not accepted it yet, and it was not tried again, because ${because}.`;
	return { outcome: 'skipped', description };
}

/** No response, or a 5xx: the request may be sent again. A 2xx may still be carried out later. */
export const isRepeatable = ({ result: { answer } }: Attempt) =>
	!isResponse(answer) || answer.status >= 500;
