export const keys = {
	/** Header `Fox-Secret`; also what FunnelFox sends with its webhooks. */
	secretKey: 'secret_sandbox_funnelfox',
};
