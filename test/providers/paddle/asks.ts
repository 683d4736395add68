import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/paddle/ids';
import type { Ask } from '../facts';

const headers = { authorization: `Bearer ${keys.paddle.liveApiKey}`, 'paddle-version': '1' };
const base = '/paddle/live';
const sub = (name: string) => sampleId('sub', name);
const ctm = (name: string) => sampleId('ctm', name);

const ask = (call: string, path: string, status = 200, json?: unknown): Ask => ({
	call,
	path: base + path,
	headers,
	json,
	status,
	withoutKey: 403,
});
const cancel = (who: string, effective_from: string, status?: number) =>
	ask('cancelSubscription', `/subscriptions/${sub(who)}/cancel`, status, { effective_from });
const undo = (who: string, status?: number, scheduled_change: unknown = null) =>
	ask('updateSubscription', `/subscriptions/${sub(who)}`, status, { scheduled_change });
const setting = {
	description: 'n8n',
	destination: 'http://127.0.0.1:9/paddle',
	type: 'url',
	subscribed_events: ['subscription.updated', 'subscription.canceled'],
};

const made = ask('createNotificationSetting', '/notification-settings', 201, setting);

/** At least one accepted request for each call that is described. */
export const asks: Ask[] = [
	{ ...ask('getRoot', '/'), withoutKey: 200 },
	...['ada', 'ben', 'cleo', 'dora', 'emil', 'gus', 'bare'].map((who) =>
		ask('getSubscription', `/subscriptions/${sub(who)}`),
	),
	ask('getSubscription', `/subscriptions/${sub('ivo')}`, 404),
	...['ada', 'ben', 'fay'].map((who) => cancel(who, 'next_billing_period')),
	...['ada', 'ben', 'emil', 'fay'].map((who) => cancel(who, 'immediately')),
	cancel('gus', 'immediately', 400),
	cancel('cleo', 'next_billing_period', 400),
	cancel('emil', 'next_billing_period', 400),
	cancel('ada', 'tomorrow', 400),
	cancel('unknown', 'immediately', 404),
	cancel('hana', 'immediately', 409),
	cancel('june', 'next_billing_period', 409),
	undo('cleo'),
	undo('gus', 400),
	undo('cleo', 400, { action: 'cancel', effective_at: '2030-01-01T00:00:00Z' }),
	undo('unknown', 404),
	undo('hana', 409),
	ask('listSubscriptions', `/subscriptions?customer_id=${ctm('many')}&per_page=200`),
	ask('listSubscriptions', `/subscriptions?after=${sub('kim')}&status=active,trialing`),
	ask('listSubscriptions', '/subscriptions?status=gone', 400),
	ask('listCustomers', '/customers?email=bare@example.com&status=active,archived'),
	ask('listCustomers', '/customers?email=', 400),
	ask('getCustomer', `/customers/${ctm('ada')}`),
	ask('getCustomer', `/customers/${ctm('unknown')}`, 404),
	made,
	ask('createNotificationSetting', '/notification-settings', 400, { ...setting, type: 'sms' }),
	ask('listNotificationSettings', '/notification-settings?active=true'),
	{ ...ask('getNotificationSetting', '/notification-settings/{made}'), made },
	ask('getNotificationSetting', '/notification-settings/ntfset_unknown', 404),
	{ ...ask('deleteNotificationSetting', '/notification-settings/{made}', 204), made },
	ask('deleteNotificationSetting', '/notification-settings/ntfset_unknown', 404),
];
