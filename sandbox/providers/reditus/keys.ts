export const keys = {
	/** Header `Authorization: Bearer`. */
	apiToken: 'sandbox_reditus_token',
};
