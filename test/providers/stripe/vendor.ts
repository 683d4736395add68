import { byId } from '../facts';
import { runner } from '../run';

export const origin = 'https://api.stripe.com';
export const credentials = {
	stripeCancellationsApi: { secretKey: 'sk_of_the_shop', accountId: '', baseUrl: '' },
};
export const id = 'sub_1SandboxAda0000001';
export const customerId = 'cus_SandboxAda00001';
export const path = `/v1/subscriptions/${id}`;
export const get = `GET ${path}`;
export const post = `POST ${path}`;
export const del = `DELETE ${path}?invoice_now=false&prorate=false`;
/** Of the provider itself, with no wait before the next attempt. */
export const soon = { 'retry-after': '0' };

const seconds = (at: string) => Date.parse(at) / 1000;
export const future = '2999-12-31T00:00:00.000Z';
export const sooner = '2999-06-30T00:00:00.000Z';
export const past = '2020-01-31T00:00:00.000Z';

/** Active, monthly, until 2999. */
export const active = {
	id,
	object: 'subscription',
	status: 'active',
	cancel_at: null,
	cancel_at_period_end: false,
	canceled_at: null,
	ended_at: null,
	customer: customerId,
	livemode: true,
	schedule: null,
	currency: 'usd',
	items: {
		object: 'list',
		data: [
			{
				id: 'si_1',
				current_period_end: seconds(future),
				price: { id: 'price_1', nickname: 'Pro', unit_amount: 1999, currency: 'usd' },
				quantity: 1,
			},
		],
	},
};
/** After any request of these tests. */
const later = seconds('2999-11-30T00:00:00.000Z');
/** Ends with its period, as classic billing shows it. */
export const ending = {
	...active,
	cancel_at: seconds(future),
	cancel_at_period_end: true,
	canceled_at: later,
};
/** Ends at a time, as flexible billing and the customer portal show it. */
export const endingAt = (at: string) => ({ ...active, cancel_at: seconds(at), canceled_at: later });
export const canceled = {
	...active,
	status: 'canceled',
	canceled_at: seconds(past),
	ended_at: seconds(past),
};
export const endedNow = { ...canceled, canceled_at: later, ended_at: later };

export const error = (message: string, more: object = {}) => ({
	error: { type: 'invalid_request_error', message, ...more },
});
export const missing = error(`No such subscription: '${id}'`, {
	code: 'resource_missing',
	param: 'id',
});

/** Every operation on one subscription is about the one above, unless a test says otherwise. */
export const { run, one } = runner('stripe', 'subscription', credentials, (operation) => {
	if (operation === 'getAll') return {};
	return operation === 'cancel'
		? { subscriptionId: byId(id), when: 'periodEnd' }
		: { subscriptionId: byId(id) };
});
