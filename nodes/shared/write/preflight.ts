import { isSuccess } from '../contract/outcome';
import type { WriteOperation } from '../contract/provider';
import { timeOf, type RecordState } from '../contract/record';
import { endVerdict, type Verdict } from '../contract/verdict';
import { requestWithRetry, type RequestResult } from '../http/requestWithRetry';
import type { Doubt } from '../model/doubt';
import {
	isDeduplicated,
	isDone,
	unchangedMeansNothingHappened,
	type WriteItem,
} from '../model/item';
import { interpretPreview } from '../model/interpretResponse';
import { reasonOf, stateOf, type RecordReading } from '../model/recordReading';
import type { PriorState } from '../run/ledger';
import { checkGuards } from './guards';
import type { WriteContext } from './writeContext';

/** What is known before the write is sent. */
export type Preflight =
	/** It may be sent; `verdict` is what it would come to. */
	| { kind: 'go'; verdict: Verdict }
	/** Nothing is left to do, as the record shows: that counts as done. */
	| { kind: 'done'; verdict: Verdict }
	/** It must not be sent. */
	| { kind: 'stop'; verdict: Verdict; result?: RequestResult; retryAt?: string };

interface Situation {
	context: WriteContext;
	reading: RecordReading;
	prior: PriorState;
}

/** Checks in this order; the first that does not let the item go on ends it. */
const checks: Array<(situation: Situation) => Preflight | undefined> = [
	checkDoubt,
	checkReadable,
	({ context: { item }, reading }) => void checkGuards(item, reading),
	checkUnique,
	checkExists,
	checkNotDone,
	checkPrecondition,
];

/** @throws Refusal where a guard fails; the signal's reason */
export async function preflight(
	context: WriteContext,
	reading: RecordReading,
	prior: PriorState,
): Promise<Preflight> {
	for (const check of checks) {
		const end = check({ context, reading, prior });
		if (end) return end;
	}
	return await checkProviderPreview(context, stateOf(reading));
}

/** The outcome that a record shows: it will end, or it has. */
export function doneVerdict({ effect }: WriteOperation, { phase, end }: RecordState): Verdict {
	if (effect === 'restore') return { outcome: 'restored', effectiveAt: null };
	return { ...endVerdict(end), ...(phase === 'continues' && { planContinues: true }) };
}

/** There was nothing left to do. */
export function alreadyDoneVerdict({ effect }: WriteOperation, state: RecordState): Verdict {
	if (effect === 'restore') return { outcome: 'restored', effectiveAt: null };
	return {
		outcome: 'alreadyCancelled',
		effectiveAt: timeOf(state.end),
		...(state.phase === 'continues' && { planContinues: true }),
	};
}

/**
 * What a record that is done says of a request in doubt: the request did it, unless the record has
 * another end than was asked for, or came into its state before.
 */
export function verdictAfterDoubt(
	operation: WriteOperation,
	state: RecordState,
	doubt: Doubt | undefined,
): Verdict {
	// A minute for clocks that differ; NaN, and so false, where either time is not known.
	const changedAt = new Date(state.changedAt ?? NaN).getTime();
	const isOlder = changedAt < (doubt?.firstSentAt ?? NaN) - 60_000;
	return state.matchesRequest === false || isOlder
		? alreadyDoneVerdict(operation, state)
		: { ...doneVerdict(operation, state), verified: true };
}

/** What it means that the provider does not know the target. */
export const notFoundVerdict = (
	{ referral }: WriteOperation,
	description: string | undefined,
): Verdict => ({ outcome: referral ? 'nothingToCancel' : 'notFound', description });

/** A refusal with what the record adds to it. */
export function explainedVerdict(
	{ operation, values }: WriteItem,
	verdict: Verdict,
	reading: RecordReading,
): Verdict {
	if (reading.kind !== 'found' || isSuccess(verdict.outcome)) return verdict;
	return operation.explainRefusal?.(verdict, reading.state, values) ?? verdict;
}

/** Whether the record tells what became of a request in doubt, which cannot be running any more. */
export const settlesDoubt = (item: WriteItem, reading: RecordReading): boolean =>
	reading.kind === 'missing' ||
	(reading.kind === 'found' &&
		(isDone(item, reading.state) || unchangedMeansNothingHappened(item, reading.state)));

