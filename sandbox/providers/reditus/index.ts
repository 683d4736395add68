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
	settable: {
		// How a referral that has churned already is refused: in the words shown for another state, in
		// words of its own, or without the state.
		assumptions: { secondChurn: ['inState', 'already', 'noState'] },
	},
	vendor: reditus,
};
