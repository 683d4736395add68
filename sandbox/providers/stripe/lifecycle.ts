import type { Params } from '../../form';
import type { ProviderResponse } from '../../providerApi';
import { invalidParam, missing, stripeError } from './errors';
import { newId } from './ids';
import {
	booleanParam,
	choiceParam,
	integerParam,
	objectParam,
	refuseUnknown,
	textParam,
} from './params';
import { earliestEnd, hasEnded, latestEnd } from './subscription';
import type { Subscription } from './wire';

const feedbacks = [
	'customer_service',
	'low_quality',
	'missing_features',
	'other',
	'switched_service',
	'too_complex',
	'too_expensive',
	'unused',
] as const;
const prorations = ['always_invoice', 'create_prorations', 'none'] as const;
const details = ['comment', 'feedback', 'feedback_option'] as const;

const updateParams = {
	cancel_at: true,
	cancel_at_period_end: true,
	cancellation_details: details,
	expand: true,
	metadata: true,
	proration_behavior: true,
	proration_date: true,
} as const;

/** Parameters that Stripe has and the sandbox does not. */
const notModelled = [
	'add_invoice_items',
	'application_fee_percent',
	'automatic_tax',
	'billing_cycle_anchor',
	'billing_schedules',
	'billing_thresholds',
	'collection_method',
	'days_until_due',
	'default_payment_method',
	'default_source',
	'default_tax_rates',
	'description',
	'discounts',
	'invoice_settings',
	'items',
	'off_session',
	'on_behalf_of',
	'pause_collection',
	'payment_behavior',
	'payment_settings',
	'pending_invoice_item_interval',
	'transfer_data',
	'trial_end',
	'trial_from_plan',
	'trial_settings',
];

/** The effect of an accepted request, as the journal names it. */
export type Operation = 'cancel' | 'resume' | 'update';

/**
 * POST /v1/subscriptions/{id}
 * @param now Unix seconds
 * @param canceledCode the code of a refused update of an ended subscription, if it has one
 * @returns the effect, or the refusal
 * @throws InvalidRequest for parameters that are not valid
 */
export function update(
	record: Subscription,
	params: Params,
	now: number,
	canceledCode: string | undefined,
): Operation | ProviderResponse {
	const other = Object.keys(params).find((name) => notModelled.includes(name));
	if (other) throw invalidParam(other, `The sandbox does not model the parameter: ${other}`);
	refuseUnknown(params, updateParams);
	const end = requestedEnd(record, params, now);
	const cancellation = cancellationDetails(params);
	choiceParam(params, 'proration_behavior', prorations);
	integerParam(params, 'proration_date');
	const refusal = refuseUpdate(record, params, canceledCode);
	if (refusal) return refusal;
	const metadata = objectParam(params, 'metadata');
	if (metadata) record.metadata = merged(record.metadata, metadata);
	const operation = end ? applyEnd(record, end, now) : 'update';
	Object.assign(record.cancellation_details ?? {}, cancellation);
	return operation;
}

type RequestedEnd =
	| { kind: 'periodEnd'; at: number }
	| { kind: 'date'; at: number }
	| { kind: 'clearPeriodEnd' }
	| { kind: 'clearDate' };

function requestedEnd(record: Subscription, params: Params, now: number): RequestedEnd | undefined {
	const atPeriodEnd = booleanParam(params, 'cancel_at_period_end');
	const at = textParam(params, 'cancel_at');
	if (atPeriodEnd !== undefined && at !== undefined) {
		// Assumption: how the two go together in one request is not documented.
		throw invalidParam(
			'cancel_at',
			'You may only specify one of these parameters: cancel_at, cancel_at_period_end.',
		);
	}
	if (atPeriodEnd === true) return { kind: 'periodEnd', at: earliestEnd(record) };
	if (atPeriodEnd === false) return { kind: 'clearPeriodEnd' };
	if (at === undefined) return undefined;
	if (at === '') return { kind: 'clearDate' };
	return { kind: 'date', at: dateOf(record, params, at, now) };
}

/** A named end is resolved at once; later changes of the items do not move it. */
function dateOf(record: Subscription, params: Params, text: string, now: number): number {
	if (text === 'max_billed_until') return latestEnd(record);
	if (text === 'min_period_end' || text === 'max_period_end') {
		if (record.billing_mode.type !== 'flexible') {
			throw invalidParam('cancel_at', `'${text}' is only supported for flexible billing mode.`);
		}
		return text === 'min_period_end' ? earliestEnd(record) : latestEnd(record);
	}
	const date = integerParam(params, 'cancel_at') ?? 0;
	if (date <= now) {
		throw invalidParam('cancel_at', 'cancel_at must be a timestamp in the future.');
	}
	return date;
}

