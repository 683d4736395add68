import type { ProviderDefinition } from '../../providerApi';
import { keys } from './keys';
import { chargebee } from './providerApi';

export const provider: ProviderDefinition = {
	title: 'Chargebee',
	base: '/chargebee',
	access: (sandbox) => [
		{
			credential: 'Chargebee Cancellations API',
			fields: {
				Site: 'acme-test',
				'API Key': keys.apiKey,
				'Base URL': `${sandbox}/chargebee/acme-test/api/v2`,
			},
		},
		{
			credential: 'Chargebee Cancellations API',
			fields: {
				Site: 'acme-classic-test',
				'API Key': keys.classicApiKey,
				'Base URL': `${sandbox}/chargebee/acme-classic-test/api/v2`,
			},
		},
	],
	credentials: (sandbox) => [
		{
			id: 'rehearsalChargebee',
			name: 'Chargebee sandbox',
			type: 'chargebeeCancellationsApi',
			data: {
				site: 'acme-test',
				apiKey: keys.apiKey,
				baseUrl: `${sandbox}/chargebee/acme-test/api/v2`,
			},
		},
	],
	settings: {
		// Factor for the waits between delivery attempts: 2 minutes become 120 ms.
		numbers: { retryScale: 0.001 },
		assumptions: {
			// What a site does about money where a request does not say; each site sets it.
			siteDefaults: ['moveMoney', 'none'],
			// Whether the filter by e-mail is case-sensitive is not documented.
			emailMatch: ['exact', 'anyCase'],
			// The answer to a second scheduled cancellation is not documented.
			secondSchedule: ['accepted', 'refused'],
			// The status of a subscription that ends at a date is not documented.
			specificDateStatus: ['active', 'non_renewing'],
			// A site may require a reason.
			reasonCode: ['optional', 'mandatory'],
		},
	},
	createApi: chargebee,
};
