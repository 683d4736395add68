import type { Clock } from '../../clock';
import { sampleId, uuidOf } from './ids';

export type State = 'active' | 'canceled' | 'expired' | 'failed' | 'future' | 'paused';

/** What a subscription shows of its account. */
export interface AccountMini {
	id: string;
	object: 'account';
	code: string;
	email: string | null;
	first_name: string | null;
	last_name: string | null;
	company: string | null;
	parent_account_id: string | null;
	bill_to: 'self';
	dunning_campaign_id: string | null;
}

/** An add-on of a subscription; one that is billed by usage asks what becomes of the usage at the end. */
interface AddOn {
	id: string;
	object: 'subscription_add_on';
	subscription_id: string;
	add_on: {
		id: string;
		object: 'add_on';
		code: string;
		name: string;
		add_on_type: 'fixed' | 'usage';
		usage_type: 'price' | null;
	};
	quantity: number;
	unit_amount: number;
	created_at: string;
	updated_at: string;
	expired_at: string | null;
}

/** A subscription as the API shows it. Fields without a value are null. */
export interface Subscription {
	id: string;
	object: 'subscription';
	uuid: string;
	account: AccountMini;
	plan: { id: string; object: 'plan'; code: string; name: string };
	state: State;
	pending_change: object | null;
	current_period_started_at: string | null;
	current_period_ends_at: string | null;
	current_term_started_at: string | null;
	current_term_ends_at: string | null;
	trial_started_at: string | null;
	trial_ends_at: string | null;
	remaining_billing_cycles: number | null;
	total_billing_cycles: number;
	renewal_billing_cycles: number;
	auto_renew: boolean;
	paused_at: string | null;
	remaining_pause_cycles: number | null;
	resume_at: string | null;
	currency: string;
	unit_amount: number;
	quantity: number;
	add_ons: AddOn[];
	add_ons_total: number;
	subtotal: number;
	tax: number;
	total: number;
	collection_method: 'automatic' | 'manual';
	net_terms: number;
	expiration_reason: string | null;
	custom_fields: Array<{ name: string; value: string }>;
	created_at: string;
	updated_at: string;
	activated_at: string | null;
	canceled_at: string | null;
	expires_at: string | null;
	billing_info_id: string | null;
	active_invoice_id: string | null;
	started_with_gift: boolean;
	action_result: object | null;
}

/** An account, as the list of accounts shows it. */
export interface Account {
	id: string;
	object: 'account';
	code: string;
	email: string | null;
	first_name: string | null;
	state: 'active' | 'inactive';
	/** Logs its holder in as the customer. */
	hosted_login_token: string;
	has_past_due_invoice: boolean;
	created_at: string;
	updated_at: string;
}

/** The differences from an active subscription that is billed each month. */
interface Fields extends Partial<Subscription> {
	/** Days from today to the end of the billing period. Default 12. */
	endsIn?: number;
	/** Days of a billing period. Default 30. */
	period?: number;
	/** Days from today to the end of the term. Default: that of the period. */
	termEndsIn?: number;
}

export function account(clock: Clock, name: string, email: string | null): Account {
	return {
		id: sampleId('account', name),
		object: 'account',
		code: name,
		email,
		first_name: null,
		state: 'active',
		hosted_login_token: `sandbox_login_${uuidOf(name).slice(0, 12)}`,
		has_past_due_invoice: false,
		created_at: clock.midnight(-400),
		updated_at: clock.midnight(-400),
	};
}

/** An active subscription with these differences. */
export function subscription(
	clock: Clock,
	name: string,
	owner: Account,
	{ endsIn = 12, period = 30, termEndsIn = endsIn, ...fields }: Fields = {},
): Subscription {
	const id = sampleId('subscription', name);
	const isYearly = period > 31;
	const price = isYearly ? 199 : 19.99;
	const startedAt = clock.midnight(endsIn - period);
	return {
		id,
		object: 'subscription',
		uuid: uuidOf(id),
		account: miniOf(owner),
		plan: planOf(isYearly ? 'pro' : 'plus'),
		state: 'active',
		pending_change: null,
		current_period_started_at: startedAt,
		current_period_ends_at: clock.midnight(endsIn),
		current_term_started_at: termEndsIn === endsIn ? startedAt : clock.midnight(termEndsIn - 360),
		current_term_ends_at: clock.midnight(termEndsIn),
		trial_started_at: null,
		trial_ends_at: null,
		remaining_billing_cycles: Math.round((termEndsIn - endsIn) / period),
		total_billing_cycles: termEndsIn === endsIn ? 1 : 12,
		renewal_billing_cycles: termEndsIn === endsIn ? 1 : 12,
		auto_renew: true,
		paused_at: null,
		remaining_pause_cycles: null,
		resume_at: null,
		currency: 'USD',
		unit_amount: price,
		quantity: 1,
		add_ons: [],
		add_ons_total: 0,
		subtotal: price,
		tax: 0,
		total: price,
		collection_method: 'automatic',
		net_terms: 0,
		expiration_reason: null,
		custom_fields: [],
		created_at: clock.midnight(-60),
		updated_at: startedAt,
		activated_at: clock.midnight(-60),
		canceled_at: null,
		expires_at: null,
		billing_info_id: sampleId('account', `b${name}`),
		active_invoice_id: sampleId('invoice', name),
		started_with_gift: false,
		action_result: null,
		...fields,
	};
}

/** What a subscription of this account shows of it. */
export const miniOf = ({ id, code, email }: Account): AccountMini => ({
	id,
	object: 'account',
	code,
	email,
	first_name: null,
	last_name: null,
	company: null,
	parent_account_id: null,
	bill_to: 'self',
	dunning_campaign_id: null,
});

const planOf = (code: 'plus' | 'pro'): Subscription['plan'] => ({
	id: sampleId('plan', code),
	object: 'plan',
	code,
	name: code === 'pro' ? 'Pro' : 'Plus',
});

/** An add-on whose usage is billed. */
export function usageAddOn(clock: Clock, name: string): AddOn {
	return {
		id: sampleId('addOn', name),
		object: 'subscription_add_on',
		subscription_id: sampleId('subscription', name),
		add_on: {
			id: sampleId('addOn', 'calls'),
			object: 'add_on',
			code: 'calls',
			name: 'Calls',
			add_on_type: 'usage',
			usage_type: 'price',
		},
		quantity: 1,
		unit_amount: 0.05,
		created_at: clock.midnight(-60),
		updated_at: clock.midnight(-60),
		expired_at: null,
	};
}

/** The state in words, for the status page. */
export function standing({ state, trial_ends_at }: Subscription, now: string): string {
	const isTrial = state === 'active' && trial_ends_at !== null && isAfter(trial_ends_at, now);
	return isTrial ? 'active, in trial' : state;
}

/** When it ended, will end, or would end at the earliest. */
export const endOf = ({ expires_at, current_period_ends_at }: Subscription): string | null =>
	expires_at ?? current_period_ends_at;

/** What the customer can do about it. */
export function customerMay({ state }: Subscription): 'cancel' | 'return' | 'nothing' {
	if (state === 'canceled') return 'return';
	return isOver(state) ? 'nothing' : 'cancel';
}

export const isOver = (state: State): boolean => state === 'expired' || state === 'failed';

export const isAfter = (at: string, now: string): boolean => Date.parse(at) > Date.parse(now);
