export const keys = {
	/** Header `x-api-key`. */
	apiKey: 'sandbox_smokeball_key',
	/** Header `Authorization: Bearer`; never expires, unlike Smokeball's. */
	accessToken: 'sandbox_smokeball_access_token',
	/** For OAuth2 at `/smokeball/oauth2/authorize` and `/smokeball/oauth2/token`. */
	clientId: 'sandbox_smokeball_client',
	clientSecret: 'sandbox_smokeball_client_secret',
};
