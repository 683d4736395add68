import type { Provider } from '../../vendor';
import { firstPromoter } from './account';
import { keys } from './keys';

export const provider: Provider = {
	title: 'FirstPromoter',
	base: '/firstpromoter/api',
	access: [
		{
			title: 'FirstPromoter v1',
			path: '/firstpromoter/api/v1',
			keys: [`API key ${keys.v1ApiKey}`],
		},
		{
			title: 'FirstPromoter v2',
			path: '/firstpromoter/api/v2',
			keys: [`API key ${keys.v2ApiKey}, account id ${keys.accountId}`],
		},
	],
	credentials: (sandbox) => [
		{
			id: 'rehearsalFirstPromoter',
			name: 'FirstPromoter sandbox',
			type: 'firstPromoterApi',
			data: { apiKey: keys.v1ApiKey, baseUrl: `${sandbox}/firstpromoter/api/v1` },
		},
	],
	vendor: firstPromoter,
};