/** After an attempt without a clear response only the record lets the item go on. */
function checkDoubt({ context: { item }, reading, prior }: Situation): Preflight | undefined {
	if (prior.kind !== 'inDoubt' && prior.kind !== 'settledElsewhere') return undefined;
	const state = stateOf(reading);
	if (prior.kind === 'inDoubt' && state && isDone(item, state)) {
		return { kind: 'done', verdict: verdictAfterDoubt(item.operation, state, prior.doubt) };
	}
	if (settlesDoubt(item, reading)) return undefined;
	const couldNotRead = reading.kind === 'failed' || reading.kind === 'ambiguous';
	if (prior.kind === 'inDoubt' && isDeduplicated(item) && !couldNotRead) return undefined;
	const why =
		prior.kind === 'inDoubt'
			? 'An earlier attempt had no clear response.'
			: 'An earlier attempt was accepted with another credential.';
	const description = [why, reasonOf(reading)].filter(Boolean).join(' ');
	return { kind: 'stop', verdict: { outcome: 'unknown', description } };
}

function checkReadable({ reading }: Situation): Preflight | undefined {
	if (reading.kind !== 'failed') return undefined;
	const { outcome, retryAt } = reading.failure;
	const description = `${reading.reason} It has to be read before anything is sent.`;
	return { kind: 'stop', verdict: { outcome, description }, retryAt };
}

function checkUnique({ reading }: Situation): Preflight | undefined {
	if (reading.kind !== 'ambiguous') return undefined;
	return { kind: 'stop', verdict: { outcome: 'refused', description: reasonOf(reading) } };
}

function checkExists({ context: { item }, reading }: Situation): Preflight | undefined {
	if (reading.kind !== 'missing') return undefined;
	const verdict = notFoundVerdict(item.operation, reading.description);
	return { kind: isSuccess(verdict.outcome) ? 'done' : 'stop', verdict };
}

function checkNotDone({ context: { item }, reading }: Situation): Preflight | undefined {
	const state = stateOf(reading);
	if (!state || !isDone(item, state)) return undefined;
	return { kind: 'done', verdict: alreadyDoneVerdict(item.operation, state) };
}

function checkPrecondition({ context: { item }, reading }: Situation): Preflight | undefined {
	const state = stateOf(reading);
	const verdict = state && item.operation.precondition?.(state, item.values);
	return verdict && { kind: 'stop', verdict };
}

/** The provider's own preview, in a dry run and where it is required. */
async function checkProviderPreview(
	{ item, request, sendSignal }: WriteContext,
	state: RecordState | undefined,
): Promise<Preflight> {
	const { provider, operation, values } = item;
	const preview = operation.preview?.({ ...values, ...state?.values });
	const simple = state ? doneVerdict(operation, state) : withoutRecord(operation);
	const predicted = () => operation.predict?.(state, values) ?? simple;
	if (!preview) return { kind: 'go', verdict: predicted() };
	if (!item.dryRun && !preview.required) return { kind: 'go', verdict: simple };
	const context = { ...request, sendSignal };
	const result = await requestWithRetry(context, preview.request, { safe: true });
	const verdict = interpretPreview(result.answer, provider, (response) =>
		preview.interpret(response),
	);
	const isReady = verdict.outcome === 'readyToConfirm';
	if (!isSuccess(verdict.outcome) || (!item.dryRun && !isReady)) {
		return { kind: 'stop', verdict, result, retryAt: result.retryAt };
	}
	return {
		kind: 'go',
		verdict: isReady && operation.predict ? withNote(predicted(), verdict) : verdict,
	};
}

/** What the preview says stands beside what is predicted. */
function withNote(predicted: Verdict, { description, money }: Verdict): Verdict {
	const notes = [predicted.description, description].filter(Boolean);
	return {
		...predicted,
		money: money ?? predicted.money,
		...(notes.length > 0 && { description: notes.join(' ') }),
	};
}

const withoutRecord = ({ effect }: WriteOperation): Verdict => ({
	outcome: effect === 'restore' ? 'restored' : 'cancelled',
	effectiveAt: null,
});
