import type { ProviderDefinition } from '../../providerApi';
import { createOwnApi } from './api';
import { keys } from './keys';

const base = '/own/api';
const account = (sandbox: string, apiKey: string) => ({
	baseUrl: sandbox + base,
	headerName: 'Authorization',
	headerValue: `Bearer ${apiKey}`,
	extraHeaders: { headers: [{ name: 'X-Tenant', value: keys.tenant }] },
	testPath: '/me',
});

export const provider: ProviderDefinition = {
	title: 'Your API',
	base,
	access: (sandbox) => [
		{
			credential: 'HTTP Cancellation API',
			fields: {
				'Base URL': sandbox + base,
				'Header Value': `Bearer ${keys.apiKey}`,
				'Test Path': '/me',
			},
		},
	],
	credentials: (sandbox) => [
		{
			id: 'rehearsalHttpCancellation',
			name: 'Own API sandbox',
			type: 'httpCancellationApi',
			data: account(sandbox, keys.apiKey),
		},
	],
	settings: {
		assumptions: {
			// What an accepted cancellation does: it ends at once, at the end of the period, or some time
			// after a 202.
			afterCancel: ['ended', 'scheduled', 'queued'],
		},
	},
	createApi: createOwnApi,
};
