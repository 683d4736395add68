import { ReditusApi } from '../../credentials/ReditusApi.credentials';
import { fieldsOf } from '../shared/contract/call';
import type { KeyTest } from '../shared/contract/keyTest';

export const keyTests: KeyTest[] = [
	{
		credential: ReditusApi,
		/** Source: https://docs.getreditus.com/affiliate-program-api/v1/referrals/index */
		call: { path: '/v1/referrals', query: { per_page: 1 } },
		proves: ({ body }) => Array.isArray(fieldsOf(body).data),
		secret: 'API token',
		from: 'App Settings',
	},
];
