import type { Tested } from '../../credentials/tested';

export const tested: Tested[] = [
	{
		type: 'firstPromoterApi',
		data: { apiKey: 'v1_key_of_ada' },
		address: 'baseUrl',
		call: {
			method: 'GET',
			path: '/promoters/list?per_page=1',
			headers: { 'x-api-key': 'v1_key_of_ada' },
			answer: [],
		},
		home: 'https://firstpromoter.com/api/v1',
	},
	{
		type: 'firstPromoterV2Api',
		data: { apiKey: 'v2_key_of_ada', accountId: 'acc_1' },
		address: 'baseUrl',
		call: {
			method: 'GET',
			path: '/company/promoters?per_page=1',
			headers: { authorization: 'Bearer v2_key_of_ada', 'account-id': 'acc_1' },
			answer: { data: [{ id: 123, email: 'ada@example.com', cust_id: null, state: 'accepted' }] },
		},
		home: 'https://api.firstpromoter.com/api/v2',
	},
];
