import type { IDataObject } from 'n8n-workflow';

import { formatAmount } from '../shared/contract/amount';
import { asObject, textOf } from '../shared/contract/http';
import {
	endOfEnded,
	secondsToIso,
	timeOf,
	type Candidate,
	type End,
	type RecordState,
} from '../shared/contract/record';

/** The end that a cancellation asks for. */
export interface RequestedEnd {
	when: 'periodEnd' | 'immediately' | 'date';
	/** UTC ISO 8601; only of a date. */
	cancelAt?: string;
}

/** What an undo has to clear: `cancel_at_period_end`, or `cancel_at` alone. */
export interface PendingEnd {
	clears: 'flag' | 'time';
}

/** Nothing runs any more, and nothing can be brought back. */
export const endedStatuses = ['canceled', 'incomplete_expired'];
/** A status that is not among these or the ended ones is of a newer API: nothing is concluded from it. */
export const runningStatuses = ['active', 'incomplete', 'past_due', 'paused', 'trialing', 'unpaid'];

/** `channel` of a subscription that a schedule manages: only the schedule can set its end. */
export const scheduleChannel = 'subscription schedule';

/**
 * The idempotency key of this node's requests, by `keyFor`: the engine's, and a hash of the parameters.
 * The trigger knows them by it.
 */
const ownKeyForm = /^n8n-[A-Za-z0-9_-]{22}-[0-9a-f]{12}$/;
export const isOwnKey = (key: unknown): boolean => typeof key === 'string' && ownKeyForm.test(key);

/** Stripe counts whole seconds. */
export const toSeconds = (at: string): number => Math.floor(Date.parse(at) / 1000);

/** Test mode, or a sandbox. */
export const isTest = ({ livemode }: IDataObject): boolean => livemode === false;

/** An ID, or the object where it was expanded. */
export const customerOf = ({ customer }: IDataObject): string | null =>
	textOf(customer) ?? textOf(asObject(customer).id);

/** Since the version 2025-03-31.basil the period stands on the items. */
const itemsOf = ({ items }: IDataObject): IDataObject[] => {
	const { data } = asObject(items);
	return Array.isArray(data) ? (data as unknown[]).map(asObject) : [];
};

/** The first of a subscription's items: its price, such as "Pro" or "19.99 usd/month". */
export function productOf(record: IDataObject): string | undefined {
	const price = asObject(itemsOf(record)[0]?.price);
	const { nickname, unit_amount, currency, recurring, product } = price;
	const name = textOf(nickname);
	if (name !== null) return name;
	if (typeof unit_amount !== 'number') return textOf(product) ?? undefined;
	const amount = formatAmount(unit_amount, String(currency));
	return `${amount} per ${textOf(asObject(recurring).interval) ?? 'period'}`;
}

/** The end of the earliest period: with mixed intervals there are several. */
function periodEnd(record: IDataObject): End {
	const ends = itemsOf(record)
		.map(({ current_period_end }) => current_period_end)
		.filter((at): at is number => typeof at === 'number');
	const at = ends.length === 0 ? null : secondsToIso(Math.min(...ends));
	return at === null ? { kind: 'unknown' } : { kind: 'at', at };
}

/**
 * The end that is fixed already; undefined: none. Flexible billing sets `cancel_at` alone, and classic
 * billing both. https://docs.stripe.com/billing/subscriptions/billing-mode
 */
function pendingEnd(record: IDataObject): End | undefined {
	const at = secondsToIso(record.cancel_at);
	if (at !== null) return { kind: 'at', at };
	return record.cancel_at_period_end === true ? periodEnd(record) : undefined;
}

function requestedEnd(record: IDataObject, { when, cancelAt }: RequestedEnd): End {
	if (when === 'immediately') return { kind: 'atOnce' };
	if (when === 'periodEnd') return periodEnd(record);
	return cancelAt === undefined ? { kind: 'unknown' } : { kind: 'at', at: cancelAt };
}

/** The pending end comes no later than the one asked for. */
function isSoonEnough(pending: End, requested: End): boolean {
	const [one, other] = [timeOf(pending), timeOf(requested)];
	if (one === null || other === null) return requested.kind === 'unknown';
	return toSeconds(one) <= toSeconds(other);
}

/**
 * The state of a subscription.
 * @param requested the end that is asked for; absent: any end that is fixed counts
 */
export function toRecordState(
	record: IDataObject,
	email: string | null,
	requested?: RequestedEnd,
): RecordState | undefined {
	const status = textOf(record.status);
	if (status === null) return undefined;
	const canceledAt = secondsToIso(record.canceled_at);
	const common = {
		status,
		email,
		version: versionOf(record),
		changedAt: canceledAt,
		...(textOf(record.schedule) !== null && { channel: scheduleChannel }),
	};
	if (endedStatuses.includes(status)) {
		const end = endOfEnded(secondsToIso(record.ended_at) ?? canceledAt);
		return { ...common, phase: 'ended', end };
	}
	return { ...common, ...endingOf(record, requested) };
}

/** Phase and end of a subscription that has not ended. */
function endingOf(
	record: IDataObject,
	requested: RequestedEnd | undefined,
): Pick<RecordState, 'phase' | 'end' | 'matchesRequest' | 'values'> {
	const wanted = requested ? requestedEnd(record, requested) : undefined;
	const isKnown = runningStatuses.includes(String(record.status));
	const pending = isKnown ? pendingEnd(record) : undefined;
	if (pending && (!wanted || isSoonEnough(pending, wanted))) {
		const matchesRequest = !wanted || isSoonEnough(wanted, pending);
		const values = { clears: clearedBy(record) } satisfies PendingEnd;
		return { phase: 'ended', end: pending, matchesRequest, ...(!wanted && { values }) };
	}
	// Of a status that is not known, an undo is not taken for done either.
	if (!wanted && !isKnown) return { phase: 'ended', end: periodEnd(record) };
	return { phase: 'active', end: wanted ?? periodEnd(record) };
}

/** A text that changes with everything in the subscription that a user would want to know before a write. */
const versionOf = (record: IDataObject): string =>
	JSON.stringify([
		...[record.status, record.cancel_at, record.cancel_at_period_end, record.canceled_at],
		...[record.trial_end, record.pause_collection, record.collection_method],
		asObject(record.schedule).id ?? record.schedule ?? null,
		itemsOf(record).map(({ id, price, quantity, current_period_end }) => [
			...[id, asObject(price).id, quantity, current_period_end],
		]),
	]);

const clearedBy = ({ cancel_at_period_end }: IDataObject): PendingEnd['clears'] =>
	cancel_at_period_end === true ? 'flag' : 'time';

/** A row of a list as a candidate; undefined where it cannot be read. */
export function toCandidate(
	row: IDataObject,
	email: string | null,
	requested?: RequestedEnd,
): Candidate | undefined {
	const state = toRecordState(row, email, requested);
	const id = textOf(row.id);
	if (!state || id === null) return undefined;
	return { id, state, product: productOf(row), isTest: isTest(row), row: withIsTest(row) };
}

export const withIsTest = (row: IDataObject): IDataObject => ({ ...row, isTest: isTest(row) });
