import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/chargebee/ids';
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
		chargebeeCancellationsApi: {
			site: 'acme-test',
			apiKey: keys.chargebee.apiKey,
			baseUrl: `${url}/chargebee/acme-test/api/v2`,
		},
	}),
	names: {
		cancel: [
			'subscriptionId',
			'when',
			'cancelAt',
			'additionalFields.contractTerm',
			'additionalFields.creditOption',
			'additionalFields.reasonCode',
			'additionalFields.receivables',
			'additionalFields.refundableCredits',
			'additionalFields.unbilledCharges',
		],
		resume: ['subscriptionId', 'additionalFields.billingCycles', 'additionalFields.ifEnded'],
		get: ['subscriptionId'],
		getAll: ['filters.customerId', 'filters.status'],
	},
	sought: { cancel: modes, resume: modes, get: modes },
	change: { status: 'paused' },
	path: /^\/chargebee\/acme-test\/api\/v2\/subscriptions\/[^/]+(\/(cancel_for_items|cancel_subscription_for_items_estimate|remove_scheduled_cancellation))?$/,
	query: [],
	asks,
};
