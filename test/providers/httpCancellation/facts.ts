import { keys } from '../../../sandbox/keys';
import type { Ask, Facts } from '../facts';

const { apiKey, tenant } = keys.httpCancellation;
const headers = { authorization: `Bearer ${apiKey}`, 'x-tenant': tenant };
const base = '/own/api';

const ask = (call: string, path: string, status: number, json?: unknown): Ask => ({
	call,
	path: base + path,
	headers,
	json,
	status,
});
const cancel = (id: string, status: number, json?: unknown) =>
	ask('cancelSubscription', `/subscriptions/${id}/cancel`, status, json);

/** The fields that describe the sandbox's API, but for the target. */
export const described = {
	method: 'POST',
	path: '/subscriptions/{id}/cancel',
	bodyFormat: 'json',
	body: '{"reason": "{reason}"}',
	readPath: '/subscriptions/{id}',
	idField: 'data.id',
	statusField: 'data.status',
	endedStatuses: 'ended',
	scheduledStatuses: 'ending',
	endsAtField: 'data.ends_at',
	emailField: 'data.customer.email',
	readNotFound: 'notFound',
	successField: 'ok',
	successValues: 'true',
};

export const facts: Facts = {
	samples: { cancel: (targetId) => ({ targetId, ...described }) },
	ada: 'own_ada',
	account: (url) => ({
		httpCancellationApi: {
			baseUrl: url + base,
			headerName: 'Authorization',
			headerValue: `Bearer ${apiKey}`,
			extraHeaders: { headers: [{ name: 'X-Tenant', value: tenant }] },
			testPath: '/me',
		},
	}),
	names: {
		cancel: [
			'targetId',
			'method',
			'path',
			'bodyFormat',
			'body',
			'additionalFields.reason',
			'readPath',
			'idField',
			'statusField',
			'endedStatuses',
			'scheduledStatuses',
			'endsAtField',
			'emailField',
			'readNotFound',
			'successField',
			'successValues',
			'options.idempotencyHeader',
		],
	},
	ownOptions: { cancel: { idempotencyHeader: '' } },
	change: { status: 'paused' },
	path: /^\/own\/api\/subscriptions\/[^/]+(\/cancel)?$/,
	query: [],
	asks: [
		cancel('own_ada', 200, { reason: 'Too expensive' }),
		cancel('own_dora', 200),
		cancel('own_cleo', 409),
		cancel('own_gus', 409),
		cancel('own_june', 422),
		cancel('own_nobody', 404),
		ask('getSubscription', '/subscriptions/own_bare', 200),
		ask('getSubscription', '/subscriptions/own_nobody', 404),
		ask('deleteSubscription', '/subscriptions/own_ada', 204),
		ask('deleteSubscription', '/subscriptions/own_nobody', 404),
		ask('getMe', '/me', 200),
	],
};
