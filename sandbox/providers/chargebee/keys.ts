/** Keys begin as Chargebee's test keys do and are shorter, so that secret scanners do not take them for real. */
export const keys = {
	/** Full access to the site with items. */
	apiKey: 'test_sandbox_full_access',
	/** Full access to the site with plans and addons; it works at that site's address only. */
	classicApiKey: 'test_sandbox_classic_full_access',
	/** Reads everything on the site with items. */
	apiKeyReadOnly: 'test_sandbox_read_only',
	/** Deleted. */
	apiKeyRevoked: 'test_sandbox_revoked',
};
