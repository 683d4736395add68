import { formatAmount } from '../shared/contract/amount';
import { asObject, errorText, type ApiResponse } from '../shared/contract/http';
import { endVerdict, type ProviderPreview, type Verdict } from '../shared/contract/verdict';
import type { RecordState } from '../shared/contract/record';
import { scheduleChannel, toSeconds, type RequestedEnd } from './records';
import { isOwnError, managedVerdict } from './responses';

/** The fields of Cancel that decide when it ends and what it costs. */
export interface Cancellation extends RequestedEnd {
	invoiceNow?: boolean;
	prorate?: boolean;
	prorationBehavior?: 'always_invoice' | 'create_prorations' | 'none';
}

/**
 * What the cancellation would charge or credit; writes nothing. An end at the period's end moves no
 * money. https://docs.stripe.com/api/invoices/create_preview
 */
export function previewOf(subscription: string, values: Cancellation): ProviderPreview | undefined {
	const { when, cancelAt, prorate, prorationBehavior = 'none' } = values;
	if (when === 'periodEnd') return undefined;
	const details =
		when === 'immediately'
			? {
					'subscription_details[cancel_now]': true,
					'subscription_details[proration_behavior]': prorate ? 'create_prorations' : 'none',
				}
			: {
					'subscription_details[cancel_at]': cancelAt && toSeconds(cancelAt),
					'subscription_details[proration_behavior]': prorationBehavior,
				};
	return {
		request: {
			method: 'POST',
			path: '/v1/invoices/create_preview',
			form: { subscription, ...details },
		},
		interpret: interpretPreview,
	};
}

/** Not to know the amount is no reason against the cancellation, so only the note tells of an error. */
function interpretPreview(response: ApiResponse): Verdict | undefined {
	if (response.status === 200) {
		return { outcome: 'readyToConfirm', description: amountText(response) };
	}
	if (!isOwnError(response) || [401, 429].includes(response.status)) return undefined;
	const { code } = asObject(asObject(response.body).error);
	return {
		outcome: 'readyToConfirm',
		description:
			code === 'invoice_upcoming_none'
				? "Stripe's preview shows nothing to charge or credit."
				: `Stripe could not preview the amount (${errorText(response)}).`,
	};
}

function amountText({ body }: ApiResponse): string {
	const { object, total, currency } = asObject(body);
	if (object !== 'invoice' || typeof total !== 'number') {
		return "Stripe's preview names no amount.";
	}
	if (total === 0) return "Stripe's preview shows nothing to charge or credit.";
	const amount = formatAmount(Math.abs(total), String(currency));
	return `Stripe's preview of the next invoice ${total > 0 ? `charges ${amount}` : `credits ${amount} to the customer's balance`}.`;
}

/** What the write would come to, and what it does with money. */
export function predictCancel(state: RecordState | undefined, values: Cancellation): Verdict {
	const { when } = values;
	if (state?.channel === scheduleChannel && when !== 'immediately') return managedVerdict();
	const verdict: Verdict =
		when === 'immediately'
			? { outcome: 'cancelled', effectiveAt: null }
			: endVerdict(state?.end ?? { kind: 'unknown' });
	const description = moneyNote(values);
	return description === undefined ? verdict : { ...verdict, description };
}

function moneyNote({ when, invoiceNow, prorate, prorationBehavior = 'none' }: Cancellation) {
	if (when === 'periodEnd') return undefined;
	if (when === 'date') {
		return prorationBehavior === 'none'
			? 'A date within the present period is not prorated; Stripe always prorates one in a later period.'
			: 'Stripe prorates the part of the period that is not used.';
	}
	if (prorate) return 'Stripe credits the unused time and creates a last invoice at once.';
	return invoiceNow
		? 'Stripe invoices usage and pending prorations at once; nothing is refunded.'
		: 'Nothing is refunded or credited. Stripe drops pending prorations and usage that has not been invoiced.';
}
