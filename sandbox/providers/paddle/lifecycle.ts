import type { ProviderResponse } from '../../providerApi';
import { invalidField, paddleError } from './errors';
import type { Subscription } from './subscription';

const lockMs = 30 * 60_000;

/** Answers where the documents are silent or contradict each other. */
export interface CancelAssumptions {
	/** Cancelling at the next billing period although a change is scheduled already. */
	secondSchedule: 'refused' | 'accepted';
	/** Cancelling immediately although a change is scheduled. */
	immediateWithSchedule: 'accepted' | 'refused';
	cancelPastDue: 'accepted' | 'refused';
}

/** The effect of an accepted cancellation. */
export type Cancellation = 'scheduled' | 'canceled';

/**
 * POST /subscriptions/{id}/cancel
 * @param now ISO 8601
 * @param processingUntil until when the subscription is locked, ISO 8601
 * @throws InvalidRequest for fields that are not valid
 */
export function cancel(
	record: Subscription,
	body: unknown,
	{
		now,
		processingUntil,
		assumptions,
	}: { now: string; processingUntil?: string; assumptions: CancelAssumptions },
): Cancellation | ProviderResponse {
	const requested = effectiveFrom(body);
	if (record.status === 'canceled') return paddleError('subscription_is_canceled_action_invalid');
	const locked = lockOf(record, now, processingUntil);
	if (locked) return locked;
	if (record.status === 'past_due' && assumptions.cancelPastDue === 'refused') {
		return paddleError('subscription_update_when_past_due');
	}
	const isPaused = record.status === 'paused';
	// Assumption: without a field, one that has no period ends at once.
	const isNow = (requested ?? (isPaused ? 'immediately' : 'next_billing_period')) === 'immediately';
	// Assumption: which of the codes a paused one gets is not documented; a report has a 400.
	if (isPaused && !isNow) return paddleError('subscription_is_inactive_action_invalid');
	const answer = isNow ? assumptions.immediateWithSchedule : assumptions.secondSchedule;
	if (record.scheduled_change && answer === 'refused') {
		return paddleError('subscription_locked_pending_changes');
	}
	if (isNow) end(record, now);
	else schedule(record, now);
	return isNow ? 'canceled' : 'scheduled';
}

function effectiveFrom(body: unknown): 'immediately' | 'next_billing_period' | undefined {
	if (body === undefined || body === null) return undefined;
	if (typeof body !== 'object' || Array.isArray(body))
		throw invalidField('(root)', 'must be an object');
	const { effective_from: value, ...others } = body as Record<string, unknown>;
	const [other] = Object.keys(others);
	if (other) throw invalidField(other, 'is not a known field');
	if (value === undefined || value === null) return undefined;
	if (value === 'immediately' || value === 'next_billing_period') return value;
	throw invalidField('effective_from', 'must be one of next_billing_period, immediately');
}

/** No change is possible in the 30 minutes before a renewal or before processing. */
function lockOf(
	record: Subscription,
	now: string,
	processingUntil?: string,
): ProviderResponse | undefined {
	const isNear = (at: string | null | undefined) => {
		const left = at ? Date.parse(at) - Date.parse(now) : Infinity;
		return left > 0 && left <= lockMs;
	};
	if (isNear(record.next_billed_at)) return paddleError('subscription_locked_renewal');
	return isNear(processingUntil) ? paddleError('subscription_locked_processing') : undefined;
}

/** The subscription runs on until its period is over. */
export function schedule(record: Subscription, now: string): void {
	Object.assign(record, {
		scheduled_change: {
			action: 'cancel',
			effective_at: record.current_billing_period?.ends_at ?? now,
			resume_at: null,
		},
		// Assumption: nothing is to be billed any more; the printed example says null.
		next_billed_at: null,
		updated_at: now,
	});
}

export function end(record: Subscription, at: string): void {
	Object.assign(record, {
		status: 'canceled',
		canceled_at: at,
		updated_at: at,
		paused_at: null,
		scheduled_change: null,
		current_billing_period: null,
		next_billed_at: null,
	});
	for (const item of record.items)
		Object.assign(item, { status: 'inactive', next_billed_at: null });
}

/** The fields of an update that the sandbox models. */
const updatable = ['custom_data', 'scheduled_change'];

/**
 * PATCH /subscriptions/{id}
 * @returns the refusal, if it is refused
 * @throws InvalidRequest for fields that are not valid
 */
export function update(
	record: Subscription,
	body: unknown,
	{ now, processingUntil }: { now: string; processingUntil?: string },
): ProviderResponse | undefined {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		throw invalidField('(root)', 'must be an object');
	}
	const change = body as Record<string, unknown>;
	const other = Object.keys(change).find((name) => !updatable.includes(name));
	if (other) throw invalidField(other, 'is not a field that the sandbox models');
	if (record.status === 'canceled') return paddleError('subscription_update_when_canceled');
	if (record.status === 'past_due') return paddleError('subscription_update_when_past_due');
	const locked = lockOf(record, now, processingUntil);
	if (locked) return locked;
	if (change.scheduled_change !== undefined) {
		if (change.scheduled_change !== null) {
			return paddleError('subscription_scheduled_change_invalid_update');
		}
		unschedule(record, now);
	}
	// Assumption: custom data is replaced as a whole.
	if (change.custom_data !== undefined) {
		Object.assign(record, { custom_data: change.custom_data, updated_at: now });
	}
	return undefined;
}

/** Removes a scheduled change of any action. */
export function unschedule(record: Subscription, now: string): void {
	Object.assign(record, {
		scheduled_change: null,
		next_billed_at: record.current_billing_period?.ends_at ?? null,
		updated_at: now,
	});
}

/** Applies a scheduled change or a renewal that is due, and returns its effect. */
export function catchUp(
	record: Subscription,
	now: string,
): 'canceled' | 'paused' | 'renewed' | undefined {
	const {
		scheduled_change: change,
		next_billed_at: renewsAt,
		current_billing_period: period,
	} = record;
	if (change && !isAfter(change.effective_at, now)) {
		if (change.action === 'cancel') {
			end(record, change.effective_at);
			return 'canceled';
		}
		if (change.action === 'pause') {
			pause(record, change.effective_at);
			return 'paused';
		}
	}
	if (!renewsAt || isAfter(renewsAt, now) || !period) return undefined;
	const length = Date.parse(period.ends_at) - Date.parse(period.starts_at);
	const behind = Date.parse(now) - Date.parse(renewsAt);
	const periods = Math.floor(behind / length) + 1;
	const shifted = (at: string) => new Date(Date.parse(at) + periods * length).toISOString();
	Object.assign(record, {
		status: record.status === 'trialing' ? 'active' : record.status,
		current_billing_period: {
			starts_at: shifted(period.starts_at),
			ends_at: shifted(period.ends_at),
		},
		next_billed_at: shifted(period.ends_at),
	});
	return 'renewed';
}

function isAfter(at: string, now: string): boolean {
	return Date.parse(at) > Date.parse(now);
}

function pause(record: Subscription, at: string): void {
	Object.assign(record, {
		status: 'paused',
		paused_at: at,
		updated_at: at,
		scheduled_change: null,
		current_billing_period: null,
		next_billed_at: null,
	});
}
