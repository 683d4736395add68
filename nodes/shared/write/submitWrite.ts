import { isAccepted, isSuccess } from '../contract/outcome';
import { joinSentences } from '../contract/sentences';
import type { Verdict } from '../contract/verdict';
import { isRetryForbidden, requestWithRetry } from '../http/requestWithRetry';
import { isResponse, type CallResult } from '../http/response';
import type { Doubt } from '../model/doubt';
import { isDeduplicated, changesNothing, requestFor, type WriteItem } from '../model/item';
import {
	evidenceIn,
	reconcile,
	type Reconciliation,
	type RecordEvidence,
} from '../model/reconcile';
import {
	isCredentialRejected,
	notRead,
	reasonOf,
	stateOf,
	type RecordReading,
} from '../model/recordReading';
import type { ItemResult } from '../model/result';
import { Stopped } from '../run/executionContext';
import { interpretAttempt, isRepeatable, stoppedVerdict, type Attempt } from './attempt';
import { finish, type Evidence } from './finish';
import {
	alreadyDoneVerdict,
	explainedVerdict,
	notFoundVerdict,
	verdictAfterDoubt,
} from './preflight';
import { readAfterError, readRecord, readUntilSettled } from './readRecord';
import type { WriteContext } from './writeContext';

/** How far the attempts of one write have come. */
interface Progress {
	attempts: number;
	/** How many of them never left. */
	unsent: number;
	/** The last request whose result is not known. */
	doubt?: Doubt;
	/** A request of this item, an earlier execution's included, may have been accepted. */
	doubted: boolean;
	/** Idempotency keys that are used up. */
	usedKeys: number;
}

/**
 * Sends until the response is understood. A request is sent again, while attempts are left,
 * - if it never left this machine or the provider limits requests (429): after a pause;
 * - after no response or a 5xx: if the record, read until the request cannot run any more, has not changed
 *   as asked for and would show it; with an idempotency key (`deduplicated`) also where it does not tell;
 * - after a response that the provider keeps for the idempotency key: with another key, if the record is
 *   unchanged and would show the change;
 * - never after a 2xx, nor where an unchanged record proves nothing (`never`): that is `unknown`.
 * @param doubted an earlier request is in doubt, and the record has not settled it
 * @throws the signal's reason
 */
export async function submitWrite(
	context: WriteContext,
	before: RecordReading,
	doubted: boolean,
): Promise<ItemResult> {
	const { maxAttempts } = context.request;
	const progress: Progress = { attempts: 0, unsent: 0, doubted, usedKeys: 0 };
	for (;;) {
		const attemptsBefore = progress.attempts;
		const sending = await send(context, before, progress);
		if (sending.kind === 'stopped') {
			const { attempts } = progress;
			return finish(context, sending.verdict, { attempts, reading: before });
		}
		const { attempt } = sending;
		const { verdict, result } = attempt;
		const evidence: Evidence = { ...result, attempts: progress.attempts, reading: before };
		if (isSuccess(verdict.outcome) && !verdict.verify) {
			return await confirmAccepted(context, verdict, evidence);
		}
		if (!verdict.verify && !progress.doubted) return finish(context, verdict, evidence);
		const earlierDoubt = progress.doubted;
		progress.doubted ||= attempt.claim === 'unclear';
		const reading = await readAfter(context, attempt, progress);
		const shown = evidenceIn(context.item, { before, after: reading });
		const end = reconcile(attempt.claim, earlierDoubt, shown);
		const isOpen = hasRoundsLeft(progress.attempts, attemptsBefore, maxAttempts);
		if (isOpen && mayRetry(context, attempt, { end, shown })) {
			if (isKeySpent(attempt, shown)) progress.usedKeys++;
			continue;
		}
		const final = finalVerdict(context, attempt, {
			...{ end, shown, before, reading },
			doubt: progress.doubt,
		});
		const accepted = final.verified || attempt.claim === 'accepted';
		return finish(context, final, { ...evidence, reading, accepted });
	}
}

/** Where the account is limited for long nothing leaves, and no wait would come before another round. */
const hasRoundsLeft = (attempts: number, attemptsBefore: number, maxAttempts: number) =>
	attempts > attemptsBefore && attempts < maxAttempts;

/** What sending came to: a response or none, or the run was stopped between two attempts. */
type Sending = { kind: 'attempt'; attempt: Attempt } | { kind: 'stopped'; verdict: Verdict };

async function send(
	context: WriteContext,
	before: RecordReading,
	progress: Progress,
): Promise<Sending> {
	const { item, request, ledger, sendSignal } = context;
	const isWrite = !changesNothing(item);
	const wasDoubted = progress.doubted;
	try {
		const write = requestFor(item, stateOf(before), progress.usedKeys);
		const result = await requestWithRetry({ ...request, sendSignal }, write, {
			safe: !isWrite,
			maxAttempts: request.maxAttempts - progress.attempts,
			onAttempt() {
				progress.attempts++;
				if (isWrite) progress.doubt = ledger.markSending(item, request.timeout);
			},
			onNotAccepted(result) {
				if (!isResponse(result)) progress.unsent++;
				if (isWrite && !wasDoubted) ledger.clear(item);
			},
		});
		return { kind: 'attempt', attempt: interpretAttempt(item, result, before) };
	} catch (thrown) {
		const isClear = progress.attempts > progress.unsent && ledger.lookup(item).kind === 'none';
		return thrown instanceof Stopped && isClear
			? { kind: 'stopped', verdict: stoppedVerdict(item, thrown) }
			: await Promise.reject(thrown as Error);
	}
}

