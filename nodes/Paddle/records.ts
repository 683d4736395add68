import type { IDataObject } from 'n8n-workflow';

import { asObject, textOf } from '../shared/contract/http';
import {
	endAt,
	endOfEnded,
	toIsoUtc,
	type Candidate,
	type End,
	type RecordState,
} from '../shared/contract/record';

/** When the cancellation is to take effect; absent: any end that is scheduled counts. */
export type RequestedEnd = 'periodEnd' | 'immediately' | undefined;

/** A status that is not among these is of a newer API: nothing is concluded from it. */
export const runningStatuses = ['active', 'past_due', 'paused', 'trialing'];

/** The name of the first item's product. */
export function productOf({ items }: IDataObject): string | undefined {
	const [first] = Array.isArray(items) ? (items as unknown[]).map(asObject) : [];
	return textOf(asObject(first?.product).name) ?? undefined;
}

/** A scheduled pause or resumption is no end. */
function pendingEnd({ status, scheduled_change }: IDataObject): End | undefined {
	const { action, effective_at } = asObject(scheduled_change);
	const isKnown = runningStatuses.includes(String(status));
	return action === 'cancel' && isKnown ? endAt(effective_at) : undefined;
}

/** When the present period ends; a paused subscription has none. */
const periodEnd = ({ current_billing_period, next_billed_at }: IDataObject): End => {
	const end = endAt(asObject(current_billing_period).ends_at);
	return end.kind === 'at' ? end : endAt(next_billed_at);
};

/** The state of a subscription. */
export function toRecordState(
	record: IDataObject,
	email: string | null,
	requested?: RequestedEnd,
): RecordState | undefined {
	const status = textOf(record.status);
	if (status === null) return undefined;
	const common = { status, email, version: versionOf(record) };
	if (status === 'canceled') {
		const canceledAt = toIsoUtc(record.canceled_at);
		return { ...common, phase: 'ended', end: endOfEnded(canceledAt), changedAt: canceledAt };
	}
	const renewsAt = toIsoUtc(record.next_billed_at);
	const pending = requested === 'immediately' ? undefined : pendingEnd(record);
	if (pending) return { ...common, phase: 'ended', end: pending, renewsAt };
	const end: End = requested === 'immediately' ? { kind: 'atOnce' } : periodEnd(record);
	// Of a status that is not known, an undo is not taken for done either.
	const isUnclear = !requested && !runningStatuses.includes(status);
	return { ...common, phase: isUnclear ? 'ended' : 'active', end, renewsAt };
}

/** A text that changes with everything in the subscription that a user would want to know before a write. */
const versionOf = (record: IDataObject): string =>
	JSON.stringify([
		record.status,
		record.updated_at,
		record.next_billed_at,
		record.scheduled_change,
	]);

/** A row of a list as a candidate; undefined where it cannot be read. */
export function toCandidate(
	row: IDataObject,
	email: string | null,
	requested?: RequestedEnd,
): Candidate | undefined {
	const state = toRecordState(row, email, requested);
	const id = textOf(row.id);
	return state && id !== null ? { id, state, product: productOf(row), row } : undefined;
}
