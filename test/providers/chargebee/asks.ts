import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/chargebee/ids';
import type { Ask } from '../facts';

const basic = (key: string) => ({
	authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
});
const base = '/chargebee/acme-test/api/v2';
const classic = '/chargebee/acme-classic-test/api/v2';
const sub = (name: string) => sampleId('sub', name);
const cus = (name: string) => sampleId('cus', name);

const get = (call: string, path: string, status = 200): Ask => ({
	call,
	path: base + path,
	headers: basic(keys.chargebee.apiKey),
	status,
});
const post = (call: string, path: string, form: Record<string, string>, status = 200): Ask => ({
	...get(call, path, status),
	form,
});
/** The same on the site with Product Catalog 1.0. */
const onClassic = (ask: Ask): Ask => ({
	...ask,
	path: ask.path.replace(base, classic),
	headers: basic(keys.chargebee.classicApiKey),
});

const money = {
	credit_option_for_current_term_charges: 'none',
	unbilled_charges_option: 'invoice',
	account_receivables_handling: 'no_action',
	refundable_credits_handling: 'no_action',
};
const atTermEnd = { cancel_option: 'end_of_term', ...money };
const now = { cancel_option: 'immediately', ...money };
const credited = { ...now, credit_option_for_current_term_charges: 'prorate' };
const contractEnd = { contract_term_cancel_option: 'end_of_contract_term', ...money };

const cancel = (who: string, form: Record<string, string>, status?: number) =>
	post('cancelSubscriptionForItems', `/subscriptions/${sub(who)}/cancel_for_items`, form, status);
const estimate = (who: string, form: Record<string, string>, status?: number) => {
	const path = `/subscriptions/${sub(who)}/cancel_subscription_for_items_estimate`;
	return post('estimateCancellationForItems', path, form, status);
};
const cancelPlan = (who: string, form: Record<string, string>, status?: number) =>
	onClassic(post('cancelSubscription', `/subscriptions/${sub(who)}/cancel`, form, status));
const estimatePlan = (who: string, form: Record<string, string>, status?: number) => {
	const path = `/subscriptions/${sub(who)}/cancel_subscription_estimate`;
	return onClassic(post('estimateCancellation', path, form, status));
};
const undo = (who: string, status?: number) => {
	const path = `/subscriptions/${sub(who)}/remove_scheduled_cancellation`;
	return post('removeScheduledCancellation', path, { billing_cycles: '3' }, status);
};
const reactivate = (who: string, status?: number) =>
	post('reactivateSubscription', `/subscriptions/${sub(who)}/reactivate`, {}, status);

const endpoint = {
	name: 'n8n',
	url: 'http://127.0.0.1:8080/chargebee',
	api_version: 'v2',
	basic_auth_username: 'n8n',
	basic_auth_password: 'a'.repeat(32),
	'enabled_events[0]': 'subscription_cancelled',
};
const made = post('createWebhookEndpoint', '/webhook_endpoints', endpoint);

/** At least one accepted request for each call that is described. */
export const asks: Ask[] = [
	...['ada', 'ben', 'cleo', 'dora', 'emil', 'fay', 'gus', 'hana', 'june', 'bare'].map((who) =>
		get('getSubscription', `/subscriptions/${sub(who)}`),
	),
	get('getSubscription', `/subscriptions/${sub('unknown')}`, 404),
	onClassic(get('getSubscription', `/subscriptions/${sub('ivo')}`)),
	...['ada', 'ben', 'kim'].map((who) => cancel(who, atTermEnd)),
	...['ada', 'cleo', 'june', 'emil'].map((who) => cancel(who, credited)),
	cancel('hana', contractEnd),
	cancel('ada', { cancel_option: 'specific_date', cancel_at: '4102444800', ...money }),
	cancel('ada', { ...now, cancel_option: 'tomorrow' }, 400),
	cancel('unknown', now, 404),
	cancel('gus', now, 409),
	...['ada', 'june', 'kim'].map((who) => estimate(who, credited)),
	estimate('hana', contractEnd),
	estimate('ada', { ...now, cancel_option: 'tomorrow' }, 400),
	estimate('unknown', now, 404),
	estimate('gus', now, 409),
	cancelPlan('ivo', atTermEnd),
	cancelPlan('ivo', now),
	onClassic(cancel('ivo', now, 400)),
	estimatePlan('ivo', credited),
	...['cleo', 'dora'].map((who) => undo(who)),
	undo('ada', 409),
	undo('unknown', 404),
	reactivate('gus'),
	reactivate('ada', 409),
	get('listSubscriptions', `/subscriptions?customer_id[is]=${cus('many')}&limit=100`),
	get(
		'listSubscriptions',
		'/subscriptions?status[in]=["active","paused"]&sort_by[desc]=created_at',
	),
	get('listSubscriptions', '/subscriptions?status[is]=gone', 400),
	get('listCustomers', '/customers?email[is]=renewed@example.com&limit=100'),
	get('listCustomers', '/customers?email=renewed@example.com', 400),
	made,
	post('createWebhookEndpoint', '/webhook_endpoints', { ...endpoint, url: 'n8n' }, 400),
	get('listWebhookEndpoints', '/webhook_endpoints?limit=100'),
	{ ...get('getWebhookEndpoint', '/webhook_endpoints/{made}'), made },
	get('getWebhookEndpoint', '/webhook_endpoints/whv2_unknown', 404),
	{ ...post('deleteWebhookEndpoint', '/webhook_endpoints/{made}/delete', {}), made },
	post('deleteWebhookEndpoint', '/webhook_endpoints/whv2_unknown/delete', {}, 404),
];
