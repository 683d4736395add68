import type { Reply } from '../contract/call';
import { isSuccess, isTaken } from '../contract/outcome';
import type { Verdict } from '../contract/verdict';
import { exchange, waitBefore, type Manner } from '../wire/exchange';
import { longestWait, pause } from '../wire/pace';
import { isReply, type Answer } from '../wire/silence';
import { conclude, type Trail } from './conclude';
import { afterDoubt, nothingLeft, unknownTarget } from './forecast';
import { isDeduplicated, isDone, onlyAsks, tellsAll, type Item } from './item';
import type { Ledger } from './ledger';
import { meaningOf, meaningOfAsking } from './meaning';
import { look } from './record';
import { hasState, isMissing, stateOf, type Seen } from './seen';
import type { Result } from './result';
import { settle, type Said, type Settled, type Shown } from './settle';

/** A call without an answer may still be running for so long, milliseconds, or for its own time-out. */
const mayStillRun = 10_000;

/**
 * Sends until the answer is understood, and never blindly after a doubtful one.
 * @param doubted an earlier try is in doubt, and the record has not settled it
 */
export async function send(
	item: Item,
	manner: Manner,
	ledger: Ledger,
	before: Seen,
	doubted: boolean,
): Promise<Result> {
	const { operation, values } = item;
	const remembers = !onlyAsks(item);
	const sentAt = ledger.sentAt(item) ?? Date.now();
	let attempts = 0;
	for (;;) {
		const sent = await exchange(manner, item.call, {
			harmless: !remembers,
			tries: manner.maxAttempts - attempts,
			leaving: () => remembers && ledger.sending(item),
			notAccepted: () => remembers && !doubted && ledger.forget(item),
		});
		attempts += sent.attempts;
		const { answer } = sent;
		const own = (reply: Reply) => operation.read?.(reply, values as never);
		const verdict = remembers ? meaningOf(answer, own) : meaningOfAsking(answer, own);
		const trail: Trail = { ...sent, attempts, seen: before };
		if (isSuccess(verdict.outcome) && !verdict.ask) {
			return await accept(item, manner, ledger, verdict, trail);
		}
		if (!verdict.ask && !doubted) return conclude(item, ledger, verdict, trail);
		const said: Said = isSuccess(verdict.outcome)
			? 'done'
			: verdict.outcome === 'unknown'
				? 'doubt'
				: 'no';
		doubted ||= said === 'doubt';
		const seen =
			said === 'doubt' ? await readOn(item, manner, answer, attempts) : await look(item, manner);
		const settled = settle(said, doubted, shown(item, seen));
		const again = settled === 'again' || (said === 'doubt' && mayTryBlindly(item, settled));
		const mayGoOn = !isReply(answer) || answer.status >= 500;
		if (again && mayGoOn && attempts < manner.maxAttempts) continue;
		const told = verdictOf(item, settled, { verdict, seen, sentAt, mayGoOn });
		return conclude(item, ledger, told, { ...trail, seen, accepted: told.verified });
	}
}

function shown(item: Item, seen: Seen): Shown {
	if (isMissing(seen)) return 'missing';
	if (!hasState(seen)) return 'unread';
	if (isDone(item, seen.state)) return 'done';
	return tellsAll(item, seen.state) ? 'open' : 'lags';
}

/** The provider drops a second call with the same key, whatever became of the first. */
const mayTryBlindly = (item: Item, settled: Settled) =>
	settled === 'unknown' && isDeduplicated(item);

/** A settled case in the words of an outcome. */
function verdictOf(
	{ operation }: Item,
	settled: Settled,
	about: { verdict: Verdict; seen: Seen; sentAt: number; mayGoOn: boolean },
): Verdict {
	const { verdict, seen, sentAt, mayGoOn } = about;
	const { description } = verdict;
	const state = stateOf(seen);
	const read =
		'unread' in seen ? seen.unread : state && `It was read afterwards: still "${state.status}".`;
	const both = [description, read].filter(Boolean).join(' ');
	switch (settled) {
		case 'verified':
			return state ? afterDoubt(operation, state, sentAt) : verdict;
		case 'nothingLeft':
			return state ? nothingLeft(operation, state.endsAt) : verdict;
		case 'notFound':
			return { description, ...unknownTarget(operation, seen) };
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
async function readOn(item: Item, manner: Manner, answer: Answer, attempts: number): Promise<Seen> {
	const isOver =
		isReply(answer) && answer.status >= 500 && ![504, 522, 524].includes(answer.status);
	const until = Date.now() + (isOver ? 0 : Math.max(manner.timeout, mayStillRun));
	for (let tries = isOver ? attempts : 1; ; tries++) {
		const left = Math.max(0, until - Date.now());
		const wait = Math.min(longestWait, waitBefore(tries, answer, Date.now()));
		await pause(isOver ? wait : Math.min(wait, left), manner.cancelled);
		const seen = await look(item, manner);
		if (isAnswered(item, seen) || Date.now() >= until) return seen;
	}
}

/** It shows the change or that there is no such record; or it never will. */
const isAnswered = (item: Item, seen: Seen) =>
	hasState(seen) ? isDone(item, seen.state) : isMissing(seen) || ('unread' in seen && !seen.failed);

/** The provider accepted: first of all remember it, then see what it came to. */
async function accept(
	item: Item,
	manner: Manner,
	ledger: Ledger,
	verdict: Verdict,
	trail: Trail,
): Promise<Result> {
	const { operation, values } = item;
	const accepted = isTaken(verdict.outcome);
	const remembered = conclude(item, ledger, verdict, { ...trail, accepted });
	if (!operation.after) return remembered;
	// Whatever comes of this look: the item has been accepted.
	const seen = await look(item, manner).catch((): Seen => ({ unread: '' }));
	const settled = operation.after(stateOf(seen), verdict, values as never);
	return conclude(item, ledger, settled, { ...trail, seen, accepted });
}
