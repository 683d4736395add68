import SwaggerParser from '@apidevtools/swagger-parser';

import { against, allCalls, files, type Request } from './described';

const calls = allCalls();

test.each(Object.entries(files))('the description of %s is OpenAPI', async (_, file) => {
	await expect(SwaggerParser.validate(file)).resolves.toMatchObject({ openapi: '3.0.3' });
});

test('a file that is not OpenAPI would be noticed', async () => {
	const wrong = { openapi: '3.0.3', info: { title: 'Wrong', version: '1' }, paths: { a: {} } };
	await expect(SwaggerParser.validate(wrong as never)).rejects.toThrow();
});

test('every call has a name of its own', () => {
	const names = calls.map(({ provider, id }) => `${provider}.${id}`);
	expect(new Set(names).size).toBe(calls.length);
	expect(names).not.toContainEqual(expect.stringContaining('undefined'));
});

const key = { 'x-api-key': 'key' };
const bearer = { authorization: 'Bearer token' };
const json = { 'content-type': 'application/json' };
const smokeball = { ...key, ...bearer, ...json };
const base = { method: 'POST', body: '' };
const track = 'https://firstpromoter.com/api/v1/track/cancellation';
const trackV2 = 'https://api.firstpromoter.com/api/v2/track/cancellation';
const churn = 'https://api.getreditus.com/api/v1/referrals/churn';
const fox = 'https://api.funnelfox.io/public/v1/subscriptions';
const cancel = 'https://stagingapi.smokeball.co.uk/subscriptions/1/cancel';
const token = 'https://auth.smokeball.com/oauth2/token';
const confirm = 'https://acme.sandbox.azotte.com/api/v1/c2a/subscription/cancel/confirm';

