import type { CredentialForm, ProviderDefinition } from '../../providerApi';
import { createFirstPromoterApi } from './api';
import { keys } from './keys';

export const provider: ProviderDefinition = {
	title: 'FirstPromoter',
	base: '/firstpromoter/api',
	access: (sandbox): CredentialForm[] => [
		{
			credential: 'FirstPromoter V1 API',
			fields: { 'API Key': keys.v1ApiKey, 'Base URL': `${sandbox}/firstpromoter/api/v1` },
		},
		{
			credential: 'FirstPromoter V2 API',
			fields: {
				'API Key': keys.v2ApiKey,
				'Account ID': keys.accountId,
				'Base URL': `${sandbox}/firstpromoter/api/v2`,
			},
		},
	],
	credentials: (sandbox) => [
		{
			id: 'rehearsalFirstPromoter',
			name: 'FirstPromoter sandbox',
			type: 'firstPromoterApi',
			data: { apiKey: keys.v1ApiKey, baseUrl: `${sandbox}/firstpromoter/api/v1` },
		},
		{
			id: 'rehearsalFirstPromoterV2',
			name: 'FirstPromoter V2 sandbox',
			type: 'firstPromoterV2Api',
			data: {
				apiKey: keys.v2ApiKey,
				accountId: keys.accountId,
				baseUrl: `${sandbox}/firstpromoter/api/v2`,
			},
		},
	],
	settings: {
		// Factor of the documented retry delays: 2 minutes become 120 ms.
		numbers: { retryScale: 0.001 },
		assumptions: {
			// Whether `referral.cancelled` exists: the page of events lists it, the description of
			// event_types does not.
			referralCancelled: ['listed', 'missing'],
			// Default number of retries: 3 by the description, 10 by the page of deliveries.
			maxRetries: ['3', '10'],
			// Field names of the payload: those of the page, or those of the delivery's description.
			payload: ['printed', 'described'],
			// Whether the API returns a webhook's secret_key and signs deliveries with it; its page is gone.
			signature: ['none', 'sent'],
		},
	},
	createApi: createFirstPromoterApi,
};
