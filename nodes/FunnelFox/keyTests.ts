import { FunnelFoxApi } from '../../credentials/FunnelFoxApi.credentials';
import { fieldsOf } from '../shared/contract/call';
import type { KeyTest } from '../shared/contract/keyTest';

export const keyTests: KeyTest[] = [
	{
		credential: FunnelFoxApi,
		/** Source: https://funnelfox.com/docs/develop/api */
		call: { path: '/funnels', query: { limit: 1 } },
		proves: ({ body }) => Array.isArray(fieldsOf(body).data),
		secret: 'secret key',
		from: 'Project Settings',
	},
];
