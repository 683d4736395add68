import type { Params } from '../../form';
import type { Catalog } from './access';
import { InvalidRequest, chargebeeError, wrongValue } from './errors';
import { booleanParam, choiceParam, integerParam, refuseUnknown, textParam } from './params';
import { activeContract, type Subscription, termEnd } from './subscription';

const commonParams = [
	'account_receivables_handling',
	'cancel_at',
	'cancel_option',
	'cancel_reason_code',
	'contract_term_cancel_option',
	'credit_option_for_current_term_charges',
	'end_of_term',
	'invoice_date',
	'refundable_credits_handling',
	'unbilled_charges_option',
];
const itemParams = ['include_cancellation_day_in_billing', 'subscription_items'];

/** The parameters of each of the four calls; an estimate cannot decommission. */
const paramsOf = {
	items: [...commonParams, ...itemParams],
	plans: [...commonParams, 'event_based_addons'],
};

const cancelOptions = [
	'immediately',
	'end_of_term',
	'specific_date',
	'end_of_billing_term',
] as const;
const contractOptions = [
	'terminate_immediately',
	'end_of_contract_term',
	'specific_date',
	'end_of_subscription_billing_term',
] as const;

/** The reason codes of the sandbox's sites, which are case-sensitive. */
export const reasonCodes = ['Too expensive', 'Missing features', 'Not used', 'Other'];

/** What a site does about money where a request does not say. */
export type SiteDefaults = 'moveMoney' | 'none';

/** A cancellation as requested. */
export interface Cancellation {
	/** When it ends, Unix seconds; `now` for at once. */
	at: number | 'now';
	isAtTermEnd: boolean;
	credits: 'none' | 'prorate' | 'full' | 'consumption_based';
	/** Undefined in an estimate that leaves it out. */
	unbilledCharges: 'invoice' | 'delete' | undefined;
	refundsCredits: boolean;
	reasonCode: string | undefined;
}

/**
 * Reads the parameters of a cancellation or of its estimate.
 * @throws InvalidRequest
 */
export function readCancellation(
	record: Subscription,
	params: Params,
	{
		catalog,
		isEstimate,
		siteDefaults,
		reasonIsMandatory,
	}: {
		catalog: Catalog;
		isEstimate: boolean;
		siteDefaults: SiteDefaults;
		reasonIsMandatory: boolean;
	},
): Cancellation {
	const mayDecommission = catalog === 'items' && !isEstimate;
	refuseUnknown(params, [...paramsOf[catalog], ...(mayDecommission ? ['decommissioned'] : [])]);
	booleanParam(params, 'decommissioned');
	booleanParam(params, 'include_cancellation_day_in_billing');
	integerParam(params, 'invoice_date');
	choiceParam(params, 'account_receivables_handling', [
		'no_action',
		'schedule_payment_collection',
		'write_off',
	]);
	const moves = siteDefaults === 'moveMoney';
	return {
		...timingOf(record, params),
		credits:
			choiceParam(params, 'credit_option_for_current_term_charges', [
				'none',
				'prorate',
				'full',
				'consumption_based',
			]) ?? (moves ? 'prorate' : 'none'),
		unbilledCharges:
			choiceParam(params, 'unbilled_charges_option', ['invoice', 'delete']) ??
			// Assumption: an estimate that leaves the choice open shows the charges themselves.
			(isEstimate ? undefined : moves ? 'invoice' : 'delete'),
		refundsCredits:
			(choiceParam(params, 'refundable_credits_handling', ['no_action', 'schedule_refund']) ??
				(moves ? 'schedule_refund' : 'no_action')) === 'schedule_refund',
		reasonCode: reasonOf(params, reasonIsMandatory && !isEstimate),
	};
}

function reasonOf(params: Params, isMandatory: boolean): string | undefined {
	const code = textParam(params, 'cancel_reason_code');
	if (code === undefined) {
		if (isMandatory) throw wrongValue('cancel_reason_code', 'cannot be blank');
		return undefined;
	}
	if (!reasonCodes.includes(code)) throw wrongValue('cancel_reason_code', 'is not on the list');
	return code;
}

function timingOf(record: Subscription, params: Params): Pick<Cancellation, 'at' | 'isAtTermEnd'> {
	const cancelAt = integerParam(params, 'cancel_at');
	const option =
		choiceParam(params, 'cancel_option', cancelOptions) ??
		(booleanParam(params, 'end_of_term') ? 'end_of_term' : undefined);
	const contractOption = choiceParam(params, 'contract_term_cancel_option', contractOptions);
	const contract = activeContract(record);
	if (contractOption !== undefined && !contract) {
		throw wrongValue('contract_term_cancel_option', 'the subscription has no active contract term');
	}
	if (contract && contractOption === 'end_of_contract_term') {
		return { at: contract.contract_end, isAtTermEnd: true };
	}
	// Without any option it ends at once.
	const chosen = contractOption ?? option ?? (cancelAt === undefined ? 'immediately' : undefined);
	switch (chosen) {
		case 'immediately':
		case 'terminate_immediately':
			return { at: 'now', isAtTermEnd: false };
		case 'end_of_term':
		case 'end_of_billing_term':
		case 'end_of_subscription_billing_term':
			// Assumption: under a contract, `cancel_option` knows no end but the one at once.
			if (contract && contractOption === undefined) throw underContract();
			return { at: endOfTerm(record), isAtTermEnd: true };
		default:
			if (contract && contractOption === undefined) throw underContract();
			if (cancelAt === undefined) throw wrongValue('cancel_at', 'cannot be blank');
			return { at: cancelAt, isAtTermEnd: false };
	}
}

function underContract(): InvalidRequest {
	const message =
		'The subscription has an active contract term. Use contract_term_cancel_option to cancel it';
	return new InvalidRequest(
		chargebeeError('invalid_request', message, 'contract_term_cancel_option'),
	);
}

/** Assumption: one that has no term, as it is paused or has not begun, cannot end with it. */
function endOfTerm(record: Subscription): number {
	const end = termEnd(record);
	if (end !== undefined) return end;
	const message = `The subscription is ${record.status} and has no term`;
	throw new InvalidRequest(chargebeeError('invalid_state_for_request', message));
}
