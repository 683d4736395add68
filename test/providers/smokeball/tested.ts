import type { Tested } from '../../credentials/tested';

export const tested: Tested[] = [
	{
		type: 'smokeballApi',
		data: { apiKey: 'key_of_firm', accessToken: 'token_of_firm', baseUrl: 'custom' },
		address: 'customBaseUrl',
		call: {
			method: 'GET',
			path: '/subscriptions',
			headers: { 'x-api-key': 'key_of_firm', authorization: 'Bearer token_of_firm' },
			answer: { id: 'all', value: [] },
		},
		home: 'https://api.smokeball.com',
	},
];
