import type { Clock } from '../../clock';
import { sampleId } from './ids';
import { type Customer, seconds, type Subscription, type SubscriptionItem } from './wire';

/** The differences from an active monthly subscription. */
interface Fields extends Partial<Subscription> {
	/** Days from today to the end of the period. Default 12. */
	endsIn?: number;
	interval?: 'month' | 'year';
	/** Cents for a period. */
	amount?: number;
	billing?: 'classic' | 'flexible';
}

const periodDays = { month: 30, year: 365 };

/** One item; a subscription with mixed intervals has several, each with a period of its own. */
export function item(
	clock: Clock,
	name: string,
	{ endsIn = 12, interval = 'month', amount = 1999, livemode = true }: Fields = {},
): SubscriptionItem {
	const created = seconds(clock.midnight(endsIn - periodDays[interval]));
	const common = {
		id: sampleId('price', `${interval}_${amount}`),
		active: true,
		billing_scheme: 'per_unit',
		created: seconds(clock.midnight(-400)),
		currency: 'usd',
		livemode,
		metadata: {},
		nickname: null,
		product: interval === 'year' ? 'prod_SandboxPro' : 'prod_SandboxPlus',
		tiers_mode: null,
	};
	return {
		id: sampleId('si', name),
		object: 'subscription_item',
		billing_thresholds: null,
		created,
		current_period_end: seconds(clock.midnight(endsIn)),
		current_period_start: created,
		current_trial: null,
		discounts: [],
		metadata: {},
		plan: {
			...common,
			object: 'plan',
			amount,
			amount_decimal: String(amount),
			interval,
			interval_count: 1,
			meter: null,
			transform_usage: null,
			trial_period_days: null,
			usage_type: 'licensed',
		},
		price: {
			...common,
			object: 'price',
			custom_unit_amount: null,
			lookup_key: null,
			recurring: {
				interval,
				interval_count: 1,
				meter: null,
				trial_period_days: null,
				usage_type: 'licensed',
			},
			tax_behavior: 'unspecified',
			transform_quantity: null,
			type: 'recurring',
			unit_amount: amount,
			unit_amount_decimal: String(amount),
		},
		quantity: 1,
		subscription: sampleId('sub', name),
		tax_rates: [],
	};
}

/** An active subscription with these differences. */
export function subscription(
	clock: Clock,
	name: string,
	customer: Pick<Customer, 'id' | 'livemode'>,
	{ endsIn, interval, amount, billing = 'classic', ...fields }: Fields = {},
): Subscription {
	const { livemode } = customer;
	const first = item(clock, name, { endsIn, interval, amount, livemode });
	const id = sampleId('sub', name);
	return {
		id,
		object: 'subscription',
		application: null,
		application_fee_percent: null,
		automatic_tax: { disabled_reason: null, enabled: false, liability: null },
		billing_cycle_anchor: first.current_period_end,
		billing_cycle_anchor_config: null,
		billing_mode: { flexible: null, type: billing },
		billing_schedules: [],
		billing_thresholds: null,
		cancel_at: null,
		cancel_at_period_end: false,
		canceled_at: null,
		cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
		collection_method: 'charge_automatically',
		created: seconds(clock.midnight(-60)),
		currency: 'usd',
		customer: customer.id,
		customer_account: null,
		days_until_due: null,
		default_payment_method: null,
		default_source: null,
		default_tax_rates: [],
		description: null,
		discounts: [],
		ended_at: null,
		invoice_settings: {
			account_tax_ids: null,
			custom_fields: null,
			description: null,
			footer: null,
			issuer: { type: 'self' },
		},
		items: {
			object: 'list',
			data: [first],
			has_more: false,
			url: `/v1/subscription_items?subscription=${id}`,
		},
		latest_invoice: null,
		livemode,
		managed_payments: null,
		metadata: {},
		next_pending_invoice_item_invoice: null,
		on_behalf_of: null,
		pause_collection: null,
		payment_settings: null,
		pending_invoice_item_interval: null,
		pending_setup_intent: null,
		pending_update: null,
		schedule: null,
		start_date: seconds(clock.midnight(-60)),
		status: 'active',
		test_clock: null,
		transfer_data: null,
		trial_end: null,
		trial_settings: {
			end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' },
		},
		trial_start: null,
		...fields,
	};
}

/** The end of the earliest period; with mixed intervals there are several. */
export function earliestEnd({ items }: Pick<Subscription, 'items'>): number {
	return Math.min(...items.data.map(({ current_period_end }) => current_period_end));
}

export function latestEnd({ items }: Pick<Subscription, 'items'>): number {
	return Math.max(...items.data.map(({ current_period_end }) => current_period_end));
}

/** Ended for good: neither can be cancelled, nor brought back. */
export function hasEnded({ status }: Pick<Subscription, 'status'>): boolean {
	return status === 'canceled' || status === 'incomplete_expired';
}

/** The state in words, for the status page. */
export function standing(subscription: Subscription): string {
	const { status, cancel_at, schedule, livemode } = subscription;
	const words: string[] = [status];
	if (!hasEnded(subscription) && cancel_at !== null) words.push('ends');
	if (schedule !== null) words.push('managed by a schedule');
	if (!livemode) words.push('test mode');
	return words.join(', ');
}

/** What the customer can do about it. */
export function customerMay(subscription: Subscription) {
	if (hasEnded(subscription)) return 'nothing';
	return subscription.cancel_at === null ? 'cancel' : 'return';
}
