/** Recurly's keys have no telling prefix, so that these need no form of their own. */
export const keys = {
	/** Of the production site. A key has no scopes: it may do everything on its site. */
	apiKey: 'recurly_sandbox_key_production',
	/** Of the sandbox site, which has the same address. */
	sandboxApiKey: 'recurly_sandbox_key_sandbox_site',
	/** Of a user who is not there any more. */
	apiKeyRevoked: 'recurly_sandbox_key_revoked',
	/** Signs the webhooks of the one endpoint. */
	webhookKey: 'recurly_sandbox_webhook_key',
	/** Signs them as well for 24 hours after the key was changed. */
	formerWebhookKey: 'recurly_sandbox_webhook_key_former',
};
