import type { IDataObject } from 'n8n-workflow';

import { formatAmount } from '../shared/contract/amount';
import { asObject, textOf } from '../shared/contract/http';
import {
	endOfEnded,
	isFuture,
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
	/** In place of `when` where a contract term is active. */
	contractTerm?: 'endOfBillingTerm' | 'endOfContractTerm' | 'immediately';
}

/** What the record adds to the values of a request. */
export interface KnownRecord {
	/** The product catalog of the site, which decides what its requests are called. */
	catalog: 'items' | 'plans';
	/** A contract term is active, which ends in ways of its own. */
	hasContract: boolean;
	/** When it ends, UTC ISO 8601. */
	contractEnd: string | null;
	/** It is over: only a reactivation brings it back. */
	hasEnded: boolean;
	/** What a term costs, before discounts and taxes: "49.00 USD". */
	price?: string;
	/** The state that was read; a part of the idempotency key. */
	version: string;
}

/** Nothing runs any more, or nothing on this site: a transferred one is billed by another site. */
export const endedStatuses = ['cancelled', 'transferred'];
/** A status that is not among these or the ended ones is of a newer API: nothing is concluded from it. */
export const runningStatuses = ['active', 'future', 'in_trial', 'non_renewing', 'paused'];

/** Bought in the app store of Apple or Google, where only the customer can cancel. */
const storeChannels = ['app_store', 'play_store'];
export const isFromStore = ({ channel }: RecordState): boolean =>
	storeChannels.includes(channel ?? '');

/** Chargebee counts whole seconds. */
export const toSeconds = (at: string): number => Math.floor(Date.parse(at) / 1000);

const listOf = (value: unknown): IDataObject[] =>
	Array.isArray(value) ? (value as unknown[]).map(asObject) : [];

const contractOf = ({ contract_term }: IDataObject): IDataObject => asObject(contract_term);
const hasActiveContract = (record: IDataObject) => contractOf(record).status === 'active';

const endIn = (value: unknown): End => {
	const at = secondsToIso(value);
	return at === null ? { kind: 'unknown' } : { kind: 'at', at };
};

/** The plan: an item price, or in the older catalog a plan. */
export function productOf({ subscription_items, plan_id }: IDataObject): string | undefined {
	const items = listOf(subscription_items);
	const plan = items.find(({ item_type }) => item_type === 'plan') ?? items[0];
	return textOf(plan?.item_price_id) ?? textOf(plan_id) ?? undefined;
}

/** Undefined where the record does not say. */
function priceOf(record: IDataObject): string | undefined {
	const items = listOf(record.subscription_items).filter(({ item_type }) => item_type !== 'charge');
	const amounts = [...items.map(({ amount }) => amount), record.plan_amount];
	const known = amounts.filter((amount): amount is number => typeof amount === 'number');
	const currency = textOf(record.currency_code);
	if (known.length === 0 || currency === null) return undefined;
	const total = known.reduce((sum, amount) => sum + amount, 0);
	return formatAmount(total, currency);
}

/** When what is paid for ends: the trial, or the billing term. */
function periodEnd(record: IDataObject): End {
	const { status, trial_end, current_term_end, next_billing_at } = record;
	return endIn((status === 'in_trial' && trial_end) || current_term_end || next_billing_at);
}

/**
 * An end that is fixed. In a trial and with a date the status says nothing of it. A contract that is
 * not renewed ends the subscription with it.
 */
function pendingEnd(record: IDataObject): End | undefined {
	const fixed = endIn(record.cancelled_at);
	if (isFuture(timeOf(fixed))) return fixed;
	if (record.status === 'non_renewing') {
		return fixed.kind === 'at' ? fixed : endIn(record.current_term_end);
	}
	const { action_at_term_end, contract_end } = contractOf(record);
	const endsWithContract = hasActiveContract(record) && action_at_term_end === 'cancel';
	return endsWithContract ? endIn(contract_end) : undefined;
}

