import type { CredentialForm, ProviderDefinition } from '../../providerApi';
import { createFirstPromoterApi } from './api';
import { keys } from './keys';

export const provider: ProviderDefinition = {
	title: 'FirstPromoter',
	base: '/firstpromoter/api',
	access: (sandbox): CredentialForm[] => [
		{
			credential: 'FirstPromoter API',
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
		// What the documented waits between attempts to deliver are multiplied with: 2 minutes are 120 ms.
		numbers: { retryScale: 0.001 },
		assumptions: {
			// Whether there is an event of its own for a cancellation: the page of events has it, the
			// description of event_types does not.
			referralCancelled: ['listed', 'missing'],
			// Retries of a webhook that names no number: the description says 3, the page of deliveries 10.
			maxRetries: ['3', '10'],
			// Names in the payload as the page prints them, or as the description of a delivery does.
			payload: ['printed', 'described'],
			// Whether a new webhook's secret_key is told and deliveries are signed with it; its page is gone.
			signature: ['none', 'sent'],
		},
	},
	createApi: createFirstPromoterApi,
};
