import { SmokeballApi } from '../../credentials/SmokeballApi.credentials';
import { asObject } from '../shared/contract/http';
import type { CredentialCheck } from '../shared/contract/credential';

/** The OAuth2 credential has none: n8n signs in to it, and lets no package test it. */
export const keyTests: CredentialCheck[] = [
	{
		credential: SmokeballApi,
		/** The list is what the node needs; a key without access to it cannot cancel either. */
		request: { path: '/subscriptions' },
		// Older pages show a bare list.
		accepts: ({ body }) => Array.isArray(body) || Array.isArray(asObject(body).value),
		keyLabel: 'API key or access token',
		keyLocation: 'the Smokeball Developer Console; an access token lives for one hour',
	},
];
