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
	credentials: () => [],
	settable: {
		// What the waits between attempts to deliver are multiplied with: 3 minutes are 180 ms.
		numbers: { retryScale: 0.001 },
		assumptions: {
			// Whether the filter by e-mail minds capitals is not said.
			emailMatch: ['exact', 'anyCase'],
			// What a second cancel at the period's end is answered is not said.
			secondSchedule: ['refused', 'accepted'],
			// Nor whether one can be ended at once although a change is scheduled.
			immediateWithSchedule: ['accepted', 'refused'],
			// The guide says that past due ones cannot be changed, the simulator cancels them.
			cancelPastDue: ['accepted', 'refused'],
		},
	},
	vendor: paddle,
};
