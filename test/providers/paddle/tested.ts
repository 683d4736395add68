import type { Tested } from '../../credentials/tested';

const answer = {
	data: {
		api: {
			name: 'Paddle API',
			version: '1',
			environment: 'production',
			documentation_url: 'https://developer.paddle.com',
		},
		caller: {
			auth_type: 'api_key',
			account: { id: 'acc_1' },
			permissions: ['subscription.write', 'customer.read'],
		},
	},
	meta: { request_id: 'req_1' },
};

export const tested: Tested[] = [
	{
		type: 'paddleCancellationsApi',
		data: { apiKey: 'pdl_key_of_the_shop', environment: 'live' },
		address: 'baseUrl',
		call: {
			method: 'GET',
			path: '/',
			headers: { authorization: 'Bearer pdl_key_of_the_shop', 'paddle-version': '1' },
			answer,
		},
		home: 'https://api.paddle.com',
	},
];
