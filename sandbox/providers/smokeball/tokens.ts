import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { sendResponse } from '../../faultInjection';
import { isLoopback } from '../../hosts';
import { type ProviderResponse, header, stringField } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { keys } from './keys';

const hour = 3_600_000;
const minute = 60_000;
const refreshDays = 30;

interface AuthorizationCode {
	redirectUri: string;
	expires: number;
	/** PKCE, S256. */
	challenge?: string;
}

/**
 * Smokeball's OAuth2: authorization code, client credentials, and refresh. `/oauth2/authorize`
 * redirects back with a code at once, without a sign-in page.
 * @see https://docs.smokeball.com/docs/api-docs/2t26gcuuqf1wk-authorization-code-grant
 * @see https://docs.smokeball.com/docs/api-docs/h72024p76i8e1-client-credentials-grant
 */
export function smokeballTokens(sandboxState: SandboxState) {
	const codes = new Map<string, AuthorizationCode>();
	/** Expiry by token, in ms since 1970. */
	const accessTokens = new Map<string, number>();
	const refreshTokens = new Map<string, number>();
	let last = 0;

	const now = () => sandboxState.clock.now().getTime();
	const isValid = (tokens: Map<string, number>, token = '') => (tokens.get(token) ?? 0) > now();
	function newToken(kind: string): string {
		last += 1;
		return `sandbox_smokeball_${kind}_${last}`;
	}

	function authorize({ query }: FastifyRequest): ProviderResponse | URL {
		const redirectUri = stringField(query, 'redirect_uri') ?? '';
		const isKnown = stringField(query, 'client_id') === keys.clientId;
		if (!isKnown) return errorResponse('invalid_client');
		if (!URL.canParse(redirectUri) || !isLoopback(new URL(redirectUri))) {
			return errorResponse('redirect_mismatch');
		}
		const back = new URL(redirectUri);
		const state = stringField(query, 'state');
		if (state) back.searchParams.set('state', state);
		const challenge = stringField(query, 'code_challenge');
		const isPlain = challenge && stringField(query, 'code_challenge_method') !== 'S256';
		if (stringField(query, 'response_type') !== 'code' || isPlain) {
			back.searchParams.set('error', 'invalid_request');
			return back;
		}
		const code = newToken('code');
		codes.set(code, { redirectUri, challenge, expires: now() + 5 * minute });
		back.searchParams.set('code', code);
		return back;
	}

	function issue(request: FastifyRequest): ProviderResponse {
		const { body } = request;
		const basic = Buffer.from(`${keys.clientId}:${keys.clientSecret}`).toString('base64');
		// Assumption: errors are those of RFC 6749, section 5.2.
		if (header(request, 'authorization') !== `Basic ${basic}`)
			return errorResponse('invalid_client');
		const grant = stringField(body, 'grant_type');
		const clientId = stringField(body, 'client_id');
		// The documents require client_id for every grant, and do not define a refresh without it.
		const mayLack =
			grant === 'refresh_token' &&
			sandboxState.settings.assumption('smokeball', 'refreshWithoutClientId') === 'accepted';
		if (clientId !== keys.clientId && !(clientId === undefined && mayLack)) {
			return errorResponse('invalid_client');
		}
		switch (grant) {
			case 'client_credentials':
				return tokenResponse();
			case 'authorization_code':
				return redeem(body);
			case 'refresh_token':
				// The response has no new refresh token.
				return isValid(refreshTokens, stringField(body, 'refresh_token'))
					? tokenResponse()
					: errorResponse('invalid_grant');
			default:
				return errorResponse('unsupported_grant_type');
		}
	}

	/** A code is valid once, for five minutes, and for its redirect URI. */
	function redeem(body: unknown): ProviderResponse {
		const given = stringField(body, 'code') ?? '';
		const code = codes.get(given);
		codes.delete(given);
		const verifier = createHash('sha256')
			.update(stringField(body, 'code_verifier') ?? '')
			.digest('base64url');
		const isMeant =
			code !== undefined &&
			code.expires > now() &&
			code.redirectUri === stringField(body, 'redirect_uri') &&
			(code.challenge === undefined || code.challenge === verifier);
		if (!isMeant) return errorResponse('invalid_grant');
		const refresh = newToken('refresh');
		refreshTokens.set(refresh, now() + refreshDays * 24 * hour);
		return tokenResponse({ refresh_token: refresh });
	}

	function tokenResponse(more: object = {}): ProviderResponse {
		const token = newToken('issued');
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
					: sendResponse(reply, found);
			});
			scope.post('/oauth2/token', (request, reply) => sendResponse(reply, issue(request)));
		},
		accepts(authorization = ''): boolean {
			const token = authorization.replace(/^Bearer /, '');
			if (token === authorization) return false;
			return token === keys.accessToken || isValid(accessTokens, token);
		},
		clear() {
			codes.clear();
			accessTokens.clear();
			refreshTokens.clear();
		},
	};
}

function errorResponse(error: string): ProviderResponse {
	return { status: 400, body: { error } };
}
