import type { ProviderName } from './vendor';

/**
 * The keys that the sandbox accepts. They open nothing but this sandbox, so they may be printed,
 * committed and put into example workflows. Each stands in for the kind of key that the vendor's
 * own dashboard issues.
 */
export const keys = {
	firstPromoter: {
		/** Header `X-API-KEY` of v1. */
		v1ApiKey: 'sandbox_firstpromoter_v1',
		/** Header `Authorization: Bearer` of v2. */
		v2ApiKey: 'sandbox_firstpromoter_v2',
		/** Header `ACCOUNT-ID` of v2. */
		accountId: 'sandbox_account',
	},
	reditus: {
		/** Header `Authorization: Bearer`. */
		apiToken: 'sandbox_reditus_token',
	},
	smokeball: {
		/** Header `x-api-key`. */
		apiKey: 'sandbox_smokeball_key',
		/** Header `Authorization: Bearer`; never expires, unlike the vendor's. */
		accessToken: 'sandbox_smokeball_access_token',
		/** For the client credentials grant at `/smokeball/oauth2/token`. */
		clientId: 'sandbox_smokeball_client',
		clientSecret: 'sandbox_smokeball_client_secret',
	},
	funnelFox: {
		/** Header `Fox-Secret`. */
		secretKey: 'secret_sandbox_funnelfox',
	},
	azotte: {
		/** Header `x-api-key`. */
		apiKey: 'sk_dev_sandbox_azotte',
		/** Header `x-tn`. */
		tenantId: 'e2a1c7b2-4f3a-4b8e-9c2d-000000000001',
	},
} as const satisfies Record<ProviderName, Record<string, string>>;
