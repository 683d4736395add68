import type { CredentialForm, ProviderDefinition } from '../../providerApi';
import { keys } from './keys';
import { createReditusApi } from './api';

export const provider: ProviderDefinition = {
	title: 'Reditus',
	base: '/reditus/api',
	access: (sandbox): CredentialForm[] => [
		{
			credential: 'Reditus API',
			fields: { 'API Token': keys.apiToken, 'Base URL': `${sandbox}/reditus/api` },
		},
	],
	credentials: (sandbox) => [
		{
			id: 'rehearsalReditus',
			name: 'Reditus sandbox',
			type: 'reditusApi',
			data: { apiToken: keys.apiToken, baseUrl: `${sandbox}/reditus/api` },
		},
	],
	settings: {
		// The error for a referral that has churned already: the documented message with this state, a
		// message of its own, or one without the state.
		assumptions: {
			secondChurn: ['inState', 'already', 'noState'],
			// Not documented: the order of a list.
			order: ['oldestFirst', 'newestFirst'],
		},
	},
	createApi: createReditusApi,
};
