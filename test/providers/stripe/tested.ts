import type { Tested } from '../../credentials/tested';

const answer = { object: 'list', data: [], has_more: false, url: '/v1/subscriptions' };
const version = { 'stripe-version': '2026-10-28.endive' };

export const tested: Tested[] = [
	{
		type: 'stripeCancellationsApi',
		data: { secretKey: 'rk_of_the_shop', accountId: 'acct_1OfTheShop' },
		address: 'baseUrl',
		call: {
			method: 'GET',
			path: '/v1/subscriptions?limit=1',
			headers: {
				authorization: 'Bearer rk_of_the_shop',
				'stripe-account': 'acct_1OfTheShop',
				...version,
			},
			answer,
		},
		home: 'https://api.stripe.com',
	},
];
