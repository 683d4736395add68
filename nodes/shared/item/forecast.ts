import { isSuccess } from '../contract/outcome';
import type { WriteOperation } from '../contract/provider';
import { endOf, type State, type Verdict } from '../contract/verdict';
import { exchange, type Manner } from '../wire/exchange';
import type { Answer } from '../wire/silence';
import { check } from './guard';
import { isDeduplicated, isDone, tellsAll, type Item } from './item';
import { meaningOfAsking } from './meaning';
import { hasState, isMissing, stateOf, type Seen } from './seen';

/** What the write would come to, as far as can be known before it is sent. */
export interface Forecast {
	verdict: Verdict;
	/** The item ends here: the record says so, or a rehearsal or a guard does. */
	ends?: 'record' | 'other';
	answer?: Answer;
	comeBackAt?: string;
}

/** The outcome that a record shows: it will end, or it has. */
export const carriedOut = ({ effect }: WriteOperation, endsAt: string | null): Verdict =>
	effect === 'cancel' ? endOf(endsAt) : { outcome: 'restored', effectiveAt: null };

/** There was nothing left to do. */
export const nothingLeft = ({ effect }: WriteOperation, endsAt: string | null): Verdict =>
	effect === 'cancel'
		? { outcome: 'alreadyCancelled', effectiveAt: endsAt }
		: { outcome: 'restored', effectiveAt: null };

/**
 * What a done record says of a call that was in doubt: its doing, unless the record has another end
 * than was asked for, or came by it before.
 * @param sentAt ms since 1970 of the first try; undefined where that is not known
 */
export function afterDoubt(operation: WriteOperation, state: State, sentAt?: number): Verdict {
	// A minute for clocks that differ; false where either moment is not known.
	const before = Date.parse(state.since ?? '') < (sentAt ?? NaN) - 60_000;
	return state.asWished === false || before
		? nothingLeft(operation, state.endsAt)
		: { ...carriedOut(operation, state.endsAt), verified: true };
}

/** What the provider says of a target that it does not know. */
export function unknownTarget(operation: WriteOperation, seen: Seen): Verdict {
	const answer = 'missing' in seen ? seen.answer : undefined;
	if (answer) return operation.missing?.(answer) ?? { outcome: 'notFound' };
	return { outcome: operation.referral ? 'nothingToCancel' : 'notFound' };
}

/**
 * Doubt first, then what could not be read, then the guards, then what the record says, then the
 * provider's own rehearsal.
 * @param doubted an earlier try had no clear answer; `sentAt`: when it left, where that is known
 * @throws Refusal where a guard says no
 */
export async function forecast(
	item: Item,
	manner: Manner,
	seen: Seen,
	{ doubted, sentAt }: { doubted: boolean; sentAt?: number },
): Promise<Forecast> {
	const { operation, values } = item;
	const state = stateOf(seen);
	const doubt = doubted ? doubtIn(item, seen, sentAt) : undefined;
	if (doubt) return doubt;
	if ('unread' in seen && seen.failed) {
		const { outcome, comeBackAt } = seen.failed;
		const description = `${seen.unread} It has to be read before anything is sent.`;
		return { verdict: { outcome, description }, ends: 'other', comeBackAt };
	}
	check(item, seen);
	if ('missing' in seen) {
		const verdict = unknownTarget(operation, seen);
		return { verdict, ends: isSuccess(verdict.outcome) ? 'record' : 'other' };
	}
	if (state && isDone(item, state)) {
		return { verdict: nothingLeft(operation, state.endsAt), ends: 'record' };
	}
	const early = state && operation.before?.(state, values as never);
	if (early) return { verdict: early, ends: 'other' };
	return await rehearsed(item, manner, state);
}

/** Where an earlier try had no clear answer, only the record lets it go on. */
function doubtIn(item: Item, seen: Seen, sentAt?: number): Forecast | undefined {
	const { operation } = item;
	if (hasState(seen)) {
		if (isDone(item, seen.state)) {
			return { verdict: afterDoubt(operation, seen.state, sentAt), ends: 'record' };
		}
		if (tellsAll(item, seen.state)) return undefined;
	}
	if (isMissing(seen)) return undefined;
	const couldNotLook = 'missing' in seen || ('unread' in seen && seen.failed !== undefined);
	if (isDeduplicated(item) && !couldNotLook) return undefined;
	const why = 'An earlier try had no clear answer.';
	const description = 'unread' in seen ? `${why} ${seen.unread}` : why;
	return { verdict: { outcome: 'unknown', description }, ends: 'other' };
}

async function rehearsed(item: Item, manner: Manner, state: State | undefined): Promise<Forecast> {
	const { operation, values } = item;
	const rehearsal = operation.rehearse?.(values as never);
	const simply = carriedOut(operation, state?.endsAt ?? null);
	const expected = () => operation.expect?.(state, values as never) ?? simply;
	if (!rehearsal) return { verdict: expected() };
	if (!item.dryRun && !rehearsal.always) return { verdict: simply };
	const { answer, comeBackAt } = await exchange(manner, rehearsal.call, { harmless: true });
	const said = meaningOfAsking(answer, (reply) => rehearsal.read(reply));
	const goesOn = said.outcome === 'readyToConfirm';
	if (!isSuccess(said.outcome) || (!item.dryRun && !goesOn)) {
		return { verdict: said, ends: 'other', answer, comeBackAt };
	}
	return { verdict: goesOn && operation.expect ? expected() : said, answer };
}
