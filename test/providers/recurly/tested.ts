import type { Tested } from '../../credentials/tested';

const site = { id: 't1', object: 'site', subdomain: 'shop', mode: 'production' };
const answer = { object: 'list', has_more: false, next: null, data: [site] };
/** The key as the user of Basic authentication. */
const authorization = `Basic ${Buffer.from('key_of_the_shop:').toString('base64')}`;

export const tested: Tested[] = [
	{
		type: 'recurlyApi',
		data: { apiKey: 'key_of_the_shop', region: 'eu', webhookKey: 'webhook_key_of_the_shop' },
		// The webhook key is the trigger's: no request shows whether it is right.
		secrets: ['apiKey'],
		address: 'baseUrl',
		call: {
			method: 'GET',
			path: '/sites?limit=1',
			headers: { authorization, accept: 'application/vnd.recurly.v2021-02-25' },
			answer,
		},
		home: 'https://v3.eu.recurly.com',
	},
];
