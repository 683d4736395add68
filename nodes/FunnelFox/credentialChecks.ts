import { FunnelFoxApi } from '../../credentials/FunnelFoxApi.credentials';
import { asObject } from '../shared/contract/http';
import type { CredentialCheck } from '../shared/contract/credential';

export const keyTests: CredentialCheck[] = [
	{
		credential: FunnelFoxApi,
		/** Source: https://funnelfox.com/docs/develop/api */
		request: { path: '/funnels', query: { limit: 1 } },
		accepts: ({ body }) => typeof asObject(asObject(body).pagination).has_more === 'boolean',
		keyLabel: 'secret key',
		keyLocation: 'Project Settings',
	},
];
