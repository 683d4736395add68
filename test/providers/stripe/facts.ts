import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/stripe/ids';
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
		stripeCancellationsApi: {
			secretKey: keys.stripe.secretKey,
			accountId: '',
			baseUrl: `${url}/stripe`,
		},
	}),
	names: {
		cancel: [
			'subscriptionId',
			'when',
			'cancelAt',
			'additionalFields.comment',
			'additionalFields.feedback',
			'additionalFields.invoiceNow',
			'additionalFields.prorate',
			'additionalFields.prorationBehavior',
		],
		resume: ['subscriptionId'],
		get: ['subscriptionId'],
		getAll: ['filters.customerId', 'filters.status'],
	},
	sought: { cancel: modes, resume: modes, get: modes },
	change: { status: 'past_due' },
	path: /^\/stripe\/v1\/subscriptions\/[^/]+$/,
	query: [],
	asks,
};
