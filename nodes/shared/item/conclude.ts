import { isSuccess } from '../contract/outcome';
import { nothingSent } from '../contract/refusal';
import type { Verdict } from '../contract/verdict';
import type { Exchange } from '../wire/exchange';
import { isReply } from '../wire/silence';
import { onlyAsks, type Item } from './item';
import type { Kept, Ledger } from './ledger';
import { previewOf } from './plan';
import { isBlind } from './record';
import { stateOf, type Seen } from './seen';
import { messageFor, type Result } from './result';

/** What is known besides the verdict. */
export interface Trail extends Partial<Exchange> {
	seen?: Seen;
	/** The provider took a call of this item. */
	accepted?: boolean;
}

const base = (item: Item, seen?: Seen): Result => {
	const { name, target, foundBy, values, dryRun, email } = item;
	return {
		outcome: 'failed',
		operation: name,
		target,
		foundBy,
		email: (seen && stateOf(seen)?.email) ?? email,
		attempts: 0,
		reason: (values.reason ?? values.comment ?? null) as string | null,
		dryRun,
	};
};

/** What the user calls a failure although the provider does not. */
function asAsked({ options }: Item, verdict: Verdict): Verdict {
	if (verdict.outcome === 'alreadyCancelled' && options.alreadyCancelled === 'fail') {
		return { outcome: 'notCancellable', description: 'It was already cancelled.' };
	}
	if (verdict.outcome === 'nothingToCancel' && options.ifNotReferral === 'fail') {
		return { ...verdict, outcome: 'notFound' };
	}
	return verdict;
}

const isDenied = (seen: Seen | undefined) =>
	seen !== undefined && 'unread' in seen && seen.failed?.outcome === 'unauthorized';

/** Where the answer is the point of the call. */
const tells = ['readyToConfirm', 'presentation', 'offer'];

/** An item that has come to its end, as the user wants it called. */
export function resultOf(item: Item, told: Verdict, trail: Trail = {}): Result {
	const { answer, attempts = 0, comeBackAt, seen, accepted } = trail;
	const verdict = asAsked(item, told);
	const { outcome, description, effectiveAt, verified, goesOn } = verdict;
	const reply = answer && isReply(answer) ? answer : undefined;
	const common = base(item, seen);
	const result: Result = {
		...common,
		outcome,
		email: verdict.email ?? common.email,
		attempts,
		httpStatus: reply?.status,
		description,
		effectiveAt: effectiveAt ?? null,
		requestedAt: accepted ? new Date().toISOString() : null,
		...(accepted && { accepted }),
		...(verified && { verified }),
		...(goesOn && { goesOn }),
		...(isDenied(seen) && { denied: true }),
	};
	if (!isSuccess(outcome)) {
		const message = messageFor(item, outcome, attempts, comeBackAt);
		result.message =
			attempts === 0 && outcome === 'refused' ? `${message} ${nothingSent}` : message;
	} else if (
		(item.options.includeResponse || tells.includes(outcome)) &&
		typeof reply?.body === 'object'
	) {
		result.response = reply.body;
	}
	return result;
}

/** The only place that writes into the ledger once an answer is understood. */
export function conclude(item: Item, ledger: Ledger, verdict: Verdict, trail: Trail): Result {
	const result = resultOf(item, verdict, trail);
	if (onlyAsks(item)) return result;
	if (isSuccess(verdict.outcome)) {
		ledger.accepted(item, { ...result, outcome: verdict.outcome }, isBlind(item));
	} else if (verdict.outcome !== 'unknown') ledger.forget(item);
	return result;
}

/** Accepted earlier in this execution: the same outcome once more. */
export const again = (item: Item, kept: Kept): Result => {
	const { outcome, effectiveAt, description } = asAsked(item, kept);
	const told = { ...base(item), ...kept, outcome, effectiveAt, email: kept.email ?? item.email };
	return isSuccess(outcome)
		? told
		: { ...told, description, message: messageFor(item, outcome, kept.attempts) };
};

/** What a dry run comes out with; the email and the end are those of the record. */
export function previewed(item: Item, seen: Seen, verdict: Verdict): Result {
	const told = asAsked(item, verdict);
	return {
		...base(item, seen),
		outcome: 'preview',
		effectiveAt: told.effectiveAt ?? null,
		preview: previewOf(item, item.account, seen, told),
	};
}
