import type {
	ICustomerResponse,
	IPriceResponse,
	IProductResponse,
	ISubscriptionItemResponse,
	ISubscriptionResponse,
} from '@paddle/paddle-node-sdk';
import type { Clock } from '../../clock';
import { sampleId } from './ids';

export type Subscription = ISubscriptionResponse;
export type Customer = ICustomerResponse;

/** The differences from an active monthly subscription. */
interface Fields extends Partial<Subscription> {
	/** Days from today to the end of the period. Default 12. */
	endsIn?: number;
	interval?: 'month' | 'year';
}

const periodDays = { month: 30, year: 365 };

export function customer(clock: Clock, name: string, email: string): Customer {
	return {
		id: sampleId('ctm', name),
		name: null,
		email,
		marketing_consent: false,
		status: 'active',
		custom_data: null,
		locale: 'en',
		created_at: clock.midnight(-400),
		updated_at: clock.midnight(-400),
		import_meta: null,
	};
}

function product(clock: Clock, interval: 'month' | 'year'): IProductResponse {
	return {
		id: sampleId('pro', interval),
		name: interval === 'year' ? 'Pro' : 'Plus',
		type: 'standard',
		description: null,
		tax_category: 'saas',
		image_url: null,
		custom_data: null,
		status: 'active',
		created_at: clock.midnight(-400),
		updated_at: clock.midnight(-400),
		import_meta: null,
	};
}

function price(clock: Clock, interval: 'month' | 'year'): IPriceResponse {
	return {
		id: sampleId('pri', interval),
		product_id: sampleId('pro', interval),
		description: interval === 'year' ? 'Yearly' : 'Monthly',
		type: 'standard',
		name: null,
		billing_cycle: { interval, frequency: 1 },
		trial_period: null,
		tax_mode: 'account_setting',
		unit_price: { amount: interval === 'year' ? '19900' : '1999', currency_code: 'USD' },
		unit_price_overrides: [],
		quantity: { minimum: 1, maximum: 100 },
		status: 'active',
		created_at: clock.midnight(-400),
		updated_at: clock.midnight(-400),
		custom_data: null,
		import_meta: null,
	};
}

/** An active subscription with these differences. */
export function subscription(
	clock: Clock,
	name: string,
	{ id: customer_id }: Pick<Customer, 'id'>,
	{ endsIn = 12, interval = 'month', ...fields }: Fields = {},
): Subscription {
	const startsAt = clock.midnight(endsIn - periodDays[interval]);
	const endsAt = clock.midnight(endsIn);
	const item: ISubscriptionItemResponse = {
		status: 'active',
		quantity: 1,
		recurring: true,
		created_at: clock.midnight(-60),
		updated_at: startsAt,
		previously_billed_at: startsAt,
		next_billed_at: endsAt,
		trial_dates: null,
		price: price(clock, interval),
		product: product(clock, interval),
	};
	return {
		id: sampleId('sub', name),
		status: 'active',
		customer_id,
		address_id: sampleId('add', name),
		business_id: null,
		currency_code: 'USD',
		created_at: clock.midnight(-60),
		updated_at: startsAt,
		started_at: clock.midnight(-60),
		first_billed_at: clock.midnight(-60),
		next_billed_at: endsAt,
		paused_at: null,
		canceled_at: null,
		discount: null,
		collection_mode: 'automatic',
		billing_details: null,
		current_billing_period: { starts_at: startsAt, ends_at: endsAt },
		billing_cycle: { interval, frequency: 1 },
		scheduled_change: null,
		management_urls: null,
		items: [item],
		custom_data: null,
		import_meta: null,
		...fields,
	};
}

/** The state in words, for the status page. */
export function standing({ status, scheduled_change: change }: Subscription): string {
	return change ? `${status}, scheduled to ${change.action}` : status;
}

/** When it ended, will end, or would end at the earliest. */
export function endOf(record: Subscription): string | null {
	const { canceled_at, scheduled_change: change, current_billing_period: period } = record;
	if (canceled_at) return canceled_at;
	return (change?.action === 'cancel' ? change.effective_at : period?.ends_at) ?? null;
}

/** What the customer can do about it. */
export function customerMay({ status, scheduled_change: change }: Subscription) {
	if (status === 'canceled') return 'nothing';
	return change?.action === 'cancel' ? 'return' : 'cancel';
}
