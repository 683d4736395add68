import { byId } from '../facts';
import { runner } from '../run';

export const origin = 'https://api.paddle.com';
export const credentials = {
	paddleCancellationsApi: { apiKey: 'pdl_key_of_the_shop', environment: 'live', baseUrl: '' },
};
export const id = 'sub_01sandbox00000000000000ada';
export const customerId = 'ctm_01sandbox00000000000000ada';
export const path = `/subscriptions/${id}`;
export const get = `GET ${path}`;
export const post = `POST ${path}/cancel`;
export const patch = `PATCH ${path}`;
/** Of the provider itself, with no wait before the next attempt. */
export const soon = { 'retry-after': '0' };

export const future = '2999-12-31T00:00:00.000Z';
export const past = '2020-01-31T00:00:00.000Z';
/** After any request of these tests. */
const later = '2999-11-30T00:00:00.000Z';

/** Active, until 2999. */
export const active = {
	id,
	status: 'active',
	customer_id: customerId,
	updated_at: past,
	next_billed_at: future,
	canceled_at: null,
	current_billing_period: { starts_at: past, ends_at: future },
	scheduled_change: null,
	management_urls: { cancel: 'https://portal/cancel?token=1', update_payment_method: null },
	items: [{ product: { name: 'Pro' } }],
};
const change = (action: string) => ({ action, effective_at: future, resume_at: null });
export const ending = { ...active, next_billed_at: null, scheduled_change: change('cancel') };
export const pausing = { ...active, next_billed_at: null, scheduled_change: change('pause') };
export const canceled = {
	...active,
	status: 'canceled',
	canceled_at: past,
	current_billing_period: null,
	next_billed_at: null,
};
export const endedNow = { ...canceled, canceled_at: later };

const meta = { request_id: 'req_1' };
export const entity = (data: unknown) => ({ data, meta });
export const error = (code: string, detail: string, type = 'request_error') => ({
	error: { type, code, detail, documentation_url: 'https://developer.paddle.com/errors' },
	meta,
});

/** Every operation on one subscription is about the one above, unless a test says otherwise. */
export const { run, one } = runner('paddle', 'subscription', credentials, (operation) => {
	if (operation === 'getAll') return {};
	return operation === 'cancel'
		? { subscriptionId: byId(id), when: 'periodEnd' }
		: { subscriptionId: byId(id) };
});
