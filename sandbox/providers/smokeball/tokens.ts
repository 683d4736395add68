import type { FastifyInstance, FastifyRequest } from 'fastify';
import { send } from '../../gate';
import { keys } from './keys';
import { type Answer, header, textIn } from '../../vendor';
import type { World } from '../../world';

const lifetimeSeconds = 3_600;

/**
 * Smokeball's token endpoint, client credentials only: HTTP Basic, and the client id in the form.
 * @see https://docs.smokeball.com/docs/api-docs/h72024p76i8e1-client-credentials-grant
 */
export function smokeballTokens(world: World) {
	const expiries = new Map<string, number>();
	let last = 0;

	function issue(request: FastifyRequest): Answer {
		const { clientId, clientSecret } = keys;
		const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
		const isKnown = header(request, 'authorization') === `Basic ${basic}`;
		// Assumption: refusals are those of RFC 6749, section 5.2.
		if (!isKnown || textIn(request.body, 'client_id') !== clientId) {
			return { status: 400, body: { error: 'invalid_client' } };
		}
		if (textIn(request.body, 'grant_type') !== 'client_credentials') {
			return { status: 400, body: { error: 'unsupported_grant_type' } };
		}
		last += 1;
		const token = `sandbox_smokeball_issued_${last}`;
		expiries.set(token, world.clock.now().getTime() + lifetimeSeconds * 1000);
		const body = { access_token: token, expires_in: lifetimeSeconds, token_type: 'Bearer' };
		return { status: 200, body };
	}

	return {
		addRoutes(scope: FastifyInstance): void {
			scope.addContentTypeParser(
				'application/x-www-form-urlencoded',
				{ parseAs: 'string' },
				async (_request: FastifyRequest, text: string) =>
					Object.fromEntries(new URLSearchParams(text)),
			);
			scope.post('/oauth2/token', (request, reply) => send(reply, issue(request)));
		},
		accepts(authorization = ''): boolean {
			const token = authorization.replace(/^Bearer /, '');
			if (token === authorization) return false;
			if (token === keys.accessToken) return true;
			return (expiries.get(token) ?? 0) > world.clock.now().getTime();
		},
		clear: () => expiries.clear(),
	};
}
