export const keys = {
	/** `Authorization: Bearer …` */
	apiKey: 'own_sandbox_key',
	/** `X-Tenant`; no secret. */
	tenant: 'acme',
};
