import type { Params } from '../../form';
import type { ProviderResponse } from '../../providerApi';
import { stripeError } from './errors';
import { newId } from './ids';
import {
	booleanParam,
	choiceParam,
	integerParam,
	objectParam,
	refuseUnknown,
	textParam,
} from './params';
import { earliestEnd, hasEnded } from './subscription';
import type { Customer, Invoice, InvoiceLine, Subscription, SubscriptionItem } from './wire';

const detailParams = [
	'cancel_at',
	'cancel_at_period_end',
	'cancel_now',
	'proration_behavior',
	'proration_date',
] as const;

export const previewParams = {
	customer: true,
	expand: true,
	subscription: true,
	subscription_details: detailParams,
} as const;

/**
 * POST /v1/invoices/create_preview: the invoice that a change would lead to. Nothing is written.
 * @param now Unix seconds
 * @throws InvalidRequest for parameters that are not valid
 */
export function preview(
	subscription: Subscription,
	customer: Customer,
	params: Params,
	now: number,
): ProviderResponse {
	refuseUnknown(params, previewParams);
	const details = objectParam(params, 'subscription_details') ?? {};
	const lines = hasEnded(subscription) ? [] : linesOf(subscription, details, now);
	if (lines.length === 0) {
		// Assumption: the same answer as of the older upcoming invoice.
		return stripeError(404, `No upcoming invoices for customer: '${customer.id}'`, {
			code: 'invoice_upcoming_none',
		});
	}
	return { status: 200, body: invoice(subscription, customer, lines, now) };
}

function linesOf(subscription: Subscription, details: Params, now: number): InvoiceLine[] {
	const behavior =
		choiceParam(details, 'proration_behavior', ['always_invoice', 'create_prorations', 'none']) ??
		'create_prorations';
	const endsNow = booleanParam(details, 'cancel_now') ?? false;
	const atPeriodEnd = booleanParam(details, 'cancel_at_period_end') ?? false;
	const at = textParam(details, 'cancel_at');
	const from = integerParam(details, 'proration_date') ?? now;
	const items = subscription.items.data;
	const credits = (end: number) =>
		behavior === 'none' ? [] : items.flatMap((item) => credit(subscription, item, end));
	if (endsNow) return credits(from);
	if (atPeriodEnd) return [];
	if (at !== undefined && /^\d+$/.test(at) && Number(at) < earliestEnd(subscription)) {
		return credits(Number(at));
	}
	if (at !== undefined && at !== '') return [];
	return items.map((item) => renewal(subscription, item));
}

/** The unused time of an item, as a negative amount. */
function credit(subscription: Subscription, item: SubscriptionItem, from: number): InvoiceLine[] {
	const { current_period_start: start, current_period_end: end } = item;
	const share = Math.max(0, Math.min(1, (end - from) / (end - start)));
	// A trial has nothing to give back.
	const amount = subscription.status === 'trialing' ? 0 : -Math.round(share * amountOf(item));
	if (amount === 0) return [];
	return [line(subscription, item, { amount, period: { start: from, end }, proration: true })];
}

function renewal(subscription: Subscription, item: SubscriptionItem): InvoiceLine {
	const { current_period_start: start, current_period_end: end } = item;
	const period = { start: end, end: end + (end - start) };
	return line(subscription, item, { amount: amountOf(item), period, proration: false });
}

function amountOf({ price, quantity = 1 }: SubscriptionItem): number {
	return (price.unit_amount ?? 0) * quantity;
}

function line(
	subscription: Subscription,
	item: SubscriptionItem,
	{
		amount,
		period,
		proration,
	}: { amount: number; period: InvoiceLine['period']; proration: boolean },
): InvoiceLine {
	return {
		id: newId('il'),
		object: 'line_item',
		amount,
		currency: subscription.currency,
		description: proration ? 'Unused time' : 'Next period',
		discount_amounts: [],
		discountable: !proration,
		discounts: [],
		invoice: null,
		livemode: subscription.livemode,
		metadata: {},
		parent: {
			invoice_item_details: null,
			subscription_item_details: {
				invoice_item: null,
				proration,
				proration_details: { credited_items: null },
				subscription: subscription.id,
				subscription_item: item.id,
			},
			type: 'subscription_item_details',
		},
		period,
		pretax_credit_amounts: [],
		pricing: {
			price_details: { price: item.price.id, product: String(item.price.product) },
			type: 'price_details',
			unit_amount_decimal: item.price.unit_amount_decimal,
		},
		quantity: item.quantity ?? 1,
		quantity_decimal: String(item.quantity ?? 1),
		subscription: subscription.id,
		subtotal: amount,
		taxes: [],
	};
}

function invoice(
	subscription: Subscription,
	customer: Customer,
	lines: InvoiceLine[],
	now: number,
): Invoice {
	const total = lines.reduce((sum, { amount }) => sum + amount, 0);
	const due = Math.max(0, total);
	return {
		id: newId('upcoming_in'),
		object: 'invoice',
		account_country: 'US',
		account_name: 'Sandbox',
		account_tax_ids: null,
		amount_due: due,
		amount_overpaid: 0,
		amount_paid: 0,
		amount_remaining: due,
		amount_shipping: 0,
		application: null,
		attempt_count: 0,
		attempted: false,
		automatic_tax: {
			disabled_reason: null,
			enabled: false,
			liability: null,
			provider: null,
			status: null,
		},
		automatically_finalizes_at: null,
		billing_reason: 'upcoming',
		collection_method: subscription.collection_method,
		created: now,
		currency: subscription.currency,
		custom_fields: null,
		customer: customer.id,
		customer_account: null,
		customer_address: null,
		customer_email: customer.email,
		customer_name: null,
		customer_phone: null,
		customer_shipping: null,
		customer_tax_exempt: 'none',
		customer_tax_ids: [],
		default_payment_method: null,
		default_source: null,
		default_tax_rates: [],
		description: null,
		discounts: [],
		due_date: null,
		effective_at: null,
		ending_balance: Math.min(0, total),
		footer: null,
		from_invoice: null,
		issuer: { type: 'self' },
		last_finalization_error: null,
		latest_revision: null,
		lines: { object: 'list', data: lines, has_more: false, url: '/v1/invoices/upcoming/lines' },
		livemode: subscription.livemode,
		metadata: {},
		next_payment_attempt: null,
		number: null,
		on_behalf_of: null,
		parent: {
			quote_details: null,
			subscription_details: { metadata: {}, subscription: subscription.id },
			type: 'subscription_details',
		},
		payment_settings: {
			default_mandate: null,
			payment_method_options: null,
			payment_method_types: null,
		},
		period_end: now,
		period_start: now,
		post_payment_credit_notes_amount: 0,
		pre_payment_credit_notes_amount: 0,
		receipt_number: null,
		rendering: null,
		shipping_cost: null,
		shipping_details: null,
		starting_balance: 0,
		statement_descriptor: null,
		status: 'draft',
		status_transitions: {
			finalized_at: null,
			marked_uncollectible_at: null,
			paid_at: null,
			voided_at: null,
		},
		subtotal: total,
		subtotal_excluding_tax: total,
		test_clock: null,
		total,
		total_discount_amounts: [],
		total_excluding_tax: total,
		total_pretax_credit_amounts: [],
		total_taxes: [],
		webhooks_delivered_at: null,
	};
}
