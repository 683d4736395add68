import { isDone, unchangedMeansNothingHappened, type WriteItem } from './item';
import { stateOf, type RecordReading } from './recordReading';

/** What the response to a write says, where it is not believed without the record. */
export type ResponseClaim =
	/** The write was carried out. */
	| 'accepted'
	/** There was nothing left to do. */
	| 'nothingToDo'
	/** There was nothing left to do, or no such target, although the record showed otherwise a moment ago. */
	| 'contradictory'
	/** The provider refuses. */
	| 'rejected'
	/** No response, a 5xx, a redirect, a response of a gateway, or a 2xx without the record. */
	| 'unclear';

/** What the record shows afterwards. */
export type RecordEvidence =
	/** Nothing is left to do for this target. */
	| 'done'
	/** Unchanged, and a change would show. */
	| 'unchanged'
	/** Something is left to do, but it is not what it was before the write; who changed it is not known. */
	| 'changed'
	/** Unchanged, but a change may show later. */
	| 'notYetVisible'
	| 'missing'
	| 'unreadable';

export type Reconciliation =
	/** The write was carried out, as the record shows. */
	| 'verified'
	/** It had ended before: there was nothing left to do. */
	| 'alreadyDone'
	| 'trustResponse'
	| 'notFound'
	| 'notCancellable'
	| 'unknown'
	/** What was asked for has not happened: the request may be sent again, where attempts are left. */
	| 'retry';

type ByEvidence = Record<RecordEvidence, Reconciliation>;

const accepted: ByEvidence = {
	done: 'verified',
	unchanged: 'unknown',
	changed: 'unknown',
	notYetVisible: 'trustResponse',
	missing: 'unknown',
	unreadable: 'trustResponse',
};
const unclear: ByEvidence = {
	done: 'verified',
	unchanged: 'retry',
	changed: 'retry',
	notYetVisible: 'unknown',
	missing: 'notFound',
	unreadable: 'unknown',
};

/**
 * Every case there is; docs/promises.md prints this table. `doubted`: an earlier request for this item
 * is in doubt.
 */
export const reconciliation: Record<ResponseClaim, Record<'clear' | 'doubted', ByEvidence>> = {
	accepted: { clear: accepted, doubted: accepted },
	nothingToDo: {
		clear: {
			done: 'alreadyDone',
			unchanged: 'notCancellable',
			changed: 'notCancellable',
			notYetVisible: 'notCancellable',
			missing: 'notFound',
			unreadable: 'trustResponse',
		},
		doubted: {
			done: 'verified',
			unchanged: 'notCancellable',
			changed: 'unknown',
			notYetVisible: 'unknown',
			missing: 'notFound',
			unreadable: 'unknown',
		},
	},
	contradictory: {
		clear: {
			done: 'alreadyDone',
			unchanged: 'unknown',
			changed: 'unknown',
			notYetVisible: 'unknown',
			missing: 'notFound',
			unreadable: 'unknown',
		},
		doubted: {
			done: 'verified',
			unchanged: 'unknown',
			changed: 'unknown',
			notYetVisible: 'unknown',
			missing: 'notFound',
			unreadable: 'unknown',
		},
	},
	rejected: {
		clear: {
			done: 'alreadyDone',
			unchanged: 'trustResponse',
			changed: 'trustResponse',
			notYetVisible: 'trustResponse',
			missing: 'notFound',
			unreadable: 'trustResponse',
		},
		doubted: {
			done: 'verified',
			unchanged: 'trustResponse',
			changed: 'unknown',
			notYetVisible: 'unknown',
			missing: 'notFound',
			unreadable: 'unknown',
		},
	},
	unclear: { clear: unclear, doubted: unclear },
};

/** What the response and the record come to together. Pure. */
export const reconcile = (
	claim: ResponseClaim,
	doubted: boolean,
	evidence: RecordEvidence,
): Reconciliation => reconciliation[claim][doubted ? 'doubted' : 'clear'][evidence];

/** What the record shows after a write, beside what it was before. */
export function evidenceIn(
	item: WriteItem,
	{ before, after }: Record<'before' | 'after', RecordReading>,
): RecordEvidence {
	if (after.kind === 'missing') return 'missing';
	if (after.kind !== 'found') return 'unreadable';
	if (isDone(item, after.state)) return 'done';
	if (!unchangedMeansNothingHappened(item, after.state)) return 'notYetVisible';
	const versionBefore = stateOf(before)?.version ?? after.state.version;
	return versionBefore === after.state.version ? 'unchanged' : 'changed';
}
