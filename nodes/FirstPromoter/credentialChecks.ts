import { FirstPromoterApi } from '../../credentials/FirstPromoterApi.credentials';
import { FirstPromoterV2Api } from '../../credentials/FirstPromoterV2Api.credentials';
import { asObject } from '../shared/contract/http';
import type { CredentialCheck } from '../shared/contract/credential';

const isPromoter = (row: unknown) => 'id' in asObject(row) && 'cust_id' in asObject(row);

export const keyTests: CredentialCheck[] = [
	{
		credential: FirstPromoterApi,
		/** Source: https://docs.firstpromoter.com/api-reference-v1/promoters-api/list */
		request: { path: '/promoters/list', query: { per_page: 1 } },
		accepts: ({ body }) => Array.isArray(body) && body.every(isPromoter),
		keyLabel: 'V1 API key',
		keyLocation: 'Settings > Integrations > Manage API Keys',
	},
	{
		credential: FirstPromoterV2Api,
		/** Source: https://docs.firstpromoter.com/api-reference-v2/api-admin/promoters/get-available-promoters */
		request: { path: '/company/promoters', query: { per_page: 1 } },
		accepts({ body }) {
			const { data, meta } = asObject(body);
			if (!Array.isArray(data)) return false;
			// Assumption: an account without promoters answers with the page's `meta`; many APIs answer `{data: []}`.
			return data.length > 0 ? data.every(isPromoter) : typeof meta === 'object' && meta !== null;
		},
		keyLabel: 'V2 API key or account ID',
		keyLocation: 'Settings > Integrations',
	},
];
