import { SmokeballApi } from '../../credentials/SmokeballApi.credentials';
import { fieldsOf } from '../shared/contract/call';
import type { KeyTest } from '../shared/contract/keyTest';

/** The OAuth2 credential has none: n8n signs in to it, and lets no package test it. */
export const keyTests: KeyTest[] = [
	{
		credential: SmokeballApi,
		/** The list is what the node needs; a key without access to it cannot cancel either. */
		call: { path: '/subscriptions' },
		// Older pages show a bare list.
		proves: ({ body }) => Array.isArray(body) || Array.isArray(fieldsOf(body).value),
		secret: 'API key or access token',
		from: 'the Smokeball Developer Console; an access token lives for one hour',
	},
];