const stripe = 'https://api.stripe.com/v1/subscriptions/sub_1';
const stripeHeaders = { ...bearer, 'stripe-version': '2026-10-28.endive' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const paddle = 'https://api.paddle.com/subscriptions/sub_1';
const paddleHeaders = { ...bearer, 'paddle-version': '1', ...json };

const chargebee = 'https://acme.chargebee.com/api/v2/subscriptions/sub_1';
const chargebeeHeaders = { authorization: 'Basic abc', ...form };
const chargebeeMoney =
	'credit_option_for_current_term_charges=none&unbilled_charges_option=delete&account_receivables_handling=no_action&refundable_credits_handling=no_action';

const good: Record<string, Request> = {
	'FirstPromoter v1': { ...base, url: `${track}?uid=a`, headers: key },
	'FirstPromoter v2': {
		...base,
		url: trackV2,
		headers: { ...bearer, 'account-id': '7', ...json },
		body: { uid: 'a' },
	},
	Reditus: {
		...base,
		url: churn,
		headers: { ...bearer, ...json },
		body: { referral_uid: 'a' },
	},
	FunnelFox: { ...base, url: `${fox}/sub_1/cancel`, headers: { 'fox-secret': 's', ...json } },
	Smokeball: { method: 'PATCH', url: cancel, headers: smokeball, body: {} },
	"Smokeball's tokens": {
		...base,
		url: token,
		headers: {
			authorization: 'Basic abc',
			'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
		},
		body: 'grant_type=client_credentials&client_id=a',
	},
	Stripe: {
		...base,
		url: stripe,
		headers: { ...stripeHeaders, ...form },
		body: 'cancel_at_period_end=true&cancellation_details%5Bfeedback%5D=unused',
	},
	"Stripe's end": {
		...base,
		method: 'DELETE',
		url: `${stripe}?invoice_now=true&prorate=true`,
		headers: stripeHeaders,
	},
	Paddle: {
		...base,
		url: `${paddle}/cancel`,
		headers: paddleHeaders,
		body: { effective_from: 'immediately' },
	},
	"Paddle's undo": {
		...base,
		method: 'PATCH',
		url: paddle,
		headers: paddleHeaders,
		body: { scheduled_change: null },
	},
	Chargebee: {
		...base,
		url: `${chargebee}/cancel_for_items`,
		headers: chargebeeHeaders,
		body: `cancel_option=end_of_term&${chargebeeMoney}`,
	},
	"Chargebee's undo": {
		...base,
		url: `${chargebee}/remove_scheduled_cancellation`,
		headers: chargebeeHeaders,
	},
	Azotte: {
		...base,
		url: confirm,
		headers: { ...key, 'x-tn': 't', ...json },
		body: { orderIdentifier: 'a', cancelationMethod: 'Normal' },
	},
};

test.each(Object.entries(good))('nothing is said against a good request to %s', (_, request) => {
	expect(against(request)).toBeUndefined();
});

test.each<[string, Partial<Request>]>([
	['FirstPromoter v1', { method: 'GET' }],
	['FirstPromoter v1', { url: 'https://firstpromoter.com/api/v1/track/sale?uid=a' }],
	['FirstPromoter v1', { url: `${track}?uid=a&reason=none` }],
	['FirstPromoter v1', { url: `${track}?uid=a&created_at=yesterday` }],
	['FirstPromoter v1', { url: `${track}?uid=a&skip_email_notification=yes` }],
	['FirstPromoter v1', { body: { uid: 'a' } }],
	['FirstPromoter v1', { headers: {} }],
	['FirstPromoter v2', { body: { uid: 'a', email: 'a@b.co' } }],
	['FirstPromoter v2', { body: {} }],
	['FirstPromoter v2', { body: { uid: 'a', event_id: 'e' } }],
	['FirstPromoter v2', { headers: { ...bearer, ...json } }],
	['FirstPromoter v2', { url: trackV2.replace('api.', '') }],
	['Reditus', { method: 'DELETE' }],
	['Reditus', { url: churn.replace('/churn', '') }],
	['Reditus', { url: `${churn}?referral_uid=a` }],
	['Reditus', { body: { referral_uid: 7 } }],
	['Reditus', { body: '' }],
	['Reditus', { headers: { authorization: 'token', ...json } }],
	['FunnelFox', { method: 'GET' }],
	['FunnelFox', { url: `${fox}/a/b/cancel` }],
	['FunnelFox', { url: `${fox}/sub_1/cancel?reason=a` }],
	['FunnelFox', { headers: {} }],
	['FunnelFox', { body: { reason: 7 } }],
	['FunnelFox', { method: 'GET', url: `${fox}?limit=501` }],
	['FunnelFox', { method: 'GET', url: `${fox}?filter%5Bstatus%5D=gone` }],
	['Smokeball', { body: [] }],
	['Smokeball', { body: { cancellationType: 'None' } }],
	['Smokeball', { body: { cancelAt: 'soon' } }],
	['Smokeball', { headers: { ...smokeball, 'content-type': 'text/plain' } }],
	['Smokeball', { url: `${cancel}/now` }],
	["Smokeball's tokens", { body: 'grant_type=password' }],
	['Stripe', { body: { cancel_at_period_end: true } }],
	['Stripe', { body: 'cancel_at_period_end=1' }],
	['Stripe', { body: 'cancel_at_period_end=true&cancel_at=' }],
	['Stripe', { body: 'cancel_at=2030-01-01' }],
	['Stripe', { body: 'cancel_now=true' }],
	['Stripe', { headers: { ...stripeHeaders, ...json } }],
	['Stripe', { headers: { ...bearer, ...form } }],
	['Stripe', { method: 'PATCH' }],
	["Stripe's end", { url: `${stripe}?refund=true` }],
	["Stripe's end", { url: `${stripe}?prorate=yes` }],
	["Stripe's end", { headers: { ...stripeHeaders, ...form }, body: 'prorate=true' }],
	['Paddle', { body: '' }],
	['Paddle', { body: { effective_from: '2030-01-01' } }],
	['Paddle', { body: { effective_from: 'immediately', reason: 'none' } }],
	['Paddle', { url: paddle }],
	['Paddle', { headers: { ...bearer, ...json } }],
	["Paddle's undo", { body: { scheduled_change: { action: 'cancel' } } }],
	["Paddle's undo", { body: {} }],
	['Paddle', { method: 'GET', url: 'https://api.paddle.com/customers?email=a@b.co', body: '' }],
	['Chargebee', { body: chargebeeMoney }],
	['Chargebee', { body: 'cancel_option=end_of_term' }],
	['Chargebee', { body: `cancel_option=soon&${chargebeeMoney}` }],
	[
		'Chargebee',
		{
			body: `cancel_option=immediately&contract_term_cancel_option=terminate_immediately&${chargebeeMoney}`,
		},
	],
	['Chargebee', { body: `cancel_option=end_of_term&decommissioned=true&${chargebeeMoney}` }],
	['Chargebee', { headers: { ...chargebeeHeaders, ...bearer } }],
	['Chargebee', { headers: { ...chargebeeHeaders, ...json } }],
	['Chargebee', { url: `${chargebee}/delete` }],
	["Chargebee's undo", { body: 'billing_cycles=many' }],
	['Chargebee', { method: 'GET', url: 'https://acme.chargebee.com/api/v2/customers', body: '' }],
	['Azotte', { body: { orderIdentifier: 'a' } }],
	['Azotte', { body: { orderIdentifier: 'a', cancelationMethod: 'Never' } }],
	['Azotte', { headers: { ...key, ...json } }],
])('%s: a request with %j would be noticed', (name, wrong) => {
	expect(against({ ...good[name], ...wrong })).toBeDefined();
});

test('a host without a description is not judged', () => {
	expect(against({ ...base, url: 'https://elsewhere.test/x', headers: {} })).toBeUndefined();
});

test('a reply that is not as described would be noticed', () => {
	const one = calls.find(({ id }) => id === 'getSubscription')!;
	expect(one.againstReply(200, { id: 'sub_ada', status: 7 })).toBeDefined();
	expect(one.againstReply(299, {})).toBeDefined();
	expect(calls.find(({ id }) => id === 'v2GetReferral')!.againstReply(401, {})).toBeDefined();
});
