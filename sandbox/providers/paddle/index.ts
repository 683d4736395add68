import type { ProviderDefinition } from '../../providerApi';
import { keys } from './keys';
import { paddle } from './providerApi';

export const provider: ProviderDefinition = {
	title: 'Paddle',
	base: '/paddle',
	access: (sandbox) => [
		{
			credential: 'Paddle Cancellations API',
			fields: { 'API Key': keys.liveApiKey, 'Base URL': `${sandbox}/paddle/live` },
		},
		{
			credential: 'Paddle Cancellations API',
			fields: { 'API Key': keys.sandboxApiKey, 'Base URL': `${sandbox}/paddle/sandbox` },
		},
	],
	credentials: (sandbox) => [
		{
			id: 'rehearsalPaddle',
			name: 'Paddle sandbox',
			type: 'paddleCancellationsApi',
			data: {
				apiKey: keys.liveApiKey,
				environment: 'live',
				baseUrl: `${sandbox}/paddle/live`,
			},
		},
	],
	settings: {
		// Factor for the waits between delivery attempts: 3 minutes become 180 ms.
		numbers: { retryScale: 0.001 },
		assumptions: {
			// Whether the filter by e-mail is case-sensitive is not documented.
			emailMatch: ['exact', 'anyCase'],
			// The answer to a second cancel at the period end is not documented.
			secondSchedule: ['refused', 'accepted'],
			// Nor is the answer to an immediate cancel while a change is scheduled.
			immediateWithSchedule: ['accepted', 'refused'],
			// The guide says that a past due subscription cannot be changed; the simulator cancels one.
			cancelPastDue: ['accepted', 'refused'],
		},
	},
	createApi: paddle,
};
