import type { FastifyInstance } from 'fastify';
import { isLocalHost } from './hosts';

/**
 * Lets nobody steer the sandbox from a foreign web page: neither by a post from another site, nor
 * by a name of another's that leads to this machine.
 */
export function sameOriginOnly(scope: FastifyInstance): void {
	// What a page may send without asking first would otherwise be read as JSON.
	scope.removeContentTypeParser('text/plain');
	scope.addHook('onRequest', async ({ headers, method }, reply) => {
		const { host, origin } = headers;
		if (!isLocalHost(host)) {
			return reply.code(403).send({ message: `The host "${host ?? ''}" is not this machine` });
		}
		if (method === 'GET' || method === 'HEAD') return;
		const site = headers['sec-fetch-site'];
		const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
		if (!isOwn || (site !== undefined && site !== 'same-origin' && site !== 'none')) {
			return reply.code(403).send({ message: 'Another site may not steer the sandbox' });
		}
	});
}
