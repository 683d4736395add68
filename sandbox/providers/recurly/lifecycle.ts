import type { ProviderResponse } from '../../providerApi';
import { invalid, recurlyError } from './errors';
import { isAfter, isOver, type Subscription } from './subscription';

/** Answers where the documents are silent. */
export interface CancelAssumptions {
	/** Cancelling a paused subscription: by the text of the refusal it is not possible. */
	cancelPaused: 'refused' | 'accepted';
	/** Terminating one that has not started. */
	terminateFuture: 'accepted' | 'refused';
}

/** The events of a subscription that a webhook can report. */
export type EventType = 'canceled' | 'expired' | 'reactivated' | 'renewed';

/**
 * PUT /subscriptions/{id}/cancel
 * @param now ISO 8601
 * @returns the refusal, if it is refused
 * @throws InvalidRequest for fields that are not valid
 */
export function cancel(
	record: Subscription,
	body: unknown,
	{ now, assumptions }: { now: string; assumptions: CancelAssumptions },
): ProviderResponse | undefined {
	const timeframe = timeframeIn(body);
	const isPausedOne = record.state === 'paused' && assumptions.cancelPaused === 'accepted';
	if (record.state !== 'active' && record.state !== 'future' && !isPausedOne) {
		return recurlyError('validation', 'Only active and future subscriptions can be canceled');
	}
	if (record.state === 'future') fail(record, now);
	else schedule(record, now, timeframe);
	return undefined;
}

/** The default bills until the term is over. */
function timeframeIn(body: unknown): 'bill_date' | 'term_end' {
	if (body === undefined || body === null) return 'term_end';
	if (typeof body !== 'object' || Array.isArray(body)) throw invalid('body');
	const { timeframe = 'term_end', ...others } = body as Record<string, unknown>;
	const [other] = Object.keys(others);
	if (other) throw invalid(other);
	if (timeframe === 'bill_date' || timeframe === 'term_end') return timeframe;
	throw invalid('timeframe');
}

/** It runs on until the period or the term is over. */
export function schedule(
	record: Subscription,
	now: string,
	timeframe: 'bill_date' | 'term_end',
): void {
	const { current_period_ends_at: period, current_term_ends_at: term } = record;
	Object.assign(record, {
		state: 'canceled',
		canceled_at: now,
		expires_at: (timeframe === 'bill_date' ? period : term) ?? now,
		updated_at: now,
	});
}

/** One that has not started can neither start nor be revived. */
function fail(record: Subscription, now: string): void {
	Object.assign(record, { state: 'failed', canceled_at: now, updated_at: now });
}

/**
 * DELETE /subscriptions/{id}
 * @returns the refusal, if it is refused
 * @throws InvalidRequest for parameters that are not valid
 */
export function terminate(
	record: Subscription,
	query: { refund?: string; charge?: string },
	{ now, assumptions }: { now: string; assumptions: CancelAssumptions },
): ProviderResponse | undefined {
	const { refund = 'none', charge = 'true' } = query;
	if (!['full', 'none', 'partial'].includes(refund)) throw invalid('refund');
	if (!['true', 'false'].includes(charge)) throw invalid('charge');
	const isRefused = record.state === 'future' && assumptions.terminateFuture === 'refused';
	if (isOver(record.state) || isRefused) {
		return recurlyError('validation', 'Cannot expire an inactive subscription.');
	}
	expire(record, now);
	return undefined;
}

export function expire(record: Subscription, at: string): void {
	Object.assign(record, {
		state: 'expired',
		// Assumption: one that is terminated counts as canceled at that moment.
		canceled_at: record.canceled_at ?? at,
		expires_at: at,
		// Assumption: the reason; the description has no list of them.
		expiration_reason: 'canceled',
		updated_at: at,
		paused_at: null,
		resume_at: null,
		remaining_pause_cycles: null,
	});
}

/**
 * PUT /subscriptions/{id}/reactivate
 * @returns the refusal, if it is refused
 */
export function reactivate(record: Subscription, now: string): ProviderResponse | undefined {
	if (record.state !== 'canceled') {
		return recurlyError('validation', 'Only canceled subscriptions can be reactivated');
	}
	Object.assign(record, { state: 'active', canceled_at: null, expires_at: null, updated_at: now });
	return undefined;
}

/** Applies an end, a start or a renewal that is due, and returns what has happened. */
export function catchUp(record: Subscription, now: string): EventType | undefined {
	const { state, expires_at: end } = record;
	if (state === 'canceled' && end !== null && !isAfter(end, now)) {
		expire(record, end);
		return 'expired';
	}
	const startsAt = record.current_period_started_at;
	if (state === 'future' && startsAt !== null && !isAfter(startsAt, now)) {
		Object.assign(record, { state: 'active', activated_at: startsAt, updated_at: startsAt });
	}
	if (record.state !== 'active' && record.state !== 'canceled') return undefined;
	return renew(record, now) ? 'renewed' : undefined;
}

/** Also one that is canceled at the end of its term is billed until then. */
function renew(record: Subscription, now: string): boolean {
	const { current_period_started_at: startsAt, current_period_ends_at: endsAt } = record;
	if (startsAt === null || endsAt === null || isAfter(endsAt, now)) return false;
	const length = Date.parse(endsAt) - Date.parse(startsAt);
	const periods = Math.floor((Date.parse(now) - Date.parse(endsAt)) / length) + 1;
	const shifted = (at: string) => new Date(Date.parse(at) + periods * length).toISOString();
	const periodEnd = shifted(endsAt);
	const term = record.current_term_ends_at;
	const isNewTerm = term !== null && !isAfter(term, now);
	Object.assign(record, {
		current_period_started_at: shifted(startsAt),
		current_period_ends_at: periodEnd,
		...(isNewTerm && { current_term_started_at: term, current_term_ends_at: periodEnd }),
		updated_at: shifted(startsAt),
	});
	return true;
}
