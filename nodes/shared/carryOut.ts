import { asksForState, check, hasState, previewOf, type Seen } from './guard';
import type { Kept, Ledger } from './ledger';
import {
	defaultVerdict,
	isSuccess,
	messageFor,
	Refusal,
	words,
	type Outcome,
	type Result,
} from './outcome';
import { longestWait, pause } from './wire/pace';
import type { Call, Provider, Repeat, Reply, State, Verdict, WriteOperation } from './provider';
import {
	exchange,
	isReply,
	waitBefore,
	type Answer,
	type Exchange,
	type Manner,
} from './request';

/** The options of a write, with their defaults filled in. */
export interface Options {
	alreadyCancelled: 'success' | 'fail';
	expectedEmail?: string;
	expectedStatus?: string;
	planToken?: string;
	maxPerExecution: number;
	maxConcurrency: number;
	requestsPerMinute?: number;
	maxAttempts: number;
	timeout: number;
	includeResponse: boolean;
}

/** One item, ready to be carried out: everything that could be refused without a look has been. */
export interface Item {
	index: number;
	provider: Provider;
	name: string;
	operation: WriteOperation;
	values: Record<string, unknown>;
	options: Options;
	dryRun: boolean;
	/** Called by an AI agent. */
	agent: boolean;
	/** This execution repeats an earlier one, whose ledger may have been lost. */
	repeated: boolean;
	target: string;
	call: Call;
	/** Of provider, account, operation and values: equal items are equal here. */
	digest: string;
}

/** Carries out one write: ledger, guards, dry run, send, read the reply, settle doubt. */
export async function carryOut(item: Item, manner: Manner, ledger: Ledger): Promise<Result> {
	const { operation, index, digest, options } = item;
	const known = ledger.earlier(index, digest);
	if (known !== undefined && known !== 'doubt') return repeatOf(item, known);

	const mustLook =
		item.dryRun || asksForState(item) || known === 'doubt' || item.repeated || operation.before;
	const seen: Seen = mustLook ? await look(item, manner) : { unread: 'It was not asked for.' };
	check(item, manner.account, seen);
	if ('missing' in seen) {
		const verdict = unknownTarget(operation, seen);
		if (!isSuccess(verdict.outcome)) return ended(item, verdict);
		return item.dryRun ? preview(item, manner, seen, verdict) : finish(item, ledger, verdict, {});
	}
	if (hasState(seen) && isDone(operation, seen.state)) {
		const verdict: Verdict =
			known === 'doubt'
				? { ...carriedOut(operation, seen.state), verified: true }
				: { outcome: nothingLeft(operation), effectiveAt: seen.state.endsAt };
		return item.dryRun ? preview(item, manner, seen, verdict) : finish(item, ledger, verdict, {});
	}
	const early = hasState(seen) ? operation.before?.(seen.state, item.values) : undefined;
	if (early) return item.dryRun ? preview(item, manner, seen, early) : ended(item, early);
	const settled = hasState(seen) ? tellsAll(item, seen.state) : mayResend(item);
	if (known === 'doubt' && !settled) {
		const why = 'An earlier try of this execution had no clear answer.';
		return ended(item, { outcome: 'unknown', description: because(why, seen) });
	}

	const rehearsal = operation.rehearse?.(item.values);
	const state = hasState(seen) ? seen.state : undefined;
	let expected: Verdict = state
		? carriedOut(operation, state)
		: { outcome: doneOutcome(operation), effectiveAt: null };
	if (!rehearsal && operation.expect) expected = operation.expect(state, item.values);
	if (rehearsal && (item.dryRun || rehearsal.always)) {
		const { answer } = await exchange(manner, rehearsal.call, { harmless: true });
		const said = reading(answer, (reply) => rehearsal.read(reply), 'readyToConfirm', true);
		if (!isSuccess(said.outcome)) return ended(item, said, { answer });
		if (!item.dryRun && said.outcome !== 'readyToConfirm')
			return finish(item, undefined, said, { answer });
		expected =
			said.outcome === 'readyToConfirm' && operation.expect
				? operation.expect(state, item.values)
				: said;
	}
	if (item.dryRun) return preview(item, manner, seen, expected);
	return await send(item, manner, ledger, options.maxAttempts);
}

