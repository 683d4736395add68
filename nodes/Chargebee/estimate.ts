import type { IDataObject } from 'n8n-workflow';

import { formatAmount } from '../shared/contract/amount';
import { asObject, errorText, textOf, type ApiResponse } from '../shared/contract/http';
import type { RecordState } from '../shared/contract/record';
import { joinSentences } from '../shared/contract/sentences';
import { endVerdict, type ProviderPreview, type Verdict } from '../shared/contract/verdict';
import type { KnownRecord, RequestedEnd } from './records';
import { cancelForm, endsNow, pathOf, type CancelValues } from './requests';
import { isOwnError } from './responses';

/**
 * Chargebee's own estimate of the cancellation; it writes nothing. It is asked before every write for
 * which the user has not chosen what becomes of unbilled charges: neither value is harmless.
 * https://apidocs.chargebee.com/docs/api/estimates/cancel-subscription-for-items-estimate
 */
export function estimateOf(values: CancelValues & Partial<KnownRecord>): ProviderPreview {
	const { unbilledCharges } = values;
	return {
		request: {
			method: 'POST',
			path: pathOf('cancel_subscription_estimate', values),
			// Assumption: charges that would be deleted may be missing in the estimate.
			form: { ...cancelForm(values), unbilled_charges_option: unbilledCharges ?? 'invoice' },
		},
		interpret: (response) => interpretEstimate(response, unbilledCharges),
		required: unbilledCharges === undefined,
	};
}

function interpretEstimate(
	response: ApiResponse,
	chosen: CancelValues['unbilledCharges'],
): Verdict | undefined {
	const { estimate } = asObject(response.body);
	if (response.status === 200 && typeof estimate === 'object' && estimate !== null) {
		const amounts = amountsIn(asObject(estimate));
		const { unbilled } = amounts;
		return chosen === undefined && unbilled !== undefined
			? { outcome: 'refused', description: askAbout(unbilled) }
			: { outcome: 'readyToConfirm', money: inWords(amounts, chosen) };
	}
	if (response.status >= 300 && !isOwnError(response)) return undefined;
	return interpretFailure(response, chosen);
}

/** Undefined: the engine's default mapping decides. */
function interpretFailure(
	response: ApiResponse,
	chosen: CancelValues['unbilledCharges'],
): Verdict | undefined {
	const { status } = response;
	// The cancellation would be refused in the same way.
	if (status === 409) return { outcome: 'notCancellable', description: errorText(response) };
	if (status !== 400 && status >= 300) return undefined;
	const reason = `Chargebee could not estimate the cancellation (${errorText(response)}).`;
	// With a choice, not to know the amount is no reason against the cancellation.
	return chosen === undefined
		? { outcome: 'refused', description: `${reason} ${withoutEstimate}` }
		: { outcome: 'readyToConfirm', description: reason };
}

const withoutEstimate =
	'Without an estimate, choose under Additional Fields > Unbilled Charges what becomes of charges that have not been invoiced.';

const askAbout = (amount: string): string =>
	`Chargebee's estimate shows unbilled charges of ${amount}. Choose under Additional Fields > Unbilled Charges whether they are invoiced, which may charge the customer at once, or deleted.`;

/** Each as "12.00 USD"; undefined: nothing. */
interface Amounts {
	invoiced?: string;
	credited?: string;
	unbilled?: string;
}

const rowsOf = (...lists: unknown[]): IDataObject[] =>
	lists
		.flat()
		.map(asObject)
		.filter((row) => Object.keys(row).length > 0);

/** Assumption: unbilled charges stand in a list of their own, or in the invoice that would bill them. */
function amountsIn(estimate: IDataObject): Amounts {
	const invoices = rowsOf(estimate.invoice_estimate, estimate.invoice_estimates);
	const charges = rowsOf(estimate.unbilled_charge_estimates);
	const invoiced = sumOf(invoices, 'total');
	return {
		invoiced,
		credited: sumOf(rowsOf(estimate.credit_note_estimates), 'total'),
		unbilled: sumOf(charges, 'amount') ?? invoiced,
	};
}

/** The sum of a field by currency; undefined where nothing is left. */
function sumOf(rows: IDataObject[], field: string): string | undefined {
	const sums = new Map<string, number>();
	for (const row of rows) {
		const amount = row[field];
		const currency = textOf(row.currency_code) ?? '';
		if (typeof amount === 'number') sums.set(currency, (sums.get(currency) ?? 0) + amount);
	}
	const texts = [...sums]
		.filter(([, sum]) => sum > 0)
		.map(([currency, sum]) => formatAmount(sum, currency).trim());
	return texts.length > 0 ? texts.join(' and ') : undefined;
}

/** "invoices 12.00 USD, credits 3.00 USD" */
function inWords(
	{ invoiced, credited, unbilled }: Amounts,
	chosen: CancelValues['unbilledCharges'],
) {
	const deleted = chosen === 'delete' ? unbilled : undefined;
	const parts = [
		invoiced && `invoices ${invoiced}`,
		credited && `credits ${credited}`,
		deleted && `deletes unbilled charges of ${deleted}`,
	].filter(Boolean);
	return parts.length > 0 ? parts.join(', ') : 'charges and credits nothing';
}

/** What a cancellation would come to, and what it does with money. */
export function predictCancel(state: RecordState | undefined, values: CancelValues): Verdict {
	const { hasContract } = (state?.values ?? {}) as Partial<KnownRecord>;
	const verdict = endVerdict(state?.end ?? { kind: 'unknown' });
	const description = moneyNotes({ ...values, hasContract });
	return description === '' ? verdict : { ...verdict, description };
}

const notes = {
	receivables: {
		no_action: undefined,
		schedule_payment_collection: 'Chargebee tries to collect open invoices.',
		write_off: 'Chargebee writes open invoices off.',
	},
	refundableCredits: {
		no_action: undefined,
		schedule_refund: "Chargebee pays the customer's refundable credits back.",
	},
};

/** What an estimate does not show. */
function moneyNotes(values: CancelValues & Pick<Partial<KnownRecord>, 'hasContract'>): string {
	const { receivables = 'no_action', refundableCredits = 'no_action', hasContract } = values;
	return joinSentences(
		endsContract(values, hasContract)
			? 'It ends the contract term early; a termination fee may be charged.'
			: undefined,
		endsNow(values) ? undefined : 'The estimate shows what is known now.',
		notes.receivables[receivables],
		notes.refundableCredits[refundableCredits],
	);
}

const endsContract = ({ contractTerm }: RequestedEnd, hasContract = false): boolean =>
	hasContract && contractTerm !== 'endOfContractTerm';

/** What an undo would come to. A reactivation has no estimate. */
export function predictResume(state: RecordState | undefined): Verdict {
	const { hasEnded, price } = (state?.values ?? {}) as Partial<KnownRecord>;
	if (!hasEnded) return { outcome: 'restored', effectiveAt: null };
	const amount = price === undefined ? 'a new term' : price;
	return {
		outcome: 'restored',
		effectiveAt: null,
		money: `may charge ${amount} at once`,
		description:
			'Chargebee starts a new billing term, whose price is before discounts and taxes, unless the term that was paid for still runs.',
	};
}
