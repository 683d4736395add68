import type { FastifyInstance } from 'fastify';
import { isLocalHost } from './hosts';

/**
 * Refuses every request whose Host header does not name this machine. Without it, a web page whose
 * domain is rebound to 127.0.0.1 could use the printed keys and read the answers of any service on
 * this machine.
 */
export function localHostOnly(scope: FastifyInstance): void {
	scope.addHook('onRequest', async ({ headers: { host } }, reply) => {
		if (isLocalHost(host)) return;
		return reply.code(403).send({ message: `The host "${host ?? ''}" is not this machine` });
	});
}

/** Refuses requests that a page of another site makes, and bodies that such a page can send without a preflight. */
export function sameOriginOnly(scope: FastifyInstance): void {
	scope.removeContentTypeParser('text/plain');
	scope.addHook('onRequest', async ({ headers, method }, reply) => {
		if (method === 'GET' || method === 'HEAD') return;
		const { host, origin } = headers;
		const site = headers['sec-fetch-site'];
		const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
		if (!isOwn || (site !== undefined && site !== 'same-origin' && site !== 'none')) {
			return reply.code(403).send({ message: 'Another site may not control the sandbox' });
		}
	});
}
