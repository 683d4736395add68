import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/chargebee/ids';
import type { Ask } from '../facts';

const sub = (name: string) => sampleId('sub', name);
const cus = (name: string) => sampleId('cus', name);
const basic = (key: string) => ({
	authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
});
const sites = {
	'acme-test': basic(keys.chargebee.apiKey),
	'acme-classic-test': basic(keys.chargebee.classicApiKey),
};
type Form = Record<string, string>;

const askAt =
	(site: keyof typeof sites) =>
	(call: string, path: string, status = 200, form?: Form): Ask => ({
		...{ call, form, status },
		path: `/chargebee/${site}/api/v2${path}`,
		headers: sites[site],
	});
const ask = askAt('acme-test');
const askClassic = askAt('acme-classic-test');

const money = {
	credit_option_for_current_term_charges: 'none',
	unbilled_charges_option: 'invoice',
	account_receivables_handling: 'no_action',
	refundable_credits_handling: 'no_action',
};
const atOnce = { ...money, cancel_option: 'immediately' };
const atTermEnd = { ...money, cancel_option: 'end_of_term' };
const withContract = { ...money, contract_term_cancel_option: 'end_of_contract_term' };
const atDate = (days: number) => ({
	...money,
	cancel_option: 'specific_date',
	cancel_at: String(Math.floor(Date.now() / 1000) + days * 86_400),
});

const cancel = (who: string, form: Form, status?: number) =>
	ask('cancelSubscriptionForItems', `/subscriptions/${sub(who)}/cancel_for_items`, status, form);
const estimate = (who: string, form: Form, status?: number) =>
	ask(
		'estimateCancellationForItems',
		`/subscriptions/${sub(who)}/cancel_subscription_for_items_estimate`,
		status,
		form,
	);
const undo = (who: string, status?: number, form: Form = {}) =>
	ask(
		'removeScheduledCancellation',
		`/subscriptions/${sub(who)}/remove_scheduled_cancellation`,
		status,
		form,
	);
const reactivate = (who: string, status?: number, form: Form = {}) =>
	ask('reactivateSubscription', `/subscriptions/${sub(who)}/reactivate`, status, form);

const endpoint = {
	name: 'n8n',
	url: 'http://127.0.0.1:9/chargebee',
	api_version: 'v2',
	basic_auth_username: 'n8n',
	basic_auth_password: 'p'.repeat(64),
	'enabled_events[0]': 'subscription_cancelled',
	'enabled_events[1]': 'subscription_canceled_with_backdating',
};
const made = ask('createWebhookEndpoint', '/webhook_endpoints', 200, endpoint);

/** At least one accepted request for each call that is described. */
export const asks: Ask[] = [
	...['ada', 'ben', 'cleo', 'dora', 'emil', 'gus', 'hana', 'bare'].map((who) =>
		ask('getSubscription', `/subscriptions/${sub(who)}`),
	),
	askClassic('getSubscription', `/subscriptions/${sub('ivo')}`),
	ask('getSubscription', `/subscriptions/${sub('ivo')}`, 404),
	...['ada', 'ben', 'fay'].map((who) => cancel(who, atTermEnd)),
	...['ada', 'cleo', 'emil', 'june'].map((who) => cancel(who, atOnce)),
	cancel('kim', { ...atOnce, credit_option_for_current_term_charges: 'prorate' }),
	cancel('ada', atDate(40)),
	cancel('ada', atDate(-3)),
	cancel('hana', withContract),
	cancel('hana', atTermEnd, 400),
	cancel('ada', { ...money, cancel_option: 'soon' }, 400),
	cancel('gus', atOnce, 409),
	cancel('unknown', atOnce, 404),
	askClassic(
		'cancelSubscriptionForItems',
		`/subscriptions/${sub('ivo')}/cancel_for_items`,
		400,
		atOnce,
	),
	...['ada', 'ben', 'june'].map((who) => estimate(who, atTermEnd)),
	...['ada', 'june'].map((who) => estimate(who, atOnce)),
	estimate('june', { cancel_option: 'immediately' }),
	estimate('gus', atOnce, 409),
	estimate('unknown', atOnce, 404),
	askClassic('cancelSubscription', `/subscriptions/${sub('ivo')}/cancel`, 200, atTermEnd),
	ask('cancelSubscription', `/subscriptions/${sub('ada')}/cancel`, 400, atTermEnd),
	askClassic(
		'estimateCancellation',
		`/subscriptions/${sub('ivo')}/cancel_subscription_estimate`,
		200,
		atOnce,
	),
	ask(
		'estimateCancellation',
		`/subscriptions/${sub('ada')}/cancel_subscription_estimate`,
		400,
		atOnce,
	),
	undo('cleo'),
	undo('dora', 200, { billing_cycles: '3' }),
	undo('ada', 409),
	undo('unknown', 404),
	reactivate('gus'),
	reactivate('gus', 400, { billing_cycles: 'many' }),
	reactivate('ada', 409),
	ask('listSubscriptions', `/subscriptions?customer_id[is]=${cus('many')}&limit=100`),
	ask('listSubscriptions', '/subscriptions?status[is]=non_renewing'),
	ask('listSubscriptions', '/subscriptions?status[is]=gone', 400),
	ask('listCustomers', '/customers?email[is]=renewed%40example.com'),
	ask('listCustomers', '/customers?limit=101', 400),
	made,
	ask('createWebhookEndpoint', '/webhook_endpoints', 400, { ...endpoint, name: '' }),
	ask('listWebhookEndpoints', '/webhook_endpoints?limit=100'),
	{ ...ask('getWebhookEndpoint', '/webhook_endpoints/{made}'), made },
	ask('getWebhookEndpoint', '/webhook_endpoints/whv2_unknown', 404),
	{ ...ask('deleteWebhookEndpoint', '/webhook_endpoints/{made}/delete'), made },
	ask('deleteWebhookEndpoint', '/webhook_endpoints/whv2_unknown/delete', 404),
];
