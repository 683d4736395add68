import type { CredentialForm, ProviderDefinition } from '../../providerApi';
import { keys } from './keys';
import { createFunnelFoxApi } from './api';

export const provider: ProviderDefinition = {
	title: 'FunnelFox',
	base: '/funnelfox/public/v1',
	access: (sandbox): CredentialForm[] => [
		{
			credential: 'FunnelFox API',
			fields: { 'Secret Key': keys.secretKey, 'Base URL': `${sandbox}/funnelfox/public/v1` },
		},
	],
	credentials: (sandbox) => [
		{
			id: 'rehearsalFunnelFox',
			name: 'FunnelFox sandbox',
			type: 'funnelFoxApi',
			data: { secretKey: keys.secretKey, baseUrl: `${sandbox}/funnelfox/public/v1` },
		},
		{
			id: 'rehearsalFunnelFoxWrong',
			name: 'FunnelFox wrong key',
			type: 'funnelFoxApi',
			data: {
				secretKey: 'secret_that_nobody_gave_out',
				baseUrl: `${sandbox}/funnelfox/public/v1`,
			},
			// A new node gets the credential of its type that was changed last: not this one.
			updatedAt: '2000-01-01T00:00:00.000Z',
		},
	],
	settings: {
		// What the documented waits between attempts to deliver are multiplied with: 30 s are 30 ms.
		numbers: { retryScale: 0.001 },
		assumptions: {
			// Whether `filter[email]` minds capitals is not said.
			emailMatch: ['exact', 'anyCase'],
			// When a cancelled subscription gets the status `cancelled` is not said, and may depend on the
			// payment provider: at once, or only when its period is over (`renews` is false meanwhile).
			afterCancel: ['cancelled', 'active'],
			// How subscription.cancelled stands to subscription.auto_renew_off is not said: it comes when
			// access is over, or beside the other when the renewal is switched off.
			cancelledEvent: ['whenOver', 'beside'],
		},
	},
	createApi: createFunnelFoxApi,
};
