import type { CredentialForm, ProviderDefinition } from '../../providerApi';
import { keys } from './keys';
import { createSmokeballApi } from './api';

export const provider: ProviderDefinition = {
	title: 'Smokeball',
	base: '/smokeball',
	access: (sandbox): CredentialForm[] => [
		{
			credential: 'Smokeball API',
			fields: {
				'API Key': keys.apiKey,
				'Access Token': keys.accessToken,
				Region: 'Other Address',
				Address: `${sandbox}/smokeball`,
			},
		},
		{
			credential: 'Smokeball OAuth2 API',
			fields: {
				'API Key': keys.apiKey,
				'Client ID': keys.clientId,
				'Client Secret': keys.clientSecret,
				'Base URL': `${sandbox}/smokeball`,
				'Sign-in Base URL': `${sandbox}/smokeball`,
			},
		},
	],
	credentials: (sandbox) => [
		{
			id: 'rehearsalSmokeball',
			name: 'Smokeball sandbox',
			type: 'smokeballApi',
			data: {
				apiKey: keys.apiKey,
				accessToken: keys.accessToken,
				baseUrl: 'custom',
				customBaseUrl: `${sandbox}/smokeball`,
			},
		},
	],
	settings: {
		// A resumption returns 202 and takes effect after this time.
		numbers: { lagMs: 400 },
		assumptions: {
			// Whether a token refresh may omit client_id from the form, as the Basic header contains it.
			refreshWithoutClientId: ['refused', 'accepted'],
		},
	},
	createApi: createSmokeballApi,
};
