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
		// What the list of a customer whom Azotte does not know is answered: 404, or 200 with no row.
		assumptions: { unknownCustomer: ['notFound', 'emptyList'] },
	},
	createApi: createAzotteApi,
};
