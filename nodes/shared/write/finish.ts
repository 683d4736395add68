import { now } from '../contract/clock';
import { isSuccess } from '../contract/outcome';
import { nothingSent } from '../contract/refusal';
import type { Verdict } from '../contract/verdict';
import type { RequestResult } from '../http/requestWithRetry';
import { isResponse } from '../http/response';
import { isSafe, type WriteItem } from '../model/item';
import type { AcceptedResult, Ledger } from '../run/ledger';
import { buildPreview } from './planToken';
import { isUnreadable } from './readRecord';
import { stateOf, type RecordReading } from '../model/recordReading';
import { failureMessage, type ItemResult } from '../model/result';

/** What is known besides the verdict. */
export interface Evidence extends Partial<RequestResult> {
	seen?: RecordReading;
	/** The provider took a call of this item. */
	accepted?: boolean;
}

const base = (item: WriteItem, seen?: RecordReading): ItemResult => {
	const { operationName, target, foundBy, values, dryRun, email } = item;
	return {
		outcome: 'failed',
		operation: operationName,
		target,
		foundBy,
		email: (seen && stateOf(seen)?.email) ?? email,
		attempts: 0,
		reason: (values.reason ?? values.comment ?? null) as string | null,
		dryRun,
	};
};

/** What the user calls a failure although the provider does not. */
function applyUserPolicy({ options }: WriteItem, verdict: Verdict): Verdict {
	if (verdict.outcome === 'alreadyCancelled' && options.alreadyCancelled === 'fail') {
		return { outcome: 'notCancellable', description: 'It was already cancelled.' };
	}
	if (verdict.outcome === 'nothingToCancel' && options.ifNotReferral === 'fail') {
		return { ...verdict, outcome: 'notFound' };
	}
	return verdict;
}

const credentialDenied = (seen: RecordReading | undefined) =>
	seen !== undefined && 'unread' in seen && seen.failed?.outcome === 'unauthorized';

/** Where the answer is the point of the call. */
const alwaysWithResponse = ['readyToConfirm', 'presentation', 'offer'];

/** An item that has come to its end, as the user wants it called. */
export function buildResult(item: WriteItem, told: Verdict, trail: Evidence = {}): ItemResult {
	const { answer, attempts = 0, retryAt, seen, accepted } = trail;
	const verdict = applyUserPolicy(item, told);
	const { outcome, description, effectiveAt, verified, goesOn } = verdict;
	const reply = answer && isResponse(answer) ? answer : undefined;
	const common = base(item, seen);
	const result: ItemResult = {
		...common,
		outcome,
		email: verdict.email ?? common.email,
		attempts,
		httpStatus: reply?.status,
		description,
		effectiveAt: effectiveAt ?? null,
		requestedAt: accepted ? new Date(now()).toISOString() : null,
		...(accepted && { accepted }),
		...(verified && { verified }),
		...(goesOn && { goesOn }),
		...(credentialDenied(seen) && { denied: true }),
	};
	if (!isSuccess(outcome)) {
		const message = failureMessage(item, outcome, attempts, retryAt);
		result.message =
			attempts === 0 && outcome === 'refused' ? `${message} ${nothingSent}` : message;
	} else if (
		(item.options.includeResponse || alwaysWithResponse.includes(outcome)) &&
		typeof reply?.body === 'object'
	) {
		result.response = reply.body;
	}
	return result;
}

/** The only place that writes into the ledger once an answer is understood. */
export function finish(
	item: WriteItem,
	ledger: Ledger,
	verdict: Verdict,
	trail: Evidence,
): ItemResult {
	const result = buildResult(item, verdict, trail);
	if (isSafe(item)) return result;
	if (isSuccess(verdict.outcome)) {
		ledger.markAccepted(item, { ...result, outcome: verdict.outcome }, isUnreadable(item));
	} else if (verdict.outcome !== 'unknown') ledger.clear(item);
	return result;
}

/** Accepted earlier in this execution: the same outcome once more. */
export const replayResult = (item: WriteItem, kept: AcceptedResult): ItemResult => {
	const { outcome, effectiveAt, description } = applyUserPolicy(item, kept);
	const told = { ...base(item), ...kept, outcome, effectiveAt, email: kept.email ?? item.email };
	return isSuccess(outcome)
		? told
		: { ...told, description, message: failureMessage(item, outcome, kept.attempts) };
};

/** What a dry run comes out with; the email and the end are those of the record. */
export function dryRunResult(item: WriteItem, seen: RecordReading, verdict: Verdict): ItemResult {
	const told = applyUserPolicy(item, verdict);
	return {
		...base(item, seen),
		outcome: 'preview',
		effectiveAt: told.effectiveAt ?? null,
		preview: buildPreview(item, item.account, seen, told),
	};
}
