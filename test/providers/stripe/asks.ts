import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/stripe/ids';
import { currentVersion } from '../../../sandbox/providers/stripe/wire';
import type { Ask } from '../facts';

const headers = {
	authorization: `Bearer ${keys.stripe.secretKey}`,
	'stripe-version': currentVersion,
};
const base = '/stripe/v1';
const sub = (name: string) => sampleId('sub', name);
const cus = (name: string) => sampleId('cus', name);

const get = (call: string, path: string, status = 200): Ask => ({
	call,
	path: base + path,
	headers,
	status,
});
const post = (call: string, path: string, form: Record<string, string>, status = 200): Ask => ({
	...get(call, path, status),
	form,
});
const update = (who: string, form: Record<string, string>, status?: number) =>
	post('updateSubscription', `/subscriptions/${sub(who)}`, form, status);
const preview = (who: string, details: Record<string, string>, status?: number) => {
	const form = { subscription: sub(who), ...details };
	return post('createPreview', '/invoices/create_preview', form, status);
};
const atPeriodEnd = { cancel_at_period_end: 'true' };
const cancelNow = { 'subscription_details[cancel_now]': 'true' };
const endpoint = {
	url: 'http://127.0.0.1:9/stripe',
	api_version: currentVersion,
	'enabled_events[0]': 'customer.subscription.updated',
};

const made = post('createWebhookEndpoint', '/webhook_endpoints', endpoint);

/** At least one accepted request for each call that is described. */
export const asks: Ask[] = [
	...['ada', 'ben', 'cleo', 'dora', 'emil', 'gus', 'hana', 'kim', 'bare'].map((who) =>
		get('getSubscription', `/subscriptions/${sub(who)}`),
	),
	get('getSubscription', `/subscriptions/${sub('ada')}?expand[]=customer`),
	get('getSubscription', `/subscriptions/${sub('hana')}?expand[]=schedule`),
	get('getSubscription', `/subscriptions/${sub('ada')}?expand[]=owner`, 400),
	get('getSubscription', `/subscriptions/${sub('ivo')}`, 404),
	update('ada', atPeriodEnd),
	update('dora', { cancel_at: '' }),
	update('ada', { cancel_at: '4102444800', proration_behavior: 'none' }),
	update('kim', { cancel_at: 'max_period_end', 'cancellation_details[comment]': 'Moved' }),
	update('gus', atPeriodEnd, 400),
	update('hana', atPeriodEnd, 400),
	update('unknown', atPeriodEnd, 404),
	get('listSubscriptions', `/subscriptions?customer=${cus('many')}&status=all&limit=100`),
	get('listSubscriptions', `/subscriptions?starting_after=${sub('ada')}`),
	get('listSubscriptions', '/subscriptions?status=gone', 400),
	get('getSchedule', `/subscription_schedules/${sampleId('sub_sched', 'hana')}`),
	get('getSchedule', '/subscription_schedules/sub_sched_unknown', 404),
	get('listCustomers', '/customers?email=renewed@example.com'),
	get('listCustomers', '/customers?email=', 400),
	get('searchCustomers', "/customers/search?query=email:'capital@example.com'"),
	get('searchCustomers', '/customers/search?query=capital', 400),
	get('getCustomer', `/customers/${cus('bare')}`),
	get('getCustomer', `/customers/${cus('unknown')}`, 404),
	preview('ada', { ...cancelNow, 'subscription_details[proration_behavior]': 'create_prorations' }),
	preview('ada', { ...cancelNow, 'subscription_details[proration_behavior]': 'none' }, 404),
	preview('ada', { 'subscription_details[cancel_now]': 'soon' }, 400),
	made,
	post('createWebhookEndpoint', '/webhook_endpoints', { ...endpoint, url: 'n8n' }, 400),
	get('listWebhookEndpoints', '/webhook_endpoints?limit=100'),
	{ ...get('getWebhookEndpoint', '/webhook_endpoints/{made}'), made },
	get('getWebhookEndpoint', '/webhook_endpoints/we_unknown', 404),
	{ ...get('deleteWebhookEndpoint', '/webhook_endpoints/{made}'), made },
	get('deleteWebhookEndpoint', '/webhook_endpoints/we_unknown', 404),
	...['ada', 'cleo', 'fay', 'june'].map((who) =>
		get('cancelSubscription', `/subscriptions/${sub(who)}?prorate=true&invoice_now=true`),
	),
	get('cancelSubscription', `/subscriptions/${sub('gus')}`, 404),
	get('cancelSubscription', `/subscriptions/${sub('ada')}?refund=true`, 400),
];
