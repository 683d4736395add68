import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';

import type { RateLimits, Provider } from '../contract/provider';
import { validateBaseUrl } from './baseUrl';
import { collectSecrets } from './redact';

/** The parts of n8n that the only HTTP call needs; executions, pickers and triggers have them. */
export type NodeContext = Pick<
	IExecuteFunctions | ILoadOptionsFunctions,
	'helpers' | 'getNode' | 'getCredentials'
>;

/** A credential as the engine uses it. */
export interface Account {
	type: string;
	/** Credential id and base URL: what shares a pace, and what a plan token is bound to. */
	key: string;
	baseUrl: string;
	headers: Record<string, string>;
	/** OAuth2 types are refreshed by n8n, which needs to see the 401 as an exception. */
	oAuth2: boolean;
	/** What must not come out; grows when n8n renews a token. */
	secrets: string[];
	rateLimits: RateLimits;
}

/**
 * Opens the account that signs a call.
 * @throws Refusal where its base URL would send the key in the clear; what n8n throws where there is no credential
 */
export async function loadAccount(
	host: NodeContext,
	provider: Provider,
	type: string,
): Promise<Account> {
	const credential = await host.getCredentials<IDataObject>(type);
	const whose = `the ${provider.displayName} credential`;
	const baseUrl = validateBaseUrl(provider.baseUrl(credential, type), whose);
	const id = host.getNode().credentials?.[type]?.id ?? type;
	return {
		type,
		key: `${id} ${baseUrl}`,
		baseUrl,
		headers: provider.headers?.(credential, type) ?? {},
		oAuth2: /OAuth2Api$/.test(type),
		secrets: collectSecrets(credential),
		rateLimits: provider.rateLimits,
	};
}

/** n8n may have renewed an OAuth2 token while a call was made: the new one is a secret, too. */
export async function refreshSecrets(host: NodeContext, account: Account): Promise<void> {
	if (!account.oAuth2) return;
	const now = collectSecrets(await host.getCredentials<IDataObject>(account.type));
	account.secrets = [...new Set([...account.secrets, ...now])];
}
