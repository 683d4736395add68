import { FirstPromoterApi } from '../../credentials/FirstPromoterApi.credentials';
import { FirstPromoterV2Api } from '../../credentials/FirstPromoterV2Api.credentials';
import { fieldsOf } from '../shared/contract/call';
import type { KeyTest } from '../shared/contract/keyTest';

export const keyTests: KeyTest[] = [
	{
		credential: FirstPromoterApi,
		/** Source: https://docs.firstpromoter.com/api-reference-v1/promoters-api/list */
		call: { path: '/promoters/list', query: { per_page: 1 } },
		proves: ({ body }) => Array.isArray(body),
		secret: 'V1 API key',
		from: 'Settings > Integrations > Manage API Keys',
	},
	{
		credential: FirstPromoterV2Api,
		/** Source: https://docs.firstpromoter.com/api-reference-v2/api-admin/promoters/get-available-promoters */
		call: { path: '/company/promoters', query: { per_page: 1 } },
		proves: ({ body }) => Array.isArray(fieldsOf(body).data),
		secret: 'V2 API key or account ID',
		from: 'Settings > Integrations',
	},
];
