import type { ProviderDefinition } from '../../providerApi';
import { keys } from './keys';
import { createSmokeballApi } from './api';

export const provider: ProviderDefinition = {
	title: 'Smokeball',
	base: '/smokeball',
	access: [
		{
			title: 'Smokeball',
			path: '/smokeball',
			keys: [
				`API key ${keys.apiKey}, access token ${keys.accessToken}`,
				'OAuth2: /smokeball/oauth2/authorize and /smokeball/oauth2/token',
				`client ${keys.clientId}, secret ${keys.clientSecret}`,
			],
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
