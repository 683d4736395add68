import { AzotteApi } from '../../credentials/AzotteApi.credentials';
import type { CredentialCheck } from '../shared/contract/credential';
import { asObject } from '../shared/contract/http';

export const credentialCheck: CredentialCheck = {
	credential: AzotteApi,
	/**
	 * Asks whether an external ID is still free, which writes nothing.
	 * https://azotte.com/academy/developers/API/C2A/customers/validate
	 */
	request: {
		method: 'POST',
		path: '/customer/validate',
		body: { externalId: 'n8n-credential-test' },
	},
	// The code in the envelope decides, whatever the HTTP status says.
	accepts({ body }) {
		const { status, isAvailable } = asObject(body);
		return asObject(status).messageCode === 'SUCCESS' && typeof isAvailable === 'boolean';
	},
	keyLabel: 'API key or tenant',
	keyLocation: 'Settings > Developers > API Keys in the Azotte portal',
};
