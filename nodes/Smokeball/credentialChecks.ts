import { SmokeballApi } from '../../credentials/SmokeballApi.credentials';
import { asObject } from '../shared/contract/http';
import type { CredentialCheck } from '../shared/contract/credential';

/** The OAuth2 credential has none: n8n signs in to it, and lets no package test it. */
export const keyTests: CredentialCheck[] = [
	{
		credential: SmokeballApi,
		/** The list is what the node needs; a key without access to it cannot cancel either. */
		request: { path: '/subscriptions' },
		accepts({ body }) {
			const { value, ...link } = asObject(body);
			// Older pages show the bare list. Every firm has a subscription.
			const rows = Array.isArray(body) ? (body as unknown[]) : value;
			if (!Array.isArray(rows) || !rows.every((row) => 'id' in asObject(row))) return false;
			return rows.length > 0 || ['id', 'href', 'self', 'relation'].some((name) => name in link);
		},
		keyLabel: 'API key or access token',
		keyLocation: 'the Smokeball Developer Console; an access token lives for one hour',
	},
];
