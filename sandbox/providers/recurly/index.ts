import type { ProviderDefinition } from '../../providerApi';
import { keys } from './keys';
import { recurly } from './providerApi';

export const provider: ProviderDefinition = {
	title: 'Recurly',
	base: '/recurly',
	access: (sandbox) => [
		{
			credential: 'Recurly API',
			fields: { 'API Key': keys.apiKey, 'Base URL': `${sandbox}/recurly` },
		},
	],
	credentials: (sandbox) => [
		{
			id: 'rehearsalRecurly',
			name: 'Recurly sandbox',
			type: 'recurlyApi',
			data: {
				apiKey: keys.apiKey,
				region: 'us',
				webhookKey: keys.webhookKey,
				baseUrl: `${sandbox}/recurly`,
			},
		},
	],
	settings: {
		numbers: {
			// Factor of the documented retry delays: 10 s become 10 ms.
			retryScale: 0.001,
			// How long a write holds its subscription at least: a second one meanwhile is refused.
			writeMs: 0,
		},
		assumptions: {
			// Whether the filter by e-mail is case-sensitive is not documented.
			emailMatch: ['exact', 'anyCase'],
			// Whether a paused one can be cancelled; the text of the refusal speaks against it.
			cancelPaused: ['refused', 'accepted'],
			// Whether one that has not started can be terminated.
			terminateFuture: ['accepted', 'refused'],
			// The page says milliseconds, its example has seconds.
			signatureTime: ['milliseconds', 'seconds'],
			// For 24 hours after the key of an endpoint was replaced, both keys sign.
			webhookKeys: ['one', 'afterChange'],
		},
	},
	createApi: recurly,
};
