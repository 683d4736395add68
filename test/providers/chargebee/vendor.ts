import { byId } from '../facts';
import { runner } from '../run';

export const origin = 'https://acme.chargebee.com';
export const credentials = {
	chargebeeCancellationsApi: { site: 'acme', apiKey: 'key_of_the_shop', baseUrl: '' },
};
export const id = '16SandboxAda';
export const customerId = '16SandboxAdasCustomer';
export const path = `/api/v2/subscriptions/${id}`;
export const get = `GET ${path}`;
export const estimate = `POST ${path}/cancel_subscription_for_items_estimate`;
export const post = `POST ${path}/cancel_for_items`;
export const undo = `POST ${path}/remove_scheduled_cancellation`;
export const reactivate = `POST ${path}/reactivate`;
/** Of the provider itself, with no wait before the next attempt. */
export const soon = { 'retry-after': '0' };

export const seconds = (at: string) => Date.parse(at) / 1000;
export const future = '2999-12-31T00:00:00.000Z';
export const sooner = '2999-06-30T00:00:00.000Z';
export const past = '2020-01-31T00:00:00.000Z';
/** After any request of these tests. */
const later = seconds('2999-11-30T00:00:00.000Z');

/** Active, monthly, until 2999. */
export const active = {
	id,
	object: 'subscription',
	status: 'active',
	customer_id: customerId,
	currency_code: 'USD',
	current_term_end: seconds(future),
	next_billing_at: seconds(future),
	deleted: false,
	subscription_items: [
		{ item_price_id: 'pro-USD-monthly', item_type: 'plan', quantity: 1, amount: 1999 },
	],
};
/** Ends with its term. */
export const ending = {
	...active,
	status: 'non_renewing',
	cancelled_at: seconds(future),
	cancel_schedule_created_at: later,
};
/** Ends at a date. */
export const endingAt = (at: string) => ({
	...active,
	cancelled_at: seconds(at),
	cancel_schedule_created_at: later,
});
export const trial = { ...active, status: 'in_trial', trial_end: seconds(sooner) };
export const cancelled = { ...active, status: 'cancelled', cancelled_at: seconds(past) };
export const endedNow = { ...cancelled, cancelled_at: later };
export const contract = {
	id: 'contract_1',
	status: 'active',
	contract_end: seconds('3001-12-31T00:00:00.000Z'),
	action_at_term_end: 'renew',
};
const plan = { plan_id: 'pro-monthly', plan_quantity: 1, plan_amount: 1999 };
/** Of a site with Product Catalog 1.0. */
export const classic = { ...active, subscription_items: undefined, ...plan };

const customer = {
	id: customerId,
	email: 'ada@example.com',
	vat_number: 'DE123',
	created_from_ip: '192.0.2.7',
	billing_address: { line1: 'Long Street 1' },
	payment_method: { type: 'card', reference_id: 'tok_of_ada' },
};
const card = { last4: '4242', masked_number: '****4242' };

/** A subscription as Chargebee shows it: with its customer and the customer's card. */
export const entry = (subscription: object) => ({ subscription, customer, card });

const noMoney = { created_at: later, object: 'estimate' };
export const estimated = (more: object = {}) => ({ estimate: { ...noMoney, ...more } });
/** 12.00 USD that have not been invoiced. */
export const unbilled = estimated({
	invoice_estimate: { total: 1200, currency_code: 'USD', object: 'invoice_estimate' },
});

export const error = (code: string, message: string, type = 'invalid_request') => ({
	...{ message, type, api_error_code: code },
	...{ error_code: code, error_msg: message },
});
export const missing = error('resource_not_found', `${id} not found`);
export const wrongState = error('invalid_state_for_request', 'The subscription is cancelled');

/** Every operation on one subscription is about the one above, unless a test says otherwise. */
export const { run, one } = runner('chargebee', 'subscription', credentials, (operation) => {
	if (operation === 'getAll') return {};
	return operation === 'cancel'
		? { subscriptionId: byId(id), when: 'periodEnd' }
		: { subscriptionId: byId(id) };
});
