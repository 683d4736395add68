import { now } from '../contract/clock';
import { isSuccess } from '../contract/outcome';
import { nothingSent } from '../contract/refusal';
import type { Verdict } from '../contract/verdict';
import type { RequestResult } from '../http/requestWithRetry';
import { isResponse } from '../http/response';
import { changesNothing, isDeduplicated, isDone, type WriteItem } from '../model/item';
import { isCredentialRejected, notRead, stateOf, type RecordReading } from '../model/recordReading';
import { failureMessage } from '../model/failureMessage';
import { headerColumns, type ItemResult } from '../model/result';
import type { SettledResult } from '../run/ledger';
import { buildPreview } from './planToken';
import type { WriteContext } from './writeContext';

/** What is known besides the verdict. */
export interface Evidence extends Partial<RequestResult> {
	reading?: RecordReading;
	/** The provider took a request of this item. */
	accepted?: boolean;
}

/** The columns that every result of an item has. */
function baseResult(item: WriteItem, reading: RecordReading): Omit<ItemResult, 'outcome'> {
	const columns = headerColumns(item);
	return { ...columns, email: stateOf(reading)?.email ?? columns.email, attempts: 0 };
}

/** What the user calls a failure although the provider does not. */
function applyUserPolicy({ options }: WriteItem, verdict: Verdict): Verdict {
	if (verdict.outcome === 'alreadyCancelled' && options.alreadyCancelled === 'fail') {
		return {
			outcome: 'notCancellable',
			description: 'It was already cancelled.',
			clause: 'was already cancelled, which counts as a failure (Options > If Already Cancelled)',
		};
	}
	if (verdict.outcome === 'nothingToCancel' && options.ifNotReferral === 'fail') {
		return { ...verdict, outcome: 'notFound' };
	}
	return verdict;
}

/** Outcomes whose point is the provider's response. */
const alwaysWithResponse = ['readyToConfirm', 'presentation', 'offer'];

/** The result of an item that has come to its end, as the user wants it called. */
export function buildResult(item: WriteItem, said: Verdict, evidence: Evidence = {}): ItemResult {
	const { attempts = 0, reading = notRead, accepted, retryAt } = evidence;
	const verdict = applyUserPolicy(item, said);
	const { outcome, description, clause, effectiveAt = null, email } = verdict;
	const base = baseResult(item, reading);
	const httpStatus = responseOf(evidence)?.status;
	const result: ItemResult = {
		...base,
		outcome,
		email: email ?? base.email,
		attempts,
		httpStatus,
		description,
		clause,
		effectiveAt,
		requestedAt: accepted ? new Date(now()).toISOString() : null,
		...flagsOf(verdict, evidence),
	};
	if (isSuccess(outcome)) return { ...result, ...shownResponse(item, verdict, evidence) };
	const subject = { ...item, email: result.email };
	const facts = { attempts, retryAt, httpStatus, description, clause };
	const message = failureMessage(subject, outcome, facts);
	const isUntouched = attempts === 0 && outcome === 'refused';
	return { ...result, message: isUntouched ? `${message} ${nothingSent}` : message };
}

function flagsOf({ verified, planContinues }: Verdict, evidence: Evidence): Partial<ItemResult> {
	return {
		...(evidence.accepted && { accepted: true }),
		...(verified && { verified }),
		...(planContinues && { planContinues }),
		...(evidence.reading && isCredentialRejected(evidence.reading) && { credentialRejected: true }),
	};
}

const responseOf = ({ answer }: Evidence) => (answer && isResponse(answer) ? answer : undefined);

function shownResponse(
	{ options }: WriteItem,
	{ outcome }: Verdict,
	evidence: Evidence,
): Pick<ItemResult, 'response'> {
	const body = responseOf(evidence)?.body;
	const isShown = options.includeResponse || alwaysWithResponse.includes(outcome);
	return isShown && typeof body === 'object' ? { response: body } : {};
}

/** Ends an item: its result, and what the ledger keeps of it. */
export function finish(
	{ item, ledger }: WriteContext,
	verdict: Verdict,
	evidence: Evidence,
): ItemResult {
	const result = buildResult(item, verdict, evidence);
	if (changesNothing(item)) return result;
	if (isSuccess(verdict.outcome)) {
		const kept = { ...result, outcome: verdict.outcome };
		const hasKey = isDeduplicated(item);
		const onlyEvidence = !item.hasRecord || mayShowLater(item, verdict, evidence);
		ledger.markSettled(item, kept, { onlyEvidence, hasKey });
	} else if (verdict.outcome !== 'unknown') ledger.clear(item);
	return result;
}

/** The record of what was accepted may show it only later: until then a later run cannot tell it. */
function mayShowLater(
	item: WriteItem,
	{ outcome }: Verdict,
	{ reading = notRead }: Evidence,
): boolean {
	const state = stateOf(reading);
	if (!state) return outcome === 'pendingProvider';
	return state.eventuallyConsistent === true && !isDone(item, state);
}

/** Accepted earlier in this execution: the same result once more. */
export function replayResult(item: WriteItem, accepted: SettledResult): ItemResult {
	const { outcome, effectiveAt, description, clause } = applyUserPolicy(item, accepted);
	const base = { ...baseResult(item, notRead), ...accepted };
	const email = accepted.email ?? item.email;
	const result = { ...base, outcome, effectiveAt, email, clause };
	if (isSuccess(outcome)) return result;
	const { attempts } = accepted;
	const facts = { attempts, description, clause };
	return { ...result, description, message: failureMessage({ ...item, email }, outcome, facts) };
}

/** The result of a dry run; the email and the end are those of the record. */
export function dryRunResult(item: WriteItem, reading: RecordReading, said: Verdict): ItemResult {
	const verdict = applyUserPolicy(item, said);
	return {
		...baseResult(item, reading),
		outcome: 'preview',
		effectiveAt: verdict.effectiveAt ?? null,
		clause: verdict.clause,
		...(verdict.planContinues && { planContinues: true }),
		preview: buildPreview(item, reading, verdict),
	};
}
