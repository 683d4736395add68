export const keys = {
	/** Header `x-api-key`. */
	apiKey: 'sk_dev_sandbox_azotte',
	/** Header `x-tn`. */
	tenantId: 'e2a1c7b2-4f3a-4b8e-9c2d-000000000001',
};
