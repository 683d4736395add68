import type { Provider } from '../../vendor';
import { keys } from './keys';
import { stripe } from './providerApi';

export const provider: Provider = {
	title: 'Stripe',
	base: '/stripe',
	access: [
		{
			title: 'Stripe',
			path: '/stripe',
			keys: [
				`secret key ${keys.secretKey}, test mode ${keys.testSecretKey}`,
				`restricted key ${keys.restrictedKey}`,
			],
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
	settable: {
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
	vendor: stripe,
};
