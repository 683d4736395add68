import type { Provider } from '../../vendor';
import { keys } from './keys';
import { reditus } from './vendor';

export const provider: Provider = {
	title: 'Reditus',
	base: '/reditus/api',
	access: [{ title: 'Reditus', path: '/reditus/api', keys: [`token ${keys.apiToken}`] }],
	credentials: (sandbox) => [
		{
			id: 'rehearsalReditus',
			name: 'Reditus sandbox',
			type: 'reditusApi',
			data: { apiToken: keys.apiToken, baseUrl: `${sandbox}/reditus/api` },
		},
	],
	vendor: reditus,
};
