import type { IDataObject } from 'n8n-workflow';

import { asObject, textOf } from '../shared/contract/http';
import {
	endAt,
	endOfEnded,
	timeOf,
	toIsoUtc,
	type Candidate,
	type End,
	type RecordState,
} from '../shared/contract/record';

/** When the cancellation is to take effect; absent: any end that is scheduled counts. */
export type RequestedEnd = 'periodEnd' | 'termEnd' | 'immediately' | undefined;

/** Nothing runs any more, and nothing can be brought back. */
export const endedStates = ['expired', 'failed'];
/** A state that is not among these or the ended ones is of a newer API: nothing is concluded from it. */
export const runningStates = ['active', 'canceled', 'future', 'paused'];

/** What a request and its checks need of the record besides its state. */
export interface RecordValues {
	/** A part of the idempotency key. */
	recordVersion: string;
	/** An add-on is billed by usage, or the record does not tell. */
	billsUsage: boolean;
}

export const productOf = ({ plan }: IDataObject): string | undefined =>
	textOf(asObject(plan).name) ?? textOf(asObject(plan).code) ?? undefined;

export const emailOf = ({ account }: IDataObject): string | null => textOf(asObject(account).email);

function billsUsage({ add_ons }: IDataObject): boolean {
	if (!Array.isArray(add_ons)) return true;
	return (add_ons as unknown[]).some(
		(one) => asObject(asObject(one).add_on).add_on_type === 'usage',
	);
}

/** When the subscription ends if it is cancelled now. */
function requestedEnd(record: IDataObject, requested: RequestedEnd): End {
	if (requested === 'immediately') return { kind: 'atOnce' };
	if (requested === 'termEnd') return endAt(record.current_term_ends_at);
	return endAt(record.current_period_ends_at);
}

/** Times of one and the same end, which Recurly may round. */
const toleranceMs = 60_000;

/** The pending end comes later than the one asked for. */
function isTooLate(pending: End, asked: End): boolean {
	const [one, other] = [timeOf(pending), timeOf(asked)];
	return one !== null && other !== null && Date.parse(one) > Date.parse(other) + toleranceMs;
}

/** A "canceled" subscription runs until it expires. */
function endingOf(
	record: IDataObject,
	requested: RequestedEnd,
): Pick<RecordState, 'phase' | 'end' | 'matchesRequest'> {
	const asked = requestedEnd(record, requested);
	if (record.state !== 'canceled') {
		const isKnown = runningStates.includes(String(record.state));
		// Of a state that is not known, an undo is not taken for done either.
		return { phase: requested || isKnown ? 'active' : 'ended', end: asked };
	}
	const pending = endAt(record.expires_at);
	if (requested === undefined) return { phase: 'ended', end: pending };
	if (requested === 'immediately') return { phase: 'active', end: asked };
	if (isTooLate(pending, asked)) return { phase: 'active', end: pending };
	return { phase: 'ended', end: pending, matchesRequest: !isTooLate(asked, pending) };
}

/** The state of a subscription. */
export function toRecordState(
	record: IDataObject,
	requested?: RequestedEnd,
): RecordState | undefined {
	const status = textOf(record.state);
	if (status === null) return undefined;
	const canceledAt = toIsoUtc(record.canceled_at);
	const version = versionOf(record);
	const common = {
		status,
		email: emailOf(record),
		version,
		recordId: textOf(record.id) ?? undefined,
		values: { recordVersion: version, billsUsage: billsUsage(record) } satisfies RecordValues,
	};
	if (endedStates.includes(status)) {
		const end = endOfEnded(toIsoUtc(record.expires_at) ?? canceledAt);
		return { ...common, phase: 'ended', end, changedAt: timeOf(end) };
	}
	return { ...common, ...endingOf(record, requested), changedAt: canceledAt };
}

/** A text that changes with everything in the subscription that a user would want to know before a write. */
const versionOf = (record: IDataObject): string =>
	JSON.stringify([
		...[record.state, record.updated_at, record.canceled_at, record.expires_at],
		...[record.current_period_ends_at, record.current_term_ends_at, record.paused_at],
		billsUsage(record),
	]);

/** A row of a list as a candidate; undefined where it cannot be read. */
export function toCandidate(row: IDataObject, requested?: RequestedEnd): Candidate | undefined {
	const state = toRecordState(row, requested);
	const id = textOf(row.id);
	return state && id !== null ? { id, state, product: productOf(row), row } : undefined;
}
