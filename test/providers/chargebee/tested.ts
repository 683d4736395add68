import type { Tested } from '../../credentials/tested';

export const tested: Tested[] = [
	{
		type: 'chargebeeCancellationsApi',
		data: { site: 'acme', apiKey: 'live_key_of_the_shop' },
		address: 'baseUrl',
		call: {
			method: 'GET',
			path: '/subscriptions?limit=1',
			headers: {
				authorization: `Basic ${Buffer.from('live_key_of_the_shop:').toString('base64')}`,
			},
			answer: { list: [] },
		},
		home: 'https://acme.chargebee.com/api/v2',
	},
];
