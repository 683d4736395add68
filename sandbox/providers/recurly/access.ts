import type { FastifyRequest } from 'fastify';
import { type ProviderResponse, header } from '../../providerApi';
import { recurlyError, unsupportedVersion } from './errors';
import { keys } from './keys';
import { acceptHeaders } from './version';

/** The two sites of the sandbox have one address; the key decides. */
export type Site = 'production' | 'sandbox';

const sites = new Map<string, Site>([
	[keys.apiKey, 'production'],
	[keys.sandboxApiKey, 'sandbox'],
]);

/** Whose request it is. */
export interface Caller {
	site: Site;
	key: string;
}

/** The caller, or the refusal: the API key as the user of Basic authentication, and the API's version. */
export function identify(request: FastifyRequest): Caller | ProviderResponse {
	const [, encoded] = /^basic +(\S+)$/i.exec(header(request, 'authorization') ?? '') ?? [];
	if (encoded === undefined) return recurlyError('unauthorized');
	const [key, password] = Buffer.from(encoded, 'base64').toString().split(':');
	const site = sites.get(key);
	if (site === undefined || password !== '') return recurlyError('invalid_api_key');
	const accepted = header(request, 'accept')?.split(/ *, */) ?? [];
	if (!accepted.some((one) => acceptHeaders.includes(one))) return unsupportedVersion;
	return { site, key };
}
