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
	credentials: () => [],
	settable: {
		// What the waits between attempts to deliver are multiplied with: 5 minutes are 300 ms.
		numbers: { retryScale: 0.001 },
		assumptions: {
			// Which code a refused update of an ended subscription has; its message is known from reports.
			canceledUpdateCode: ['invalid_canceled_subscription_fields', 'none'],
			// Whether DELETE ends a subscription that a schedule manages is not said.
			deleteWithSchedule: ['accepted', 'refused'],
			// Whether a list of an unknown customer's subscriptions is refused or empty is not said.
			unknownCustomer: ['refused', 'emptyList'],
		},
	},
	vendor: stripe,
};
