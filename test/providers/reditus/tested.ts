import type { Tested } from '../../credentials/tested';

export const tested: Tested[] = [
	{
		type: 'reditusApi',
		data: { apiToken: 'token_of_ada' },
		address: 'baseUrl',
		call: {
			method: 'GET',
			path: '/v1/referrals?per_page=1',
			headers: { authorization: 'Bearer token_of_ada' },
			answer: { data: [], meta: { pagination: { page: 1, per_page: 1, has_more: false } } },
		},
		home: 'https://api.getreditus.com/api',
	},
];
