import type { Tested } from '../../credentials/tested';

export const tested: Tested[] = [
	{
		type: 'azotteApi',
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
