import { keyFor, segment, type ApiRequest } from '../shared/contract/http';
import { toSeconds, type KnownRecord, type RequestedEnd } from './records';

/** The values of Cancel. */
export interface CancelValues extends RequestedEnd {
	subscriptionId: string;
	creditOption?: 'consumption_based' | 'full' | 'none' | 'prorate';
	reasonCode?: string;
	receivables?: 'no_action' | 'schedule_payment_collection' | 'write_off';
	refundableCredits?: 'no_action' | 'schedule_refund';
	unbilledCharges?: 'delete' | 'invoice';
}

/** The values of Resume. */
export interface ResumeValues {
	subscriptionId: string;
	billingCycles?: number;
	ifEnded?: 'reactivate' | 'refuse';
}

type Form = NonNullable<ApiRequest['form']>;

const keyHeader = 'chargebee-idempotency-key';

/**
 * A request that Chargebee carries out once for each key, within 30 minutes. The key covers path,
 * parameters and the state that was read.
 * https://apidocs.chargebee.com/docs/api/idempotency
 */
function post(
	path: string,
	form: Form,
	{ key, version }: { key: string; version?: string },
): ApiRequest {
	return {
		method: 'POST',
		path,
		form,
		headers: { [keyHeader]: keyFor(key, [path, form, version ?? null]) },
	};
}

export const subscriptionPath = (id: string): string => `/subscriptions/${segment(id)}`;

type KnownCancel = CancelValues & Partial<KnownRecord>;

const cancelOptions = {
	date: 'specific_date',
	immediately: 'immediately',
	periodEnd: 'end_of_term',
} as const;

const contractOptions = {
	endOfBillingTerm: 'end_of_subscription_billing_term',
	endOfContractTerm: 'end_of_contract_term',
	immediately: 'terminate_immediately',
} as const;

const contractOption = ({ hasContract, contractTerm }: KnownCancel) =>
	hasContract && contractTerm ? contractOptions[contractTerm] : undefined;

/** Without one of these Chargebee ends the subscription at once. */
function timing(values: KnownCancel): Form {
	const option = contractOption(values);
	if (option) return { contract_term_cancel_option: option };
	const { when, cancelAt } = values;
	return {
		cancel_option: cancelOptions[when],
		cancel_at: when === 'date' && cancelAt ? toSeconds(cancelAt) : undefined,
	};
}

export const endsNow = (values: KnownCancel): boolean =>
	(contractOption(values) ?? cancelOptions[values.when]).endsWith('immediately');

/**
 * Every choice about money is sent: without it the site's settings decide, which may refund. Where the
 * user has not chosen, the estimate has shown no unbilled charges. One that comes up since is not charged
 * by an end at once; until a later end charges are billed as before.
 */
export const cancelForm = (values: KnownCancel): Form => ({
	...timing(values),
	credit_option_for_current_term_charges: values.creditOption ?? 'none',
	unbilled_charges_option: values.unbilledCharges ?? (endsNow(values) ? 'delete' : 'invoice'),
	account_receivables_handling: values.receivables ?? 'no_action',
	refundable_credits_handling: values.refundableCredits ?? 'no_action',
	cancel_reason_code: values.reasonCode,
});

/** What the requests of a site with plans are called on one with items. */
const ofItems = {
	cancel: 'cancel_for_items',
	cancel_subscription_estimate: 'cancel_subscription_for_items_estimate',
};
/** By the name in one catalog, that in the other. */
const counterparts: Record<string, string | undefined> = {
	...ofItems,
	...Object.fromEntries(Object.entries(ofItems).map(([plans, items]) => [items, plans])),
};

type PlanRequest = keyof typeof ofItems;

/** A site has one of two product catalogs, which the record shows, and each has requests of its own. */
export const pathOf = (name: PlanRequest, { catalog, subscriptionId }: KnownCancel): string =>
	`${subscriptionPath(subscriptionId)}/${catalog === 'plans' ? name : ofItems[name]}`;

/** The same request of the other product catalog. */
export function inOtherCatalog(request: ApiRequest): ApiRequest | undefined {
	const { path, headers = {} } = request;
	const start = path.lastIndexOf('/') + 1;
	const other = counterparts[path.slice(start)];
	if (other === undefined) return undefined;
	const { [keyHeader]: key, ...rest } = headers;
	return {
		...request,
		path: path.slice(0, start) + other,
		headers: key === undefined ? rest : { ...rest, [keyHeader]: keyFor(key, other) },
	};
}

export const cancelRequest = (values: KnownCancel, key: string): ApiRequest =>
	post(pathOf('cancel', values), cancelForm(values), { key, version: values.version });

/** Removes a scheduled end; what has ended is reactivated. */
export function resumeRequest(
	values: ResumeValues & Partial<KnownRecord>,
	key: string,
): ApiRequest {
	const { hasEnded, billingCycles, version } = values;
	const action = hasEnded ? 'reactivate' : 'remove_scheduled_cancellation';
	return post(
		`${subscriptionPath(values.subscriptionId)}/${action}`,
		{ billing_cycles: billingCycles },
		{ key, version },
	);
}
