import type { CreditNote, Invoice, UnbilledCharge } from 'chargebee';
import type { Cancellation } from './cancelRequest';
import { newId } from './ids';
import type { Subscription } from './subscription';

/** A charge that was added to a subscription and is not on an invoice yet. */
export type Charge = UnbilledCharge & { object: 'unbilled_charge' };

/** @param amount in cents */
export function charge(
	{ id, customer_id }: Pick<Subscription, 'id' | 'customer_id'>,
	{ amount, description, now }: { amount: number; description: string; now: number },
): Charge {
	return {
		id: `li_${id}`,
		customer_id,
		subscription_id: id,
		date_from: now,
		date_to: now,
		unit_amount: amount,
		pricing_model: 'per_unit',
		quantity: 1,
		amount,
		currency_code: 'USD',
		discount_amount: 0,
		description,
		entity_type: 'adhoc',
		is_voided: false,
		updated_at: now,
		deleted: false,
		object: 'unbilled_charge',
	};
}

export const totalOf = (charges: Charge[]): number =>
	charges.reduce((sum, { amount = 0 }) => sum + amount, 0);

/** The price of a term in cents. */
export function priceOf({ plan_amount, subscription_items }: Subscription): number {
	return plan_amount ?? (subscription_items ?? []).reduce((sum, { amount = 0 }) => sum + amount, 0);
}

/**
 * Cents that come back for the rest of the term, none where it runs to its end.
 * Assumption: usage is not modelled, so that a credit by consumption is one by time.
 */
export function creditOf(
	record: Subscription,
	{ credits, at, isAtTermEnd }: Cancellation,
	now: number,
): number {
	const { current_term_start: start = now, current_term_end: stop = now } = record;
	if (credits === 'none' || isAtTermEnd || record.status === 'in_trial') return 0;
	const price = priceOf(record);
	if (credits === 'full') return price;
	const left = Math.max(0, stop - (at === 'now' ? now : at));
	return stop > start ? Math.min(price, Math.round((price * left) / (stop - start))) : 0;
}

const lineOf = ({ id, subscription_id, description, amount }: Charge, now: number) => ({
	id,
	subscription_id,
	date_from: now,
	date_to: now,
	unit_amount: amount,
	quantity: 1,
	amount,
	is_taxed: false,
	tax_amount: 0,
	description,
	entity_type: 'adhoc',
	object: 'line_item',
});

/** The invoice that an end raises for its open charges, or that a reactivation raises for its first term. */
export function invoice(record: Subscription, charges: Charge[], now: number): Invoice {
	return {
		id: newId('in'),
		customer_id: record.customer_id,
		subscription_id: record.id,
		recurring: false,
		status: 'paid',
		date: now,
		price_type: 'tax_exclusive',
		currency_code: record.currency_code,
		sub_total: totalOf(charges),
		total: totalOf(charges),
		amount_paid: totalOf(charges),
		amount_due: 0,
		line_items: charges.map((one) => lineOf(one, now)),
		deleted: false,
		object: 'invoice',
	} as unknown as Invoice;
}

export function creditNote(record: Subscription, total: number, now: number): CreditNote {
	return {
		id: newId('cn'),
		customer_id: record.customer_id,
		subscription_id: record.id,
		type: 'refundable',
		reason_code: 'subscription_cancellation',
		status: 'refund_due',
		date: now,
		price_type: 'tax_exclusive',
		currency_code: record.currency_code,
		total,
		deleted: false,
		object: 'credit_note',
	} as unknown as CreditNote;
}

/**
 * What a cancellation would do to money, without doing it.
 * @see https://apidocs.chargebee.com/docs/api/estimates
 */
export function estimate(
	record: Subscription,
	charges: Charge[],
	cancellation: Cancellation,
	now: number,
): object {
	const { at, isAtTermEnd, unbilledCharges } = cancellation;
	const isNow = at === 'now' || at <= now;
	const credit = creditOf(record, cancellation, now);
	// Assumption: at the end of a term open charges are invoiced as always, so that nothing is to be chosen.
	const open = isAtTermEnd ? [] : charges;
	const total = totalOf(open);
	return {
		created_at: now,
		object: 'estimate',
		subscription_estimate: {
			id: record.id,
			currency_code: record.currency_code,
			status: isNow ? 'cancelled' : isAtTermEnd ? 'non_renewing' : record.status,
			object: 'subscription_estimate',
		},
		...(open.length > 0 &&
			unbilledCharges === 'invoice' && {
				invoice_estimate: {
					recurring: false,
					date: now,
					price_type: 'tax_exclusive',
					currency_code: record.currency_code,
					sub_total: total,
					total,
					credits_applied: 0,
					amount_paid: 0,
					amount_due: total,
					line_items: open.map((one) => lineOf(one, now)),
					customer_id: record.customer_id,
					object: 'invoice_estimate',
				},
			}),
		...(open.length > 0 && unbilledCharges === undefined && { unbilled_charge_estimates: open }),
		...(credit > 0 && {
			credit_note_estimates: [
				{
					reference_invoice_id: `in_${record.id}`,
					type: 'refundable',
					price_type: 'tax_exclusive',
					currency_code: record.currency_code,
					sub_total: credit,
					total: credit,
					amount_allocated: 0,
					amount_available: credit,
					customer_id: record.customer_id,
					object: 'credit_note_estimate',
				},
			],
		}),
	};
}
