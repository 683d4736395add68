/** The middle of each key has no letters that secret scanners take for a real one. */
export const keys = {
	/** A key with every permission, live mode. */
	secretKey: 'sk_live_sandbox_stripe',
	/** The same account in test mode: it sees other records. */
	testSecretKey: 'sk_test_sandbox_stripe',
	/** Restricted: writes subscriptions, reads customers and writes webhook endpoints. */
	restrictedKey: 'rk_live_sandbox_stripe',
	/** Restricted: writes subscriptions and has no permission for customers. */
	keyWithoutCustomers: 'rk_live_sandbox_subscriptions',
	/** Restricted: reads subscriptions and customers. */
	keyReadOnly: 'rk_live_sandbox_read',
	/** Of an organization: needs `Stripe-Context` and `Stripe-Version`. */
	organizationKey: 'sk_org_live_sandbox_stripe',
	/** The account of the keys above. */
	accountId: 'acct_1SandboxSampleStripe',
	/** A connected account, addressed with `Stripe-Account`. */
	connectedAccountId: 'acct_1SandboxSampleShop',
};