/** Sends until the answer is understood: at most `tries` times, and never blindly after a doubtful one. */
async function send(item: Item, manner: Manner, ledger: Ledger, tries: number): Promise<Result> {
	const { operation, index, digest, values } = item;
	let attempts = 0;
	let doubted = false;
	for (;;) {
		const sent = await exchange(manner, item.call, {
			harmless: mayResend(item),
			tries: tries - attempts,
			leaving: () => ledger.sending(index, digest),
			notAccepted: () => ledger.notAccepted(index),
		});
		attempts += sent.attempts;
		const { answer } = sent;
		const verdict = reading(
			answer,
			(reply) => operation.read?.(reply, values),
			doneOutcome(operation),
			repeatFor(item) === 'harmless',
		);
		const trail = { ...sent, attempts };
		if (isSuccess(verdict.outcome) && !verdict.ask)
			return await accept(item, manner, ledger, verdict, trail);
		if (!verdict.ask) {
			if (verdict.outcome !== 'unknown') ledger.notAccepted(index);
			return ended(item, verdict, trail);
		}

		const doubt = verdict.outcome === 'unknown';
		if (doubt) {
			doubted = true;
			await pause(
				Math.min(longestWait, waitBefore(attempts, answer, Date.now())),
				manner.cancelled,
			);
		}
		const seen = await look(item, manner);
		if (hasState(seen) && isDone(operation, seen.state)) {
			const settled: Verdict = doubted
				? { ...carriedOut(operation, seen.state), verified: true }
				: { outcome: nothingLeft(operation), effectiveAt: seen.state.endsAt };
			return finish(item, ledger, settled, trail);
		}
		if (isSuccess(verdict.outcome) && 'unread' in seen) return finish(item, ledger, verdict, trail);
		if (!doubt || 'missing' in seen) {
			const { description } = verdict;
			const told: Verdict =
				'missing' in seen
					? { description, ...unknownTarget(operation, seen) }
					: isSuccess(verdict.outcome)
						? { outcome: 'notCancellable', description }
						: verdict;
			ledger.notAccepted(index);
			return ended(item, told, trail);
		}
		if (!hasState(seen)) {
			const why = because(verdict.description, seen);
			return ended(item, { outcome: 'unknown', description: why }, trail);
		}
		const still = `${verdict.description} It was read afterwards: still "${seen.state.status}".`;
		// It may still be under way, and nobody may send it a second time.
		if (!tellsAll(item, seen.state)) {
			return ended(item, { outcome: 'unknown', description: still }, trail);
		}
		if (attempts >= tries) {
			ledger.notAccepted(index);
			return ended(item, { outcome: 'failed', description: still }, trail);
		}
	}
}

/** The provider accepted: first of all remember it, then see what it came to. */
async function accept(
	item: Item,
	manner: Manner,
	ledger: Ledger,
	verdict: Verdict,
	trail: Exchange,
): Promise<Result> {
	const { operation, values } = item;
	if (!operation.after) return finish(item, ledger, verdict, trail);
	finish(item, ledger, verdict, trail);
	// Whatever comes of this look: the item has been accepted.
	const seen = await look(item, manner).catch((): Seen => ({ unread: '' }));
	const settled = operation.after(hasState(seen) ? seen.state : undefined, verdict, values);
	return finish(item, ledger, settled, trail);
}

/** Reads the target's state. Never sends a write; a read may be repeated. */
async function look(item: Item, manner: Manner): Promise<Seen> {
	const how = item.operation.look(item.values);
	if ('blind' in how) return { unread: how.blind };
	const { answer } = await exchange(manner, how.call, { harmless: true });
	if (!isReply(answer)) return { unread: `Its state could not be read: ${answer.reason}.` };
	if (answer.status === 401 || answer.status === 403) {
		throw new Refusal('unauthorized', messageFor(item, 'unauthorized'), words(answer));
	}
	if (answer.status === 404) return { missing: true, answer };
	const state = answer.status < 300 ? how.as(answer) : undefined;
	if (state === 'missing') return { missing: true };
	if (state && 'blind' in state) return { unread: state.blind };
	return state ? { state } : { unread: `Its state could not be read: ${words(answer)}.` };
}

/**
 * What an answer means: the provider's own reading first, then the default table. No answer to a
 * call that changes nothing leaves no doubt.
 */
