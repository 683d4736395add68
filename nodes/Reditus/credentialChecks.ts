import { ReditusApi } from '../../credentials/ReditusApi.credentials';
import { asObject } from '../shared/contract/http';
import type { CredentialCheck } from '../shared/contract/credential';

export const keyTests: CredentialCheck[] = [
	{
		credential: ReditusApi,
		/** Source: https://docs.getreditus.com/affiliate-program-api/v1/referrals/index */
		request: { path: '/v1/referrals', query: { per_page: 1 } },
		accepts: ({ body }) =>
			typeof asObject(asObject(asObject(body).meta).pagination).has_more === 'boolean',
		keyLabel: 'API token',
		keyLocation: 'App Settings',
	},
];
