import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/paddle/ids';
import { byId, type Facts } from '../facts';
import { asks } from './asks';

const modes = ['email', 'customer'];

export const facts: Facts = {
	samples: {
		cancel: (id) => ({ subscriptionId: byId(id), when: 'periodEnd' }),
		resume: (id) => ({ subscriptionId: byId(id) }),
		get: (id) => ({ subscriptionId: byId(id) }),
		getAll: () => ({ returnAll: false, limit: 5 }),
	},
	ada: sampleId('sub', 'ada'),
	account: (url) => ({
		paddleCancellationsApi: {
			apiKey: keys.paddle.liveApiKey,
			environment: 'live',
			baseUrl: `${url}/paddle/live`,
		},
	}),
	names: {
		cancel: ['subscriptionId', 'when'],
		resume: ['subscriptionId'],
		get: ['subscriptionId'],
		getAll: ['filters.customerId', 'filters.status'],
	},
	sought: { cancel: modes, resume: modes, get: modes },
	change: { status: 'past_due' },
	path: /^\/paddle\/live\/subscriptions\/[^/]+(\/cancel)?$/,
	query: [],
	asks,
};
