import type { CredentialForm, ProviderDefinition } from '../../providerApi';
import { keys } from './keys';
import { createAzotteApi } from './api';

export const provider: ProviderDefinition = {
	title: 'Azotte',
	base: '/azotte/api/v1/c2a',
	access: (sandbox): CredentialForm[] => [
		{
			credential: 'Azotte API',
			fields: {
				'Tenant ID': keys.tenantId,
				'API Key': keys.apiKey,
				'Base URL': `${sandbox}/azotte/api/v1/c2a`,
			},
		},
	],
	credentials: (sandbox) => [
		{
			id: 'rehearsalAzotte',
			name: 'Azotte sandbox',
			type: 'azotteApi',
			data: {
				tenantId: keys.tenantId,
				apiKey: keys.apiKey,
				baseUrl: `${sandbox}/azotte/api/v1/c2a`,
			},
		},
	],
	settings: {
		// The list of an unknown customer: 404, or 200 without rows.
		assumptions: { unknownCustomer: ['notFound', 'emptyList'] },
	},
	createApi: createAzotteApi,
};
