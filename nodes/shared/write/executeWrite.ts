import { monotonicNow } from '../contract/clock';
import { isEnded, isSuccess } from '../contract/outcome';
import type { Verdict } from '../contract/verdict';
import { laterDoubt } from '../model/doubt';
import {
	isDone,
	isNeverRetried,
	changesNothing,
	lockKey,
	unchangedMeansNothingHappened,
	recordLockKey,
	type WriteItem,
} from '../model/item';
import { notRead, reasonOf, stateOf, type RecordReading } from '../model/recordReading';
import type { ItemResult } from '../model/result';
import type { SettledResult, PriorState } from '../run/ledger';
import {
	handoverFrom,
	isUntouchedSince,
	withTargetLock,
	type AcceptedRequest,
	type Handover,
} from '../run/targetLock';
import { buildResult, dryRunResult, finish, replayResult } from './finish';
import { checkReplayGuard, hasGuards } from './guards';
import { preflight, settlesDoubt, type Preflight } from './preflight';
import { readRecord, readUntilSettled } from './readRecord';
import { submitWrite } from './submitWrite';
import type { WriteContext } from './writeContext';

/**
 * Carries out one write: prior state, record, preflight, then the dry run's preview, or the request,
 * its reconciliation with the record, and the result.
 * @throws Refusal where a guard fails; the signal's reason
 */
export async function executeWrite(context: WriteContext): Promise<ItemResult> {
	const { item } = context;
	const prior = priorState(context);
	if (prior.kind === 'settled') {
		checkReplayGuard(item, prior.result);
		if (prior.request === 'sameRequest') return replayResult(item, prior.result);
	}
	const known = await knownRecord(context, prior);
	if (prior.kind === 'settled' && !isActiveAgain(item, known.reading)) {
		const isUnclear = prior.request === 'otherEnd' && known.reading.kind !== 'found';
		return isUnclear ? otherEndAccepted(item, known.reading) : replayResult(item, prior.result);
	}
	const result = await withRecordLock(context, known);
	return prior.kind === 'none' ? result : { ...result, sentEarlier: true };
}

/** What the ledger knows of the item, and the doubt of the write before on its target. */
function priorState({ item, ledger, handover }: WriteContext): PriorState {
	if (item.dryRun || changesNothing(item)) return { kind: 'none' };
	const own = ledger.lookup(item);
	const doubt = laterDoubt(own.kind === 'inDoubt' ? own.doubt : undefined, handover?.doubt);
	return doubt ? { kind: 'inDoubt', doubt } : own;
}

/** What is known of a record before its write. */
interface KnownRecord {
	reading: RecordReading;
	/** Monotonic ms, before the record was read. */
	readAt: number;
	prior: PriorState;
}

/** The record, from the search or read where it is needed. */
async function knownRecord(context: WriteContext, prior: PriorState): Promise<KnownRecord> {
	const { item, handover, sendSignal } = context;
	const { searched } = item;
	const readAt = monotonicNow();
	const searchCounts = searched !== undefined && mayUseSearch(item, searched, handover);
	if (prior.kind === 'inDoubt' && !(searchCounts && isDone(item, searched.state))) {
		return { reading: await readUntilSettled(context, prior.doubt, sendSignal), readAt, prior };
	}
	if (searchCounts) {
		return { reading: { kind: 'found', state: searched.state }, readAt: searched.readAt, prior };
	}
	const isNeeded = prior.kind !== 'none' || handover || searched || needsRecord(item);
	const reading = isNeeded ? await readRecord(context, sendSignal) : notRead;
	return { reading, readAt, prior };
}

/** What the search showed counts for a dry run, and for a write that nothing has come before since. */
const mayUseSearch = (
	item: WriteItem,
	{ readAt }: Pick<KnownRecord, 'readAt'>,
	handover: Handover | undefined,
): boolean =>
	item.dryRun || (!handover && !hasGuards(item) && isUntouchedSince(lockKey(item), readAt));

function needsRecord(item: WriteItem): boolean {
	const { operation, values, dryRun, mayBeReplay } = item;
	return (
		dryRun ||
		mayBeReplay ||
		hasGuards(item) ||
		(operation.readsBeforeWrite?.(values) ?? operation.precondition !== undefined)
	);
}

/** What this execution ended before is active again: the request is a new one. */
function isActiveAgain(item: WriteItem, reading: RecordReading): boolean {
	const state = stateOf(reading);
	return state !== undefined && !isDone(item, state) && !state.eventuallyConsistent;
}

/**
 * Writes on one record follow one another, too, when they address it differently, by e-mail and by UID.
 * The lock on the target is held already, always in this order.
 */