/** Another active contract term than the one that the request has ended there cannot be. */
function requestedEnd(record: IDataObject, requested: RequestedEnd): End {
	const { when, cancelAt, contractTerm } = requested;
	const { status, contract_end } = contractOf(record);
	if (contractTerm === 'endOfContractTerm' && ['active', 'cancelled'].includes(String(status))) {
		return endIn(contract_end);
	}
	const isByContract = contractTerm !== undefined && status === 'active';
	if (isByContract ? contractTerm === 'immediately' : when === 'immediately') {
		return { kind: 'atOnce' };
	}
	if (isByContract || when === 'periodEnd') return periodEnd(record);
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
	const channel = textOf(record.channel);
	const version = versionOf(record);
	const hasEnded = endedStatuses.includes(status);
	const known: KnownRecord = {
		catalog: record.subscription_items === undefined && textOf(record.plan_id) ? 'plans' : 'items',
		hasContract: hasActiveContract(record),
		contractEnd: secondsToIso(contractOf(record).contract_end),
		hasEnded,
		price: priceOf(record),
		version,
	};
	const values = { ...known };
	const common = { status, email, version, values, ...(channel !== null && { channel }) };
	if (hasEnded) {
		const endedAt = status === 'cancelled' ? secondsToIso(record.cancelled_at) : null;
		return { ...common, phase: 'ended', end: endOfEnded(endedAt), changedAt: endedAt };
	}
	const changedAt = secondsToIso(record.cancel_schedule_created_at);
	return { ...common, changedAt, ...endingOf(record, requested) };
}

/** Phase and end of a subscription that has not ended. */
function endingOf(
	record: IDataObject,
	requested: RequestedEnd | undefined,
): Pick<RecordState, 'phase' | 'end' | 'matchesRequest'> {
	const wanted = requested && requestedEnd(record, requested);
	const isKnown = runningStatuses.includes(String(record.status));
	const pending = isKnown ? pendingEnd(record) : undefined;
	if (pending && (!wanted || isSoonEnough(pending, wanted))) {
		return {
			phase: 'ended',
			end: pending,
			matchesRequest: !wanted || isSoonEnough(wanted, pending),
		};
	}
	// Of a status that is not known, an undo is not taken for done either.
	if (!wanted && !isKnown) return { phase: 'ended', end: periodEnd(record) };
	return { phase: 'active', end: wanted ?? periodEnd(record) };
}

/** A text that changes with everything in the subscription that a user would want to know before a write. */
const versionOf = (record: IDataObject): string => {
	const { id, status: contractStatus, action_at_term_end, contract_end } = contractOf(record);
	return JSON.stringify([
		...[record.status, record.cancelled_at, record.current_term_end, record.trial_end],
		...[record.remaining_billing_cycles, record.pause_date, record.resume_date, record.channel],
		...[record.plan_id, record.plan_quantity, record.plan_unit_price, record.has_scheduled_changes],
		[id, contractStatus, action_at_term_end, contract_end],
		listOf(record.subscription_items).map(({ item_price_id, quantity, unit_price }) => [
			...[item_price_id, quantity, unit_price],
		]),
	]);
};

/** One entry of a list, or a single record: the subscription beside its customer. */
export interface Entry {
	subscription: IDataObject;
	customer: IDataObject;
	email: string | null;
}

export function toEntry(value: unknown): Entry {
	const { subscription, customer } = asObject(value);
	const [record, owner] = [asObject(subscription), asObject(customer)];
	const isOwn = owner.id === record.customer_id;
	return { subscription: record, customer: owner, email: isOwn ? textOf(owner.email) : null };
}

/** The subscription with its customer, as one row. */
export const toFlatRow = ({ subscription, customer, email }: Entry): IDataObject => ({
	...subscription,
	email,
	customer,
});

/** An entry of a list as a candidate; undefined where it cannot be read. */
export function toCandidate(entry: Entry, requested?: RequestedEnd): Candidate | undefined {
	const { subscription, email } = entry;
	const state = toRecordState(subscription, email, requested);
	const id = textOf(subscription.id);
	if (!state || id === null) return undefined;
	return { id, state, product: productOf(subscription), row: toFlatRow(entry) };
}
