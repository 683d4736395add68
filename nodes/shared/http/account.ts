import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';

import { isSecretField, normalizeCredential, unsendableReason } from '../contract/credential';
import type { Provider, RateLimits } from '../contract/provider';
import { invalid } from '../contract/refusal';
import { validateBaseUrl } from './baseUrl';
import { collectSecrets, secretValues } from './redact';

/** The parts of n8n that a request needs; executions, editors and triggers have them. */
export type NodeContext = Pick<
	IExecuteFunctions | ILoadOptionsFunctions,
	'helpers' | 'getNode' | 'getCredentials'
>;

/** A credential as the engine uses it. */
export interface Account {
	type: string;
	/** Credential ID and base URL: plan tokens, among others, go by it. */
	key: string;
	/** Accounts with the same key share one rate limit. */
	rateLimitKey: string;
	baseUrl: string;
	headers: Record<string, string>;
	/** Headers that the credential adds, in lower case, where the user chooses their names. */
	ownHeaders: string[];
	/** n8n renews the tokens of OAuth2 types, and needs to see a 401 as an exception for it. */
	oAuth2: boolean;
	/** Values that must not come out; replaced by a longer list when n8n renews a token. */
	secrets: string[];
	rateLimits: RateLimits;
	forbidsRetry?: Provider['forbidsRetry'];
	alternatives?: Provider['alternatives'];
}

/**
 * Loads the account that signs a request.
 * @throws Refusal where its base URL would send the key in the clear, or where a header's name is not
 * valid or cannot hold its key, or where no credential is chosen; what n8n throws where it cannot be read
 */
export async function loadAccount(
	host: NodeContext,
	provider: Provider,
	type: string,
): Promise<Account> {
	const credentialName = `the ${provider.displayName} credential`;
	const credential = normalizeCredential(await credentialOf(host, type));
	for (const [name, value] of Object.entries(credential)) {
		const isSent = typeof value === 'string' && isSecretField(name) && name !== 'clientSecret';
		const problem = isSent ? unsendableReason(value) : undefined;
		if (problem) {
			throw invalid(`A key of ${credentialName} ${problem}.`, 'Copy it again into the credential.');
		}
	}
	const baseUrl = validateBaseUrl(provider.baseUrl(credential, type), credentialName);
	const id = host.getNode().credentials?.[type]?.id ?? type;
	const key = `${id} ${baseUrl}`;
	return {
		type,
		key,
		rateLimitKey: provider.limitsByAddress ? baseUrl : key,
		baseUrl,
		headers: provider.headers?.(credential, type) ?? {},
		ownHeaders: ownHeadersOf(provider, credential),
		oAuth2: /OAuth2Api$/.test(type),
		secrets: secretsOf(provider, credential),
		rateLimits: provider.rateLimits,
		forbidsRetry: provider.forbidsRetry,
		alternatives: provider.alternatives,
	};
}

async function credentialOf(host: NodeContext, type: string): Promise<IDataObject> {
	const isChosen = host.getNode().credentials?.[type] !== undefined;
	const credential = host.getCredentials<IDataObject>(type);
	if (isChosen) return await credential;
	return await credential.catch(() => {
		throw invalid('No credential is chosen in this node.', 'Choose one, or create it.');
	});
}

const ownHeadersOf = ({ headerNames }: Provider, credential: IDataObject): string[] =>
	(headerNames?.(credential) ?? []).map((name) => name.toLowerCase());

/** Every secret value of a credential. */
export const secretsOf = (
	provider: Pick<Provider, 'secrets'>,
	credential: IDataObject,
): string[] => [
	...new Set([
		...collectSecrets(credential),
		...secretValues(provider.secrets?.(credential) ?? []),
	]),
];

/** Adds values that must not come out, such as a secret that was just generated. */
export function addSecrets(account: Account, ...secrets: string[]): void {
	account.secrets = [...new Set([...account.secrets, ...secrets])];
}

/** n8n may have renewed an OAuth2 token during a request: the new one is a secret, too. */
export async function refreshSecrets(host: NodeContext, account: Account): Promise<void> {
	if (!account.oAuth2) return;
	addSecrets(account, ...collectSecrets(await host.getCredentials<IDataObject>(account.type)));
}
