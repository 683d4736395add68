export const keys = {
	/** Header `Fox-Secret`; FunnelFox also sends it with its webhooks. */
	secretKey: 'secret_sandbox_funnelfox',
};
