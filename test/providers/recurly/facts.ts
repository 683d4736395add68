import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/recurly/ids';
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
	ada: sampleId('subscription', 'ada'),
	account: (url) => ({
		recurlyApi: {
			apiKey: keys.recurly.apiKey,
			region: 'us',
			webhookKey: keys.recurly.webhookKey,
			baseUrl: `${url}/recurly`,
		},
	}),
	names: {
		cancel: ['subscriptionId', 'when', 'additionalFields.charge', 'additionalFields.refund'],
		resume: ['subscriptionId'],
		get: ['subscriptionId'],
		getAll: ['filters.customerId', 'filters.status'],
	},
	sought: { cancel: modes, resume: modes, get: modes },
	change: { state: 'paused' },
	path: /^\/recurly\/subscriptions\/[^/]+(\/(cancel|reactivate))?$/,
	query: [],
	asks,
};
