import type { Provider } from '../../vendor';
import { keys } from './keys';
import { smokeball } from './vendor';

export const provider: Provider = {
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
	vendor: smokeball,
};
