import { AzotteApi } from '../../credentials/AzotteApi.credentials';
import { fieldsOf } from '../shared/contract/call';
import type { KeyTest } from '../shared/contract/keyTest';

export const keyTests: KeyTest[] = [
	{
		credential: AzotteApi,
		/**
		 * Asks whether an external ID is still free, which writes nothing.
		 * Source: https://azotte.com/academy/developers/API/C2A/customers/validate
		 */
		call: {
			method: 'POST',
			path: '/customer/validate',
			body: { externalId: 'n8n-credential-test' },
		},
		// The code in the envelope decides, whatever the HTTP status says.
		proves: ({ body }) => fieldsOf(fieldsOf(body).status).messageCode === 'SUCCESS',
		secret: 'API key or tenant',
		from: 'Settings > Developers > API Keys in the Azotte portal',
	},
];
