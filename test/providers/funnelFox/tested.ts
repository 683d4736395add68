import type { Tested } from '../../credentials/tested';

export const tested: Tested[] = [
	{
		type: 'funnelFoxApi',
		data: { secretKey: 'secret_of_ada' },
		address: 'baseUrl',
		call: {
			method: 'GET',
			path: '/funnels?limit=1',
			headers: { 'fox-secret': 'secret_of_ada' },
			answer: { data: [], pagination: { has_more: false } },
		},
		home: 'https://api.funnelfox.io/public/v1',
	},
];
