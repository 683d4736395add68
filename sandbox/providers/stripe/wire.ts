import type Stripe from 'stripe';

/** A type of Stripe's SDK as JSON: the SDK turns decimal strings into objects. */
export type Wire<T> = T extends string | number | boolean | null | undefined
	? T
	: T extends { toNumber(): number }
		? string
		: T extends Array<infer Element>
			? Array<Wire<Element>>
			: T extends object
				? { [Key in keyof T]: Wire<T[Key]> }
				: T;

export type Subscription = Wire<Stripe.Subscription>;
export type SubscriptionItem = Wire<Stripe.SubscriptionItem>;
export type Schedule = Wire<Stripe.SubscriptionSchedule>;
export type Customer = Wire<Stripe.Customer>;
export type Invoice = Wire<Stripe.Invoice>;
export type InvoiceLine = Wire<Stripe.InvoiceLineItem>;
export type WebhookEndpoint = Wire<Stripe.WebhookEndpoint>;

/** The version that the SDK in the tests pins. */
export const currentVersion = '2026-10-28.endive';

/**
 * Assumption: the account was opened before 2025, so that requests without `Stripe-Version` get the
 * older shape.
 */
export const accountVersion = '2024-06-20';

/** Since this version the period stands on the items and no longer on the subscription. */
const itemPeriods = '2025-03-31';

export function isVersion(text: string): boolean {
	return /^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(text);
}

/** A subscription in the shape of an API version. */
export function subscriptionIn(version: string, subscription: Subscription): object {
	if (version.slice(0, 10) >= itemPeriods) return subscription;
	const [first] = subscription.items.data;
	const items = subscription.items.data.map((item) => without(item, periodFields));
	return {
		...subscription,
		current_period_start: first.current_period_start,
		current_period_end: first.current_period_end,
		items: { ...subscription.items, data: items },
	};
}

const periodFields = ['current_period_start', 'current_period_end'];

function without(object: object, names: string[]): object {
	return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Unix seconds of an ISO 8601 time. */
export function seconds(iso: string): number {
	return Math.floor(Date.parse(iso) / 1000);
}
