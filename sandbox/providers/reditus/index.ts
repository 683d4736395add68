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
		// How a referral that has churned already is refused: in the words shown for another state, in
		// words of its own, or without the state.
		assumptions: {
			secondChurn: ['inState', 'already', 'noState'],
			// In which order a list comes is not said.
			order: ['oldestFirst', 'newestFirst'],
		},
	},
	createApi: createReditusApi,
};
