import { keys } from '../../../sandbox/keys';
import { byId, type Ask, type Facts } from '../facts';

const { secretKey } = keys.funnelFox;
const headers = { 'fox-secret': secretKey };
const base = '/funnelfox/public/v1';
const cancel = (id: string, status: number, json?: unknown): Ask => ({
	call: 'cancel',
	path: `${base}/subscriptions/${id}/cancel`,
	headers,
	json,
	status,
});

export const facts: Facts = {
	samples: {
		cancel: (id) => ({ subscriptionId: byId(id) }),
		get: (id) => ({ subscriptionId: byId(id) }),
		getAll: () => ({ returnAll: false, limit: 5 }),
	},
	ada: 'sub_ada',
	account: (url) => ({ funnelFoxApi: { secretKey, baseUrl: `${url}${base}` } }),
	names: {
		cancel: ['subscriptionId', 'additionalFields.reason'],
		get: ['subscriptionId'],
		getAll: [
			'filters.email',
			'filters.status',
			'filters.profileId',
			'filters.funnelId',
			'filters.psp',
			'filters.updatedAfter',
			'filters.updatedBefore',
		],
	},
	sought: { cancel: ['email'], get: ['email'] },
	change: { status: 'paused' },
	path: /^\/funnelfox\/public\/v1\/subscriptions\/[^/]+(\/cancel)?$/,
	query: [],
	asks: [
		cancel('sub_ada', 200),
		cancel('sub_ben', 200, { reason: 'Too expensive' }),
		cancel('sub_emil', 200),
		cancel('sub_ivo', 200),
		cancel('sub_cleo', 400),
		cancel('sub_nobody', 404),
		{ call: 'getSubscription', path: `${base}/subscriptions/sub_cleo`, headers, status: 200 },
		{ call: 'getSubscription', path: `${base}/subscriptions/sub_nobody`, headers, status: 404 },
		{ call: 'listSubscriptions', path: `${base}/subscriptions?limit=3`, headers, status: 200 },
		{ call: 'listSubscriptions', path: `${base}/subscriptions?cursor=none`, headers, status: 400 },
		{ call: 'listFunnels', path: `${base}/funnels?limit=1`, headers, status: 200 },
	],
};