async function withRecordLock(context: WriteContext, known: KnownRecord): Promise<ItemResult> {
	const { item, ledger, sendSignal } = context;
	const { operation, values } = item;
	const recordId = stateOf(known.reading)?.recordId ?? operation.recordId?.(values);
	if (recordId === undefined || item.dryRun) return await afterReading(context, known);
	const key = recordLockKey(item, recordId);
	return await withTargetLock(key, sendSignal, {
		target: recordId,
		async work(before) {
			const isFresh = !leavesMore(before, known.prior) && isUntouchedSince(key, known.readAt);
			return await afterReading(context, isFresh ? known : await readAgain(context, known, before));
		},
		leave: (result, before) => handoverFrom(item, ledger, { result, before }),
	});
}

/** Whether a write before has left more than the doubt that the record was read for. */
const leavesMore = (handover: Handover | undefined, prior: PriorState): boolean =>
	handover !== undefined &&
	!(prior.kind === 'inDoubt' && handover.doubt?.sentAtMonotonic === prior.doubt.sentAtMonotonic);

async function readAgain(
	context: WriteContext,
	{ prior }: KnownRecord,
	handover: Handover | undefined,
): Promise<KnownRecord> {
	const own = prior.kind === 'inDoubt' ? prior.doubt : undefined;
	const doubt = laterDoubt(own, handover?.doubt);
	const state: PriorState = doubt ? { kind: 'inDoubt', doubt } : prior;
	const readAt = monotonicNow();
	const { sendSignal } = context;
	const reading = doubt
		? await readUntilSettled(context, doubt, sendSignal)
		: await readRecord(context, sendSignal);
	return { reading, readAt, prior: state };
}

async function afterReading(context: WriteContext, known: KnownRecord): Promise<ItemResult> {
	const { item, ledger, handover } = context;
	const { reading, prior } = known;
	const isSettled = settlesDoubt(item, reading);
	// The record tells what became of the request in doubt, whatever ends the item now.
	if (prior.kind === 'inDoubt' && isSettled) ledger.clear(item);
	const flight = await preflight(context, reading, prior);
	if (item.dryRun || flight.kind !== 'go') return endWithoutRequest(context, flight, reading);
	const accepted = acceptedByOther(item, handover, reading);
	if (accepted) return finish(context, repeatedVerdict(item, accepted.result), { reading });
	if (item.mayBeReplay && isNeverRetried(item)) return unverifiableReplay(item, reading);
	return await submitWrite(context, reading, prior.kind === 'inDoubt' && !isSettled);
}

/** The result of a dry run, and of what preflight has ended. */
function endWithoutRequest(
	context: WriteContext,
	flight: Preflight,
	reading: RecordReading,
): ItemResult {
	const { item } = context;
	const { verdict } = flight;
	const isFailure = flight.kind === 'stop' && !isSuccess(verdict.outcome);
	if (item.dryRun && !isFailure) return dryRunResult(item, reading, verdict);
	if (flight.kind !== 'stop') return finish(context, verdict, { reading });
	const { result, retryAt } = flight;
	return buildResult(item, verdict, { answer: result?.answer, retryAt, reading });
}

/** For how long a record may not show a change yet, ms. */
const momentMs = 10_000;

/**
 * The same request that another write of this process got accepted a moment ago; the record may not
 * show it yet. Later, a record that would show it counts: the target is active again.
 */
function acceptedByOther(
	item: WriteItem,
	handover: Handover | undefined,
	reading: RecordReading,
): AcceptedRequest | undefined {
	const accepted = handover?.accepted;
	if (accepted?.request !== item.requestHash) return undefined;
	const state = stateOf(reading);
	const isMoment = monotonicNow() - accepted.at < momentMs;
	return isMoment || !state || !unchangedMeansNothingHappened(item, state) ? accepted : undefined;
}

/** What the write before has got accepted, as the result of this one. */
function repeatedVerdict({ provider }: WriteItem, accepted: SettledResult): Verdict {
	const { effectiveAt = null, planContinues } = accepted;
	const outcome =
		isEnded(accepted.outcome) && !planContinues ? 'alreadyCancelled' : accepted.outcome;
	const description = `${provider.displayName} accepted the same request a moment ago.`;
	return { outcome, effectiveAt, planContinues, description };
}

/** What is left to do for another end than the accepted one, only the record would tell. */
function otherEndAccepted(item: WriteItem, reading: RecordReading): ItemResult {
	const description = `Another item of this run got another end of "${item.target}" accepted. ${reasonOf(reading)}`;
	return buildResult(item, { outcome: 'refused', description }, { reading });
}

/** It may charge, and an unchanged record does not tell whether an earlier execution has sent it. */
function unverifiableReplay(item: WriteItem, reading: RecordReading): ItemResult {
	const { displayName } = item.provider;
	const description = `This execution may repeat an earlier one, and the record of ${displayName} does not tell whether that has sent it. Look it up in ${displayName}, then run it in a new execution, and not in a sub-workflow.`;
	return buildResult(item, { outcome: 'refused', description }, { reading });
}
