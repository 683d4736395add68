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
				'Base URL': 'Custom',
				'Custom Base URL': `${sandbox}/smokeball`,
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
		// A resumption is answered 202 and takes effect in the background, so much later.
		numbers: { lagMs: 400 },
		assumptions: {
			// How a renewal without client_id in the form fares, where the Basic header has it already.
			refreshWithoutClientId: ['refused', 'accepted'],
		},
	},
	createApi: createSmokeballApi,
};
