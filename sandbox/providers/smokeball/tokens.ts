import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { send } from '../../gate';
import { isLoopback } from '../../hosts';
import { type Answer, header, textIn } from '../../vendor';
import type { World } from '../../world';
import { keys } from './keys';

const hour = 3_600_000;
const minute = 60_000;
const refreshDays = 30;

interface Code {
	redirectUri: string;
	expires: number;
	/** PKCE, S256. */
	challenge?: string;
}

/**
 * Smokeball's OAuth2: the authorization code, client credentials, and renewal. Nobody is asked: who
 * comes to `/oauth2/authorize` is sent back with a code at once.
 * @see https://docs.smokeball.com/docs/api-docs/2t26gcuuqf1wk-authorization-code-grant
 * @see https://docs.smokeball.com/docs/api-docs/h72024p76i8e1-client-credentials-grant
 */
export function smokeballTokens(world: World) {
	const codes = new Map<string, Code>();
	/** When each token ends to be good, in milliseconds since 1970. */
	const accessTokens = new Map<string, number>();
	const refreshTokens = new Map<string, number>();
	let last = 0;

	const now = () => world.clock.now().getTime();
	const isGood = (tokens: Map<string, number>, token = '') => (tokens.get(token) ?? 0) > now();
	function named(kind: string): string {
		last += 1;
		return `sandbox_smokeball_${kind}_${last}`;
	}

	function authorize({ query }: FastifyRequest): Answer | URL {
		const redirectUri = textIn(query, 'redirect_uri') ?? '';
		const isKnown = textIn(query, 'client_id') === keys.clientId;
		if (!isKnown) return refused('invalid_client');
		if (!URL.canParse(redirectUri) || !isLoopback(new URL(redirectUri))) {
			return refused('redirect_mismatch');
		}
		const back = new URL(redirectUri);
		const state = textIn(query, 'state');
		if (state) back.searchParams.set('state', state);
		const challenge = textIn(query, 'code_challenge');
		const isPlain = challenge && textIn(query, 'code_challenge_method') !== 'S256';
		if (textIn(query, 'response_type') !== 'code' || isPlain) {
			back.searchParams.set('error', 'invalid_request');
			return back;
		}
		const code = named('code');
		codes.set(code, { redirectUri, challenge, expires: now() + 5 * minute });
		back.searchParams.set('code', code);
		return back;
	}

	function issue(request: FastifyRequest): Answer {
		const { body } = request;
		const basic = Buffer.from(`${keys.clientId}:${keys.clientSecret}`).toString('base64');
		// Assumption: refusals are those of RFC 6749, section 5.2.
		if (header(request, 'authorization') !== `Basic ${basic}`) return refused('invalid_client');
		const grant = textIn(body, 'grant_type');
		const clientId = textIn(body, 'client_id');
		// The pages name client_id for every grant. Whether a renewal without it is let in, where the
		// Basic header says it already, they do not say.
		const mayLack =
			grant === 'refresh_token' &&
			world.settings.assumes('smokeball', 'refreshWithoutClientId') === 'accepted';
		if (clientId !== keys.clientId && !(clientId === undefined && mayLack)) {
			return refused('invalid_client');
		}
		switch (grant) {
			case 'client_credentials':
				return granted();
			case 'authorization_code':
				return redeem(body);
			case 'refresh_token':
				// The answer has no new refresh token.
				return isGood(refreshTokens, textIn(body, 'refresh_token'))
					? granted()
					: refused('invalid_grant');
			default:
				return refused('unsupported_grant_type');
		}
	}

	/** A code is good for five minutes and once, for the address that it was sent to. */
	function redeem(body: unknown): Answer {
		const given = textIn(body, 'code') ?? '';
		const code = codes.get(given);
		codes.delete(given);
		const verifier = createHash('sha256')
			.update(textIn(body, 'code_verifier') ?? '')
			.digest('base64url');
		const isMeant =
			code !== undefined &&
			code.expires > now() &&
			code.redirectUri === textIn(body, 'redirect_uri') &&
			(code.challenge === undefined || code.challenge === verifier);
		if (!isMeant) return refused('invalid_grant');
		const refresh = named('refresh');
		refreshTokens.set(refresh, now() + refreshDays * 24 * hour);
		return granted({ refresh_token: refresh });
	}

	function granted(more: object = {}): Answer {
		const token = named('issued');
		accessTokens.set(token, now() + hour);
		const body = { ...more, access_token: token, expires_in: hour / 1000, token_type: 'Bearer' };
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
			scope.get('/oauth2/authorize', (request, reply) => {
				const found = authorize(request);
				return found instanceof URL
					? reply.code(302).header('location', found.href).send()
					: send(reply, found);
			});
			scope.post('/oauth2/token', (request, reply) => send(reply, issue(request)));
		},
		accepts(authorization = ''): boolean {
			const token = authorization.replace(/^Bearer /, '');
			if (token === authorization) return false;
			return token === keys.accessToken || isGood(accessTokens, token);
		},
		clear() {
			codes.clear();
			accessTokens.clear();
			refreshTokens.clear();
		},
	};
}

function refused(error: string): Answer {
	return { status: 400, body: { error } };
}
