import type { Tested } from '../../credentials/tested';

export const tested: Tested[] = [
	{
		type: 'httpCancellationApi',
		data: {
			headerName: 'Authorization',
			headerValue: 'Bearer key_of_ada',
			extraHeaders: { headers: [{ name: 'X-Tenant', value: 'acme' }] },
			testPath: '/me?full=1',
		},
		address: 'baseUrl',
		secrets: ['headerValue'],
		isHeader: true,
		anyJson: true,
		call: {
			method: 'GET',
			path: '/me?full=1',
			headers: { authorization: 'Bearer key_of_ada', 'x-tenant': 'acme' },
			answer: { user: 'n8n' },
		},
	},
];
