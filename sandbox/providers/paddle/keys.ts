/** Keys begin as Paddle's do and are shorter, so that secret scanners do not take them for real. */
export const keys = {
	/** Live, with every permission. */
	liveApiKey: 'pdl_live_apikey_sandbox',
	/** Of the sandbox account: it works at the other address only. */
	sandboxApiKey: 'pdl_sdbx_apikey_sandbox',
	/** From before May 2025: without prefix and without permissions of its own. */
	legacyApiKey: 'legacy0sandbox0paddle0key0with0fifty0characters000',
	/** Writes subscriptions and has no permission for customers. */
	apiKeyWithoutCustomers: 'pdl_live_apikey_sandbox_subscriptions',
	/** Reads subscriptions and customers. */
	apiKeyReadOnly: 'pdl_live_apikey_sandbox_read',
	/** Revoked. */
	apiKeyRevoked: 'pdl_live_apikey_sandbox_revoked',
};
