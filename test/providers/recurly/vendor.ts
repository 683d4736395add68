import { byId } from '../facts';
import { runner } from '../run';

export const origin = 'https://v3.recurly.com';
export const credentials = {
	recurlyApi: { apiKey: 'key_of_the_shop', region: 'us', webhookKey: '', baseUrl: '' },
};
export const id = 's3xq8dk2p000';
export const uuid = '5f3c1b9a5f3c1b9a5f3c1b9a5f3c1000';
export const accountId = 'a3xq8dk2p000';
export const path = `/subscriptions/${id}`;
export const get = `GET ${path}`;
export const put = `PUT ${path}/cancel`;
export const remove = `DELETE ${path}?refund=none&charge=false`;
export const reactivate = `PUT ${path}/reactivate`;
/** Of the provider itself, with no wait before the next attempt. */
export const soon = { 'retry-after': '0' };
/** Recurly repeats a stored response. */
export const prior = { 'idempotency-prior': 'true' };

export const future = '2999-12-31T00:00:00.000Z';
export const termEnd = '3000-11-30T00:00:00.000Z';
export const past = '2020-01-31T00:00:00.000Z';
/** After any request of these tests. */
const later = '2999-11-30T00:00:00.000Z';

/** Active, until 2999, in a term that lasts longer. */
export const active = {
	id,
	object: 'subscription',
	uuid,
	account: { id: accountId, object: 'account', code: 'ada', email: 'ada@example.com' },
	plan: { id: 'p3xq8dk2p000', object: 'plan', code: 'pro', name: 'Pro' },
	state: 'active',
	updated_at: past,
	current_period_ends_at: future,
	current_term_ends_at: termEnd,
	paused_at: null,
	canceled_at: null,
	expires_at: null,
	add_ons: [] as unknown[],
	action_result: { token: 'pay_by_bank' },
	billing_info: { last_four: '4242' },
};
export const usage = {
	...active,
	add_ons: [{ object: 'subscription_add_on', add_on: { code: 'calls', add_on_type: 'usage' } }],
};
export const canceled = { ...active, state: 'canceled', canceled_at: later, expires_at: future };
/** Canceled for the end of the term. */
export const canceledLate = { ...canceled, expires_at: termEnd };
export const expired = { ...active, state: 'expired', canceled_at: past, expires_at: past };
export const endedNow = { ...expired, canceled_at: later, expires_at: later };
export const failed = { ...active, state: 'failed', canceled_at: later };
export const paused = { ...active, state: 'paused', paused_at: past };
export const notBegun = { ...active, state: 'future' };

export const error = (type: string, message: string) => ({ error: { type, message, params: [] } });
export const list = (data: unknown[], next: string | null = null) => ({
	object: 'list',
	has_more: next !== null,
	next,
	data,
});

/** Every operation on one subscription is about the one above, unless a test says otherwise. */
export const { run, one } = runner('recurly', 'subscription', credentials, (operation) => {
	if (operation === 'getAll') return {};
	return operation === 'cancel'
		? { subscriptionId: byId(id), when: 'periodEnd' }
		: { subscriptionId: byId(id) };
});
