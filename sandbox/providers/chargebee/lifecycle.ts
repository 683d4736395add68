import type { Params } from '../../form';
import type { Cancellation } from './cancelRequest';
import { chargebeeError, InvalidRequest } from './errors';
import { booleanParam, choiceParam, integerParam, refuseUnknown } from './params';
import { activeContract, isEnding, isOver, type Subscription, termEnd } from './subscription';

/** The effect of an accepted request on the state; the events are named after it. */
export type Change =
	| 'scheduled'
	| 'cancelled'
	| 'backdated'
	| 'unscheduled'
	| 'reactivated'
	| 'reactivatedWithBackdating';

/** Answers where the documents are silent. */
export interface CancelAssumptions {
	/** Cancelling one whose end is scheduled already. */
	secondSchedule: 'accepted' | 'refused';
	/** The status of one that ends at a date. */
	specificDateStatus: 'active' | 'non_renewing';
}

function wrongState(message: string): InvalidRequest {
	return new InvalidRequest(chargebeeError('invalid_state_for_request', message));
}

/** @throws InvalidRequest where the present state cannot be cancelled */
export function assertCancellable(
	record: Subscription,
	{ at }: Cancellation,
	{ secondSchedule }: CancelAssumptions,
): void {
	if (isOver(record)) {
		throw wrongState(`The subscription is ${record.status} and cannot be cancelled`);
	}
	if (isEnding(record) && at !== 'now' && secondSchedule === 'refused') {
		throw wrongState('The cancellation of the subscription is already scheduled');
	}
}

/**
 * Ends a subscription at once, or schedules its end.
 * @param now Unix seconds
 */
export function cancel(
	record: Subscription,
	{ at, isAtTermEnd, reasonCode }: Cancellation,
	now: number,
	{ specificDateStatus }: CancelAssumptions,
): Change {
	if (reasonCode !== undefined) record.cancel_reason_code = reasonCode;
	if (at === 'now' || at <= now) {
		const isBackdated = at !== 'now' && at < now;
		end(record, at === 'now' ? now : at, now);
		return isBackdated ? 'backdated' : 'cancelled';
	}
	record.cancelled_at = at;
	record.cancel_schedule_created_at = now;
	touch(record, now);
	if (isAtTermEnd) record.remaining_billing_cycles = 0;
	// In a trial, paused or in the future it keeps its status until the end comes.
	const stopsRenewing = isAtTermEnd || specificDateStatus === 'non_renewing';
	if (record.status === 'active' && stopsRenewing) record.status = 'non_renewing';
	if (isAtTermEnd) delete record.next_billing_at;
	return 'scheduled';
}

/** @param at when it ended, and @param now when that became known; Unix seconds */
export function end(record: Subscription, at: number, now = at): void {
	record.status = 'cancelled';
	record.cancelled_at = at;
	touch(record, now);
	// Assumption: an end that has come does not keep when it was scheduled.
	delete record.cancel_schedule_created_at;
	delete record.next_billing_at;
	delete record.remaining_billing_cycles;
	const contract = activeContract(record);
	if (contract) contract.status = contract.contract_end <= at ? 'cancelled' : 'terminated';
}

/**
 * POST /subscriptions/{id}/remove_scheduled_cancellation
 * @param now Unix seconds
 * @throws InvalidRequest
 */
export function removeScheduledCancellation(
	record: Subscription,
	params: Params,
	now: number,
): Change {
	refuseUnknown(params, [
		'billing_cycles',
		'contract_term',
		'contract_term_billing_cycle_on_renewal',
	]);
	const cycles = integerParam(params, 'billing_cycles');
	if (!isEnding(record)) throw wrongState('No cancellation of the subscription is scheduled');
	unschedule(record, now);
	if (cycles !== undefined) record.remaining_billing_cycles = cycles;
	return 'unscheduled';
}

export function unschedule(record: Subscription, now: number): void {
	if (record.status === 'non_renewing') record.status = 'active';
	delete record.cancelled_at;
	delete record.cancel_schedule_created_at;
	delete record.cancel_reason_code;
	// Without a number of cycles the plan's default applies: it renews for ever.
	delete record.remaining_billing_cycles;
	if (record.status === 'active' || record.status === 'in_trial') {
		record.next_billing_at = termEnd(record);
	}
	touch(record, now);
}

const reactivateParams = [
	'billing_alignment_mode',
	'billing_cycles',
	'contract_term',
	'contract_term_billing_cycle_on_renewal',
	'invoice_date',
	'invoice_immediately',
	'payment_initiator',
	'payment_intent',
	'reactivate_from',
	'statement_descriptor',
	'terms_to_charge',
	'trial_end',
	'trial_period_days',
];

/**
 * POST /subscriptions/{id}/reactivate: a new term begins, and is charged.
 * @param now Unix seconds
 * @throws InvalidRequest
 */
export function reactivate(record: Subscription, params: Params, now: number): Change {
	refuseUnknown(params, reactivateParams);
	const cycles = integerParam(params, 'billing_cycles');
	const from = integerParam(params, 'reactivate_from') ?? now;
	choiceParam(params, 'billing_alignment_mode', ['immediate', 'delayed']);
	booleanParam(params, 'invoice_immediately');
	if (record.status !== 'cancelled') {
		throw wrongState(`The subscription is ${record.status} and cannot be reactivated`);
	}
	const length = (record.current_term_end ?? 0) - (record.current_term_start ?? 0);
	Object.assign(record, {
		status: 'active',
		activated_at: from,
		current_term_start: from,
		current_term_end: from + length,
		next_billing_at: from + length,
		...(cycles !== undefined && { remaining_billing_cycles: cycles }),
	});
	delete record.cancelled_at;
	delete record.cancel_reason;
	delete record.cancel_reason_code;
	touch(record, now);
	return from < now ? 'reactivatedWithBackdating' : 'reactivated';
}

/**
 * Applies what has become due: a scheduled end, the end of a trial, renewals.
 * @param now Unix seconds
 */
export function catchUp(record: Subscription, now: number): 'cancelled' | 'renewed' | undefined {
	if (isEnding(record) && Number(record.cancelled_at) <= now) {
		end(record, Number(record.cancelled_at));
		return 'cancelled';
	}
	const { next_billing_at: due, current_term_start: start, current_term_end: stop } = record;
	if (isOver(record) || due === undefined || start === undefined || stop === undefined) {
		return undefined;
	}
	if (due > now) return undefined;
	const length = stop - start;
	const terms = Math.floor((now - stop) / length) + 1;
	Object.assign(record, {
		status: record.status === 'in_trial' ? 'active' : record.status,
		current_term_start: start + terms * length,
		current_term_end: stop + terms * length,
		next_billing_at: stop + terms * length,
	});
	touch(record, now);
	return 'renewed';
}

/** A change of the record counts its version up; `resource_version` orders events. */
function touch(record: Subscription, now: number): void {
	record.updated_at = now;
	record.resource_version = Math.max(now * 1000, (record.resource_version ?? 0) + 1);
}
