import { abortableSleep, now } from '../contract/clock';
import type { ApiResponse } from '../contract/http';
import { isSuccess, isAccepted } from '../contract/outcome';
import type { Verdict } from '../contract/verdict';
import { requestWithRetry, retryDelay, type RequestContext } from '../http/requestWithRetry';
import { maxWaitMs } from '../http/rateLimiter';
import { isResponse, type CallResult } from '../http/response';
import { finish, type Evidence } from './finish';
import { verdictAfterDoubt, alreadyDoneVerdict, notFoundVerdict } from './preflight';
import { isIdempotent, isDone, isSafe, recordIsConclusive, type WriteItem } from '../model/item';
import type { Ledger } from '../run/ledger';
import { interpretWrite, interpretPreview } from '../model/interpretResponse';
import { readRecord } from './readRecord';
import { hasState, isConfirmedMissing, stateOf, type RecordReading } from '../model/recordReading';
import type { ItemResult } from '../model/result';
import {
	reconcile,
	type ResponseClaim,
	type Reconciliation,
	type RecordEvidence,
} from '../model/reconcile';

/** A call without an answer may still be running for so long, milliseconds, or for its own time-out. */
const inFlightMs = 10_000;

/**
 * Sends until the answer is understood, and never blindly after a doubtful one.
 * @param doubted an earlier try is in doubt, and the record has not settled it
 */
export async function submitWrite(
	item: WriteItem,
	manner: RequestContext,
	ledger: Ledger,
	before: RecordReading,
	doubted: boolean,
): Promise<ItemResult> {
	const { operation, values } = item;
	const remembers = !isSafe(item);
	const sentAt = ledger.sentAt(item) ?? now();
	let attempts = 0;
	for (;;) {
		const sent = await requestWithRetry(manner, item.request, {
			safe: !remembers,
			maxAttempts: manner.maxAttempts - attempts,
			onAttempt: () => remembers && ledger.markSending(item),
			onNotAccepted: () => remembers && !doubted && ledger.clear(item),
		});
		attempts += sent.attempts;
		const { answer } = sent;
		const own = (reply: ApiResponse) => operation.interpret?.(reply, values as never);
		const verdict = remembers ? interpretWrite(answer, own) : interpretPreview(answer, own);
		const trail: Evidence = { ...sent, attempts, seen: before };
		if (isSuccess(verdict.outcome) && !verdict.verify) {
			return await confirmAccepted(item, manner, ledger, verdict, trail);
		}
		if (!verdict.verify && !doubted) return finish(item, ledger, verdict, trail);
		const said: ResponseClaim = isSuccess(verdict.outcome)
			? 'done'
			: verdict.outcome === 'unknown'
				? 'doubt'
				: 'no';
		doubted ||= said === 'doubt';
		const seen =
			said === 'doubt'
				? await awaitRecord(item, manner, answer, attempts)
				: await readRecord(item, manner);
		const settled = reconcile(said, doubted, evidenceIn(item, seen));
		const again = settled === 'again' || (said === 'doubt' && mayRetryUnverified(item, settled));
		const mayGoOn = !isResponse(answer) || answer.status >= 500;
		if (again && mayGoOn && attempts < manner.maxAttempts) continue;
		const told = verdictFor(item, settled, { verdict, seen, sentAt, mayGoOn });
		return finish(item, ledger, told, { ...trail, seen, accepted: told.verified });
	}
}

function evidenceIn(item: WriteItem, seen: RecordReading): RecordEvidence {
	if (isConfirmedMissing(seen)) return 'missing';
	if (!hasState(seen)) return 'unread';
	if (isDone(item, seen.state)) return 'done';
	return recordIsConclusive(item, seen.state) ? 'open' : 'lags';
}

/** The provider drops a second call with the same key, whatever became of the first. */
const mayRetryUnverified = (item: WriteItem, settled: Reconciliation) =>
	settled === 'unknown' && isIdempotent(item);

/** A settled case in the words of an outcome. */
function verdictFor(
	{ operation }: WriteItem,
	settled: Reconciliation,
	about: { verdict: Verdict; seen: RecordReading; sentAt: number; mayGoOn: boolean },
): Verdict {
	const { verdict, seen, sentAt, mayGoOn } = about;
	const { description } = verdict;
	const state = stateOf(seen);
	const read =
		'unread' in seen ? seen.unread : state && `It was read afterwards: still "${state.status}".`;
	const both = [description, read].filter(Boolean).join(' ');
	switch (settled) {
		case 'verified':
			return state ? verdictAfterDoubt(operation, state, sentAt) : verdict;
		case 'nothingLeft':
			return state ? alreadyDoneVerdict(operation, state.endsAt) : verdict;
		case 'notFound':
			return { description, ...notFoundVerdict(operation, seen) };
		case 'asSaid':
			return verdict;
		case 'notCancellable':
			return { outcome: 'notCancellable', description };
		case 'unknown':
		case 'again':
			// A 2xx that is no record of it may be carried out later.
			return { outcome: settled === 'again' && mayGoOn ? 'failed' : 'unknown', description: both };
	}
}

/**
 * Reads the record after doubt. Silence is not an answer: until the call cannot be running any more
 * the record is read again and again, so that nothing goes out beside it, not even what comes
 * next. After a 5xx of the provider itself one look is enough; behind a gateway that gave up (504, 522,
 * 524) the call may still be running.
 */
async function awaitRecord(
	item: WriteItem,
	manner: RequestContext,
	answer: CallResult,
	attempts: number,
): Promise<RecordReading> {
	const isOver =
		isResponse(answer) && answer.status >= 500 && ![504, 522, 524].includes(answer.status);
	const until = now() + (isOver ? 0 : Math.max(manner.timeout, inFlightMs));
	for (let tries = isOver ? attempts : 1; ; tries++) {
		const left = Math.max(0, until - now());
		const wait = Math.min(maxWaitMs, retryDelay(tries, answer, now()));
		await abortableSleep(isOver ? wait : Math.min(wait, left), manner.signal);
		const seen = await readRecord(item, manner);
		if (isConclusive(item, seen) || now() >= until) return seen;
	}
}

/** It shows the change or that there is no such record; or it never will. */
const isConclusive = (item: WriteItem, seen: RecordReading) =>
	hasState(seen)
		? isDone(item, seen.state)
		: isConfirmedMissing(seen) || ('unread' in seen && !seen.failed);

/** The provider accepted: first of all remember it, then see what it came to. */
async function confirmAccepted(
	item: WriteItem,
	manner: RequestContext,
	ledger: Ledger,
	verdict: Verdict,
	trail: Evidence,
): Promise<ItemResult> {
	const { operation, values } = item;
	const accepted = isAccepted(verdict.outcome);
	const remembered = finish(item, ledger, verdict, { ...trail, accepted });
	if (!operation.confirm) return remembered;
	// Whatever comes of this look: the item has been accepted.
	const seen = await readRecord(item, manner).catch((): RecordReading => ({ unread: '' }));
	const settled = operation.confirm(stateOf(seen), verdict, values as never);
	return finish(item, ledger, settled, { ...trail, seen, accepted });
}
