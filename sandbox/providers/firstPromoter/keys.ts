export const keys = {
	/** Header `X-API-KEY` of v1. */
	v1ApiKey: 'sandbox_firstpromoter_v1',
	/** Header `Authorization: Bearer` of v2. */
	v2ApiKey: 'sandbox_firstpromoter_v2',
	/** Header `ACCOUNT-ID` of v2. */
	accountId: 'sandbox_account',
};
