import { keys } from '../../../sandbox/keys';
import { byId, type Ask, type Facts } from '../facts';

const { apiKey, accessToken, clientId, clientSecret } = keys.smokeball;
const headers = { 'x-api-key': apiKey, authorization: `Bearer ${accessToken}` };
const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
const subscriptions = '/smokeball/subscriptions';
/** The ID of the person with this number in the sandbox. */
const person = (number: number) => `b471682e-fa17-4e46-b7fe-${String(number).padStart(12, '0')}`;
const [ada, ben, cleo, dora] = [1, 2, 3, 4].map(person);
const cancel = (id: string, json: unknown, status: number): Ask => ({
	call: 'cancel',
	path: `${subscriptions}/${id}/cancel`,
	headers,
	json,
	status,
});
const resume = (id: string, status: number): Ask => ({
	call: 'resume',
	path: `${subscriptions}/${id}/resume`,
	headers,
	json: {},
	status,
});
const token = (client_id: string, status: number): Ask => ({
	call: 'token',
	path: '/smokeball/oauth2/token',
	headers: { authorization: `Basic ${basic}` },
	form: { grant_type: 'client_credentials', client_id },
	status,
});

export const facts: Facts = {
	samples: {
		cancel: (id) => ({ subscriptionId: byId(id), cancellationType: 'PeriodEnd' }),
		resume: (id) => ({ subscriptionId: byId(id) }),
		get: (id) => ({ subscriptionId: byId(id) }),
		getAll: () => ({}),
	},
	ada,
	account: (url) => ({ smokeballApi: { apiKey, accessToken, baseUrl: `${url}/smokeball` } }),
	names: {
		cancel: [
			'subscriptionId',
			'cancellationType',
			'cancelAt',
			'additionalFields.reason',
			'additionalFields.cancelSubscription',
		],
		resume: ['subscriptionId'],
		get: ['subscriptionId'],
		getAll: [],
	},
	change: { status: 'PastDue' },
	path: /^\/smokeball\/subscriptions\/[^/]+(\/cancel|\/resume)?$/,
	query: [],
	asks: [
		cancel(ada, { cancellationType: 'PeriodEnd' }, 200),
		cancel(ada, { cancellationType: 'Immediate', preview: true }, 200),
		cancel(ben, {}, 200),
		cancel(cleo, {}, 400),
		cancel('unknown', {}, 404),
		resume(dora, 202),
		resume(ada, 400),
		resume('unknown', 404),
		{ call: 'listSubscriptions', path: subscriptions, headers, status: 200 },
		{
			call: 'listSubscriptions',
			path: subscriptions,
			headers: { ...headers, 'x-api-key': 'none' },
			status: 403,
		},
		{ call: 'getSubscription', path: `${subscriptions}/${ben}`, headers, status: 200 },
		{ call: 'getSubscription', path: `${subscriptions}/${cleo}`, headers, status: 200 },
		{ call: 'getSubscription', path: `${subscriptions}/unknown`, headers, status: 404 },
		token(clientId, 200),
		token('unknown', 400),
	],
};
