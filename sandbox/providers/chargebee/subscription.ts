import type {
	Card,
	Customer as ChargebeeCustomer,
	Subscription as ChargebeeSubscription,
} from 'chargebee';
import type { Clock } from '../../clock';
import type { Catalog } from './access';
import { sampleId } from './ids';

/** A record as JSON, which names its kind. */
type Wire<T, Kind extends string> = T & { object: Kind };

export type Subscription = Wire<ChargebeeSubscription, 'subscription'>;
export type Customer = Wire<ChargebeeCustomer, 'customer'>;

/** The differences from an active monthly subscription. */
export interface Fields extends Partial<ChargebeeSubscription> {
	/** Days from today to the end of the term. Default 12. */
	endsIn?: number;
	interval?: 'month' | 'year';
	catalog?: Catalog;
}

const termDays = { month: 30, year: 365 };
const prices = { month: 1999, year: 19_900 };
const names = { month: 'plus', year: 'pro' };

/** Unix seconds of an ISO 8601 time. */
export function seconds(iso: string): number {
	return Math.floor(Date.parse(iso) / 1000);
}

/** Midnight UTC of the day that is `days` from today, Unix seconds. */
export function midnight(clock: Clock, days: number): number {
	return seconds(clock.midnight(days));
}

/** @param email undefined: a customer without an address */
export function customer(clock: Clock, name: string, email?: string): Customer {
	return {
		id: sampleId('cus', name),
		...(email !== undefined && { email }),
		auto_collection: 'on',
		net_term_days: 0,
		allow_direct_debit: false,
		created_at: midnight(clock, -400),
		created_from_ip: '192.0.2.7',
		taxability: 'taxable',
		vat_number: 'DE000000000',
		updated_at: midnight(clock, -400),
		resource_version: midnight(clock, -400) * 1000,
		card_status: 'valid',
		billing_address: { line1: 'Sandbox Street 1', city: 'Berlin', country: 'DE' },
		payment_method: {
			type: 'card',
			gateway: 'chargebee',
			status: 'valid',
			reference_id: `tok_sandbox_${name}`,
		},
		preferred_currency_code: 'USD',
		promotional_credits: 0,
		refundable_credits: 0,
		excess_payments: 0,
		unbilled_charges: 0,
		deleted: false,
		object: 'customer',
	};
}

/** The card of a customer, which comes with every record. */
export function cardOf({ id }: Customer): Card & { object: 'card' } {
	return {
		payment_source_id: `pm_${id}`,
		status: 'valid',
		gateway: 'chargebee',
		iin: '411111',
		last4: '1111',
		funding_type: 'credit',
		expiry_month: 12,
		expiry_year: 2030,
		masked_number: '************1111',
		customer_id: id,
		created_at: 1_500_000_000,
		object: 'card',
	} as Card & { object: 'card' };
}

/** Product Catalog 2.0 has items, 1.0 has a plan. */
function product(catalog: Catalog, interval: 'month' | 'year'): Partial<ChargebeeSubscription> {
	if (catalog === 'plans') {
		return {
			plan_id: `${names[interval]}-${interval}ly`,
			plan_quantity: 1,
			plan_unit_price: prices[interval],
			plan_amount: prices[interval],
		};
	}
	const item = {
		item_price_id: `${names[interval]}-USD-${interval}ly`,
		item_type: 'plan' as const,
		quantity: 1,
		unit_price: prices[interval],
		amount: prices[interval],
		free_quantity: 0,
		object: 'subscription_item',
	};
	return { subscription_items: [item] };
}

/** An active subscription with these differences. A field that is undefined is absent. */
export function subscription(
	clock: Clock,
	name: string,
	{ id: customer_id }: Pick<Customer, 'id'>,
	{ endsIn = 12, interval = 'month', catalog = 'items', ...fields }: Fields = {},
): Subscription {
	const startsAt = midnight(clock, endsIn - termDays[interval]);
	const endsAt = midnight(clock, endsIn);
	return {
		id: sampleId('sub', name),
		billing_period: 1,
		billing_period_unit: interval,
		auto_collection: 'on',
		customer_id,
		status: 'active',
		current_term_start: startsAt,
		current_term_end: endsAt,
		next_billing_at: endsAt,
		created_at: midnight(clock, -60),
		started_at: midnight(clock, -60),
		activated_at: midnight(clock, -60),
		created_from_ip: '192.0.2.7',
		updated_at: startsAt,
		resource_version: startsAt * 1000,
		has_scheduled_changes: false,
		has_scheduled_advance_invoices: false,
		channel: 'web',
		deleted: false,
		object: 'subscription',
		currency_code: 'USD',
		due_invoices_count: 0,
		mrr: interval === 'year' ? Math.round(prices.year / 12) : prices.month,
		...product(catalog, interval),
		...(catalog === 'items' && { decommissioned: false }),
		...fields,
	} as Subscription;
}

/** Whether it has ended for this site. A transferred one goes on at another. */
export const isOver = ({ status }: Pick<Subscription, 'status'>): boolean =>
	status === 'cancelled' || status === 'transferred';

/** Whether an end is scheduled that has not come yet. */
export const isEnding = (record: Subscription): boolean =>
	!isOver(record) && record.cancelled_at !== undefined;

/** The contract term in force, which an end also ends. */
export const activeContract = ({ contract_term: term }: Subscription) =>
	term?.status === 'active' ? term : undefined;

/** When the present term ends, which is the trial where it is in one. */
export const termEnd = (record: Subscription): number | undefined =>
	record.status === 'in_trial' ? record.trial_end : record.current_term_end;

/** The state in words, for the status page. */
export function standing(record: Subscription): string {
	const parts: string[] = [record.status];
	if (isEnding(record) && record.status !== 'non_renewing') parts.push('scheduled to cancel');
	if (activeContract(record)) parts.push('under contract');
	return parts.join(', ');
}

/** When it ended, will end, or would end at the earliest; ISO 8601. */
export function endOf(record: Subscription): string | null {
	const at = record.cancelled_at ?? termEnd(record);
	return at === undefined ? null : new Date(at * 1000).toISOString();
}

/** What the customer can do about it. A cancelled subscription can be reactivated by the merchant only. */
export function customerMay(record: Subscription) {
	if (isOver(record)) return 'nothing';
	return isEnding(record) ? 'return' : 'cancel';
}