function reading(
	answer: Answer,
	own: (reply: Extract<Answer, { status: number }>) => Verdict | undefined,
	done: Outcome,
	changesNothing: boolean,
): Verdict {
	if (isReply(answer)) return own(answer) ?? defaultVerdict(answer, done);
	if (answer.sent === 'no') {
		return { outcome: 'failed', description: `It was not sent: ${answer.reason}.` };
	}
	const description = `It gave no answer: ${answer.reason}.`;
	return changesNothing
		? { outcome: 'failed', description }
		: { outcome: 'unknown', description, ask: true };
}

const because = (why: string | undefined, seen: Seen) =>
	[why, 'unread' in seen ? seen.unread : ''].filter(Boolean).join(' ');

/** What the provider says of a target that it does not know. */
const unknownTarget = (operation: WriteOperation, seen: { answer?: Reply }): Verdict =>
	(seen.answer && operation.missing?.(seen.answer)) ?? { outcome: 'notFound' };

const repeatFor = ({ operation: { repeat }, values }: Item): Repeat =>
	typeof repeat === 'function' ? repeat(values as never) : repeat;
const mayResend = (item: Item) => ['deduplicated', 'harmless'].includes(repeatFor(item));
/** A record that has not changed means that nothing has happened. */
const tellsAll = (item: Item, { lags }: State) => repeatFor(item) !== 'never' && !lags;
const doneOutcome = ({ effect }: WriteOperation): Outcome =>
	effect === 'cancel' ? 'cancelled' : 'restored';
const nothingLeft = ({ effect }: WriteOperation): Outcome =>
	effect === 'cancel' ? 'alreadyCancelled' : 'restored';
const isDone = ({ effect }: WriteOperation, { active }: State) => active === (effect === 'restore');

/** The outcome that a record shows: it will end, or it has. */
function carriedOut(operation: WriteOperation, { endsAt }: State): Verdict {
	const later = endsAt !== null && Date.parse(endsAt) > Date.now();
	const outcome = operation.effect === 'cancel' && later ? 'scheduled' : doneOutcome(operation);
	return { outcome, effectiveAt: operation.effect === 'cancel' ? endsAt : null };
}

const base = ({ name, target, values, dryRun }: Item) => ({
	operation: name,
	target,
	attempts: 0,
	reason: (values.reason ?? values.comment ?? null) as string | null,
	dryRun,
});

const repeatOf = (item: Item, kept: Kept): Result => ({ ...base(item), ...kept });

function preview(item: Item, manner: Manner, seen: Seen, verdict: Verdict): Result {
	const { outcome, effectiveAt = null, description } = verdict;
	const wouldBe = { outcome, effectiveAt, ...(description && { note: description }) };
	const shown = previewOf(item, manner.account, seen, wouldBe);
	return { ...base(item), outcome: 'preview', preview: shown };
}

/** A success. With a ledger it is remembered before anything else happens. */
function finish(
	item: Item,
	ledger: Ledger | undefined,
	{ outcome, effectiveAt, verified, goesOn, description }: Verdict,
	{ answer, attempts = 0 }: Partial<Exchange>,
): Result {
	if (outcome === 'alreadyCancelled' && item.options.alreadyCancelled === 'fail') {
		ledger?.notAccepted(item.index);
		return ended(
			item,
			{ outcome: 'notCancellable', description: 'It was already cancelled.' },
			{ answer, attempts },
		);
	}
	const reply = answer && isReply(answer) ? answer : undefined;
	const result: Result = {
		...base(item),
		outcome,
		effectiveAt: effectiveAt ?? null,
		requestedAt: attempts > 0 && outcome !== 'alreadyCancelled' ? new Date().toISOString() : null,
		attempts,
		httpStatus: reply?.status,
		description,
	};
	if (verified) result.verified = true;
	if (goesOn) result.goesOn = true;
	ledger?.accepted(item.index, item.digest, result);
	if (item.options.includeResponse && reply && typeof reply.body === 'object') {
		result.response = reply.body;
	}
	return result;
}

/** An item that ends without a success: what happened, then how to get on. */
function ended(
	item: Item,
	verdict: Verdict,
	{ answer, attempts = 0, comeBackAt }: Partial<Exchange> = {},
): Result {
	const { outcome, description } = verdict;
	if (isSuccess(outcome)) return finish(item, undefined, verdict, { answer, attempts });
	return {
		...base(item),
		outcome,
		attempts,
		httpStatus: answer && isReply(answer) ? answer.status : undefined,
		message: messageFor(item, outcome, attempts, comeBackAt),
		description,
	};
}
