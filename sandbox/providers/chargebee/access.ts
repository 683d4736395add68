import type { FastifyRequest } from 'fastify';
import { type ProviderResponse, header } from '../../providerApi';
import { chargebeeError } from './errors';
import { keys } from './keys';

/** The sites of the sandbox, each with an address of its own, and the product catalog of each. */
export const sites = { 'acme-test': 'items', 'acme-classic-test': 'plans' } as const;

export type Site = keyof typeof sites;
/** `items` is Product Catalog 2.0, `plans` 1.0. */
export type Catalog = (typeof sites)[Site];

declare module 'fastify' {
	interface FastifyContextConfig {
		/** Whether a key of Chargebee must have full access for this route, or may be one that only reads. */
		chargebeeAccess?: 'full' | 'read';
	}
}

/** The owner of the key of a request. */
export interface Caller {
	site: Site;
	/** The key's name, which the events of its requests carry as `user`. */
	keyName: string;
	mayWrite: boolean;
}

const known = new Map<string, Caller>([
	[keys.apiKey, { site: 'acme-test', keyName: 'n8n', mayWrite: true }],
	[keys.apiKeyReadOnly, { site: 'acme-test', keyName: 'Reports', mayWrite: false }],
	[keys.classicApiKey, { site: 'acme-classic-test', keyName: 'n8n', mayWrite: true }],
]);

function siteOf(request: FastifyRequest): Site | undefined {
	const [, name] = /\/chargebee\/([^/?]+)/.exec(request.url) ?? [];
	return Object.hasOwn(sites, name ?? '') ? (name as Site) : undefined;
}

/**
 * The caller, or the refusal. The key is the user of Basic authentication, and its password is empty.
 * Assumption: a password is not looked at.
 */
export function identify(request: FastifyRequest): Caller | ProviderResponse {
	const site = siteOf(request);
	if (site === undefined) {
		return chargebeeError('site_not_found', 'Sorry, there is no site at this address');
	}
	const [, encoded] = /^basic +(\S+)$/i.exec(header(request, 'authorization') ?? '') ?? [];
	if (encoded === undefined) {
		return chargebeeError('basic_authentication_failed', 'Sorry, authentication failed');
	}
	const [key] = Buffer.from(encoded, 'base64').toString().split(':');
	const caller = known.get(key);
	if (caller?.site !== site) {
		return chargebeeError('api_authentication_failed', 'Sorry, authentication failed: invalid key');
	}
	if (request.routeOptions.config.chargebeeAccess === 'full' && !caller.mayWrite) {
		const message = 'Sorry, the API key has no access to this operation';
		return chargebeeError('api_authorization_failed', message);
	}
	return caller;
}
