import type { ProviderDefinition } from '../../providerApi';
import { keys } from './keys';
import { stripe } from './providerApi';

export const provider: ProviderDefinition = {
	title: 'Stripe',
	base: '/stripe',
	access: (sandbox) => [
		{
			credential: 'Stripe Cancellations API',
			fields: { 'Secret Key': keys.secretKey, 'Base URL': `${sandbox}/stripe` },
		},
	],
	credentials: (sandbox) => [
		{
			id: 'rehearsalStripe',
			name: 'Stripe sandbox',
			type: 'stripeCancellationsApi',
			data: { secretKey: keys.secretKey, accountId: '', baseUrl: `${sandbox}/stripe` },
		},
	],
	settings: {
		// Factor for the waits between delivery attempts: 5 minutes become 300 ms.
		numbers: { retryScale: 0.001 },
		assumptions: {
			// The code of a refused update of an ended subscription; public reports show its message only.
			canceledUpdateCode: ['invalid_canceled_subscription_fields', 'none'],
			// Whether DELETE ends a subscription that a schedule manages is not documented.
			deleteWithSchedule: ['accepted', 'refused'],
			// Whether listing the subscriptions of an unknown customer fails or is empty is not documented.
			unknownCustomer: ['refused', 'emptyList'],
		},
	},
	createApi: stripe,
};
