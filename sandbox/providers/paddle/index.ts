import type { Provider } from '../../vendor';
import { keys } from './keys';
import { paddle } from './providerApi';

export const provider: Provider = {
	title: 'Paddle',
	base: '/paddle',
	access: [
		{ title: 'Paddle', path: '/paddle/live', keys: [`API key ${keys.liveApiKey}`] },
		{
			title: "Paddle's sandbox environment",
			path: '/paddle/sandbox',
			keys: [`API key ${keys.sandboxApiKey}`],
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
	settable: {
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
	vendor: paddle,
};