function refuseUpdate(
	record: Subscription,
	params: Params,
	canceledCode: string | undefined,
): ProviderResponse | undefined {
	const changed = Object.keys(params).filter((name) => name !== 'expand');
	if (hasEnded(record)) {
		const isAllowed = changed.every((name) => ['metadata', 'cancellation_details'].includes(name));
		if (isAllowed) return undefined;
		const message =
			'A canceled subscription can only update its cancellation_details and metadata.';
		return stripeError(400, message, { code: canceledCode });
	}
	if (record.status === 'incomplete' && changed.some((name) => name !== 'metadata')) {
		// The rule is documented, its message is not.
		return stripeError(
			400,
			'A subscription with the status incomplete can only update its metadata and default_source.',
		);
	}
	const isAboutEnd = changed.some((name) => name.startsWith('cancel_at'));
	if (record.schedule === null || !isAboutEnd) return undefined;
	return refuseManaged(record);
}

/** The refusal of a change to a subscription that a schedule manages, as reported. */
export function refuseManaged({ schedule }: Subscription): ProviderResponse {
	return stripeError(
		400,
		`The subscription is managed by the subscription schedule \`${String(schedule)}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
	);
}

function applyEnd(record: Subscription, end: RequestedEnd, now: number): Operation {
	switch (end.kind) {
		case 'periodEnd':
		case 'date':
			// Assumption: a later request replaces an end that was fixed before.
			Object.assign(record, {
				cancel_at: end.at,
				cancel_at_period_end: end.kind === 'periodEnd',
				canceled_at: now,
				cancellation_details: requested(record),
			});
			return 'cancel';
		case 'clearPeriodEnd':
			if (record.cancel_at_period_end) clearEnd(record);
			return 'resume';
		case 'clearDate':
			// Assumption: it does not clear the flag, and the flag does not clear a date.
			if (!record.cancel_at_period_end) clearEnd(record);
			return 'resume';
	}
}

export function clearEnd(record: Subscription): void {
	Object.assign(record, {
		cancel_at: null,
		cancel_at_period_end: false,
		canceled_at: null,
		cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
	});
}

function requested(
	{ cancellation_details: former }: Subscription,
	reason = 'cancellation_requested',
) {
	return { comment: null, feedback: null, feedback_option: null, ...former, reason };
}

/** The comment and the feedback of the request; an empty text clears the field. */
function cancellationDetails(params: Params): Record<string, string | null> {
	const given = objectParam(params, 'cancellation_details') ?? {};
	if (given.feedback !== '') choiceParam(given, 'feedback', feedbacks);
	return Object.fromEntries(
		Object.keys(given).map((name) => [name, textParam(given, name) || null]),
	);
}

/** An empty value removes a name. */
function merged(former: Record<string, string>, given: Params): Record<string, string> {
	const all = { ...former, ...given };
	return Object.fromEntries(
		Object.entries(all)
			.filter(([, value]) => value !== '')
			.map(([name, value]) => [name, String(value)]),
	);
}

const cancelParams = {
	cancellation_details: details,
	expand: true,
	invoice_now: true,
	prorate: true,
} as const;

/**
 * DELETE /v1/subscriptions/{id}: ends at once. A second one answers 404, although the record can
 * still be read.
 */
export function cancelNow(
	record: Subscription,
	params: Params,
	now: number,
): Operation | ProviderResponse {
	refuseUnknown(params, cancelParams);
	const invoiceNow = booleanParam(params, 'invoice_now') ?? false;
	booleanParam(params, 'prorate');
	const cancellation = cancellationDetails(params);
	if (hasEnded(record)) return missing('subscription', record.id);
	end(record, now, 'cancellation_requested');
	if (invoiceNow) record.latest_invoice = newId('in');
	Object.assign(record.cancellation_details ?? {}, cancellation);
	return 'cancel';
}

/** Ends the subscription, for a request or because a planned end is due. */
export function end(record: Subscription, at: number, reason: string): void {
	Object.assign(record, {
		status: 'canceled',
		// Assumption: an end that was planned is forgotten when another one comes first.
		cancel_at: null,
		cancel_at_period_end: false,
		canceled_at: at,
		ended_at: at,
		cancellation_details: requested(record, reason),
	});
}

/** Whether a planned end is due. */
export function isDue(record: Subscription, now: number): boolean {
	return record.cancel_at !== null && record.cancel_at <= now && !hasEnded(record);
}

/** Ends the subscription at the time that was planned. */
export function endAsPlanned(record: Subscription): void {
	Object.assign(record, { status: 'canceled', ended_at: record.cancel_at });
}
