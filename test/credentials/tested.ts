import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

/** A credential type that a node tests. */
export interface Tested {
	type: string;
	node: string;
	data: ICredentialDataDecryptedObject;
	/** The field that holds the base URL. */
	address: string;
	/** The call, as the vendor documents it, and an answer that only a good key gets. */
	call: { method: string; path: string; headers: Record<string, string>; answer: unknown };
	/** Where the API lives, if no base URL is given. */
	home: string;
}

export const tested: Tested[] = [
	{
		type: 'firstPromoterApi',
		node: 'firstPromoter',
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
		node: 'firstPromoter',
		data: { apiKey: 'v2_key_of_ada', accountId: 'acc_1' },
		address: 'baseUrl',
		call: {
			method: 'GET',
			path: '/company/promoters?per_page=1',
			headers: { authorization: 'Bearer v2_key_of_ada', 'account-id': 'acc_1' },
			answer: { data: [] },
		},
		home: 'https://api.firstpromoter.com/api/v2',
	},
	{
		type: 'reditusApi',
		node: 'reditus',
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
	{
		type: 'smokeballApi',
		node: 'smokeball',
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
	{
		type: 'funnelFoxApi',
		node: 'funnelFox',
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
	{
		type: 'azotteApi',
		node: 'azotte',
		data: {
			projectName: 'acme',
			environment: 'live',
			tenantId: 'tenant_1',
			apiKey: 'sk_live_of_ada',
		},
		address: 'baseUrl',
		call: {
			method: 'POST',
			path: '/customer/validate',
			headers: { 'x-api-key': 'sk_live_of_ada', 'x-tn': 'tenant_1' },
			answer: { isAvailable: true, status: { messageCode: 'SUCCESS' } },
		},
		home: 'https://acme.azotte.com/api/v1/c2a',
	},
];