/** Reads the record after a response that is not believed without it. */
async function readAfter(
	context: WriteContext,
	{ claim, verdict, result: { answer } }: Attempt,
	{ attempts, doubt, doubted }: Progress,
): Promise<RecordReading> {
	const { signal } = context.request;
	const isClear = claim !== 'unclear' && claim !== 'contradictory';
	if (isClear && !verdict.needsNewKey) return await readRecord(context, signal);
	// An earlier request in doubt may be the one that is running.
	const hasEnded = (isClear && !doubted) || isProviderError(context.item, answer);
	if (hasEnded) return await readAfterError(context, answer, attempts);
	return doubt ? await readUntilSettled(context, doubt, signal, answer) : notRead;
}

/** Behind a gateway that gave up the request may still be running. */
const gatewayTimeouts = [504, 522, 524];

/** A 5xx in the API's own form: the provider has ended the request. */
const isProviderError = ({ provider }: WriteItem, answer: CallResult) =>
	isResponse(answer) &&
	answer.status >= 500 &&
	!gatewayTimeouts.includes(answer.status) &&
	provider.isOwnError(answer);

/** The provider repeats its response for the idempotency key, and has not carried out the request. */
const isKeySpent = ({ verdict }: Attempt, shown: RecordEvidence): boolean =>
	verdict.needsNewKey === true && shown === 'unchanged';

function mayRetry(
	{ item, sendSignal }: WriteContext,
	attempt: Attempt,
	{ end, shown }: { end: Reconciliation; shown: RecordEvidence },
): boolean {
	const isDropped = end === 'unknown' && isDeduplicated(item);
	const mayHelp = isRepeatable(attempt) && !isRetryForbidden(item.provider, attempt.result.answer);
	const isOpen = (end === 'retry' || isDropped) && mayHelp;
	return (isOpen || isKeySpent(attempt, shown)) && !sendSignal.aborted;
}

/** The record after the last attempt, and what it came to. */
interface RecordAfter {
	end: Reconciliation;
	shown: RecordEvidence;
	before: RecordReading;
	reading: RecordReading;
	/** The last request whose result is not known. */
	doubt?: Doubt;
}

/** What the response and the record together come to. */
function finalVerdict(
	{ item }: WriteContext,
	attempt: Attempt,
	{ end, shown, before, reading, doubt }: RecordAfter,
): Verdict {
	const { operation } = item;
	const { verdict } = attempt;
	const { description } = verdict;
	const state = stateOf(reading);
	const verdicts: Record<Reconciliation, () => Verdict> = {
		verified: () => (state ? verdictAfterDoubt(operation, state, doubt) : verdict),
		alreadyDone: () => (state ? alreadyDoneVerdict(operation, state) : verdict),
		trustResponse: () =>
			explainedVerdict(item, withoutBlame(verdict, { before, reading }), reading),
		notFound: () => notFoundVerdict(operation, description),
		notCancellable: () => ({ outcome: 'notCancellable', description }),
		unknown: () => ({ outcome: 'unknown', description: withReading(description, reading) }),
		retry: () => ({
			outcome: isRepeatable(attempt) && shown === 'unchanged' ? 'failed' : 'unknown',
			description: withReading(description, reading),
		}),
	};
	return verdicts[end]();
}

/**
 * The credential reads the record, so a 403 is about this write: it must not end the account's run. Where
 * it cannot be read afterwards, that it could be before counts, unless the credential is what is refused.
 */
function withoutBlame(
	verdict: Verdict,
	{ before, reading }: Pick<RecordAfter, 'before' | 'reading'>,
): Verdict {
	if (verdict.outcome !== 'unauthorized') return verdict;
	const wasReadable = before.kind === 'found' && !isCredentialRejected(reading);
	const isReadable = reading.kind === 'found' || wasReadable;
	return isReadable ? { ...verdict, outcome: 'notCancellable' } : verdict;
}

function withReading(description: string | undefined, reading: RecordReading): string {
	const status = stateOf(reading)?.status;
	const shown =
		status === undefined ? reasonOf(reading) : `It was read afterwards: still "${status}".`;
	return joinSentences(description, shown);
}

/** The provider accepted: the ledger learns that first, then the record is read where it decides. */
async function confirmAccepted(
	context: WriteContext,
	verdict: Verdict,
	evidence: Evidence,
): Promise<ItemResult> {
	const { operation, values } = context.item;
	const accepted = isAccepted(verdict.outcome);
	const result = finish(context, verdict, { ...evidence, accepted });
	if (!operation.confirm || operation.needsConfirmation?.(verdict) === false) return result;
	// Whatever becomes of this read: the item has been accepted.
	const { signal } = context.request;
	const reading = await readRecord(context, signal).catch(() => notRead);
	const confirmed = operation.confirm(stateOf(reading), verdict, values);
	return finish(context, confirmed, { ...evidence, reading, accepted });
}
