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
				secretKey: 'secret_that_is_wrong',
				baseUrl: `${sandbox}/funnelfox/public/v1`,
			},
			// An old date, because n8n preselects the credential of a type that was changed last.
			updatedAt: '2000-01-01T00:00:00.000Z',
		},
	],
	settings: {
		// Factor of the documented retry delays: 30 s become 30 ms.
		numbers: { retryScale: 0.001 },
		assumptions: {
			// Not documented: whether `filter[email]` is case-sensitive.
			emailMatch: ['exact', 'anyCase'],
			// Not documented: whether a subscription gets the status `cancelled` at once or when its period
			// is over (`renews` is false meanwhile). It may depend on the payment provider.
			afterCancel: ['cancelled', 'active'],
			// Not documented: whether subscription.cancelled is sent when access ends, or together with
			// subscription.auto_renew_off.
			cancelledEvent: ['whenOver', 'beside'],
		},
	},
	createApi: createFunnelFoxApi,
};
