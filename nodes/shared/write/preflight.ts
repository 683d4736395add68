import { isSuccess } from '../contract/outcome';
import type { WriteOperation } from '../contract/provider';
import { endVerdict, type RecordState, type Verdict } from '../contract/verdict';
import { requestWithRetry, type RequestContext } from '../http/requestWithRetry';
import type { CallResult } from '../http/response';
import { checkGuards } from './guards';
import { isIdempotent, isDone, recordIsConclusive, type WriteItem } from '../model/item';
import { interpretPreview } from '../model/interpretResponse';
import { hasState, isConfirmedMissing, stateOf, type RecordReading } from '../model/recordReading';

/** What the write would come to, as far as can be known before it is sent. */
export interface Preflight {
	verdict: Verdict;
	/** The item ends here: the record says so, or a rehearsal or a guard does. */
	ends?: 'record' | 'other';
	answer?: CallResult;
	retryAt?: string;
}

/** The outcome that a record shows: it will end, or it has. */
export const doneVerdict = ({ effect }: WriteOperation, endsAt: string | null): Verdict =>
	effect === 'cancel' ? endVerdict(endsAt) : { outcome: 'restored', effectiveAt: null };

/** There was nothing left to do. */
export const alreadyDoneVerdict = ({ effect }: WriteOperation, endsAt: string | null): Verdict =>
	effect === 'cancel'
		? { outcome: 'alreadyCancelled', effectiveAt: endsAt }
		: { outcome: 'restored', effectiveAt: null };

/**
 * What a done record says of a call that was in doubt: its doing, unless the record has another end
 * than was asked for, or came by it before.
 * @param sentAt ms since 1970 of the first try; undefined where that is not known
 */
export function verdictAfterDoubt(
	operation: WriteOperation,
	state: RecordState,
	sentAt?: number,
): Verdict {
	// A minute for clocks that differ; false where either moment is not known.
	const before = Date.parse(state.changedAt ?? '') < (sentAt ?? NaN) - 60_000;
	return state.matchesRequest === false || before
		? alreadyDoneVerdict(operation, state.endsAt)
		: { ...doneVerdict(operation, state.endsAt), verified: true };
}

/** What the provider says of a target that it does not know. */
export function notFoundVerdict(operation: WriteOperation, seen: RecordReading): Verdict {
	const answer = 'missing' in seen ? seen.answer : undefined;
	if (answer) return operation.onNotFound?.(answer) ?? { outcome: 'notFound' };
	return { outcome: operation.referral ? 'nothingToCancel' : 'notFound' };
}

/**
 * Doubt first, then what could not be read, then the guards, then what the record says, then the
 * provider's own rehearsal.
 * @param doubted an earlier try had no clear answer; `sentAt`: when it left, where that is known
 * @throws Refusal where a guard says no
 */
export async function preflight(
	item: WriteItem,
	manner: RequestContext,
	seen: RecordReading,
	{ doubted, sentAt }: { doubted: boolean; sentAt?: number },
): Promise<Preflight> {
	const { operation, values } = item;
	const state = stateOf(seen);
	const doubt = doubted ? checkDoubt(item, seen, sentAt) : undefined;
	if (doubt) return doubt;
	if ('unread' in seen && seen.failed) {
		const { outcome, retryAt } = seen.failed;
		const description = `${seen.unread} It has to be read before anything is sent.`;
		return { verdict: { outcome, description }, ends: 'other', retryAt };
	}
	checkGuards(item, seen);
	if ('missing' in seen) {
		const verdict = notFoundVerdict(operation, seen);
		return { verdict, ends: isSuccess(verdict.outcome) ? 'record' : 'other' };
	}
	if (state && isDone(item, state)) {
		return { verdict: alreadyDoneVerdict(operation, state.endsAt), ends: 'record' };
	}
	const early = state && operation.precondition?.(state, values as never);
	if (early) return { verdict: early, ends: 'other' };
	return await checkProviderPreview(item, manner, state);
}

/** Where an earlier try had no clear answer, only the record lets it go on. */
function checkDoubt(item: WriteItem, seen: RecordReading, sentAt?: number): Preflight | undefined {
	const { operation } = item;
	if (hasState(seen)) {
		if (isDone(item, seen.state)) {
			return { verdict: verdictAfterDoubt(operation, seen.state, sentAt), ends: 'record' };
		}
		if (recordIsConclusive(item, seen.state)) return undefined;
	}
	if (isConfirmedMissing(seen)) return undefined;
	const couldNotLook = 'missing' in seen || ('unread' in seen && seen.failed !== undefined);
	if (isIdempotent(item) && !couldNotLook) return undefined;
	const why = 'An earlier try had no clear answer.';
	const description = 'unread' in seen ? `${why} ${seen.unread}` : why;
	return { verdict: { outcome: 'unknown', description }, ends: 'other' };
}

async function checkProviderPreview(
	item: WriteItem,
	manner: RequestContext,
	state: RecordState | undefined,
): Promise<Preflight> {
	const { operation, values } = item;
	const rehearsal = operation.preview?.(values as never);
	const simply = doneVerdict(operation, state?.endsAt ?? null);
	const expected = () => operation.predict?.(state, values as never) ?? simply;
	if (!rehearsal) return { verdict: expected() };
	if (!item.dryRun && !rehearsal.required) return { verdict: simply };
	const { answer, retryAt } = await requestWithRetry(manner, rehearsal.request, { safe: true });
	const said = interpretPreview(answer, (reply) => rehearsal.interpret(reply));
	const goesOn = said.outcome === 'readyToConfirm';
	if (!isSuccess(said.outcome) || (!item.dryRun && !goesOn)) {
		return { verdict: said, ends: 'other', answer, retryAt };
	}
	return { verdict: goesOn && operation.predict ? expected() : said, answer };
}
