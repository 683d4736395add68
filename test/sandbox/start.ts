import type { Sandbox } from '../../sandbox/server';
import { keys } from '../../sandbox/keys';
import { currentVersion } from '../../sandbox/providers/stripe/wire';

/** Headers that authenticate a request at each provider. */
export const signed = {
	firstPromoterV1: { 'x-api-key': keys.firstPromoter.v1ApiKey },
	firstPromoterV2: {
		authorization: `Bearer ${keys.firstPromoter.v2ApiKey}`,
		'account-id': keys.firstPromoter.accountId,
	},
	reditus: { authorization: `Bearer ${keys.reditus.apiToken}` },
	smokeball: {
		'x-api-key': keys.smokeball.apiKey,
		authorization: `Bearer ${keys.smokeball.accessToken}`,
	},
	funnelFox: { 'fox-secret': keys.funnelFox.secretKey },
	azotte: { 'x-api-key': keys.azotte.apiKey, 'x-tn': keys.azotte.tenantId },
	paddle: { authorization: `Bearer ${keys.paddle.liveApiKey}` },
	stripe: {
		authorization: `Bearer ${keys.stripe.secretKey}`,
		'stripe-version': currentVersion,
	},
};

/** A response with its text, and its body if that is JSON. */
export interface SandboxResponse {
	status: number;
	type: string | null;
	headers: Headers;
	text: string;
	/** Untyped, because each provider has its own format. */
	body: ReturnType<typeof JSON.parse>;
}

/** Sends a request to the sandbox, with `json` as a JSON body or `form` as a form. */
export async function ask(
	sandbox: Sandbox,
	method: string,
	path: string,
	{
		json,
		form,
		...more
	}: {
		json?: unknown;
		form?: Record<string, string>;
		headers?: Record<string, string>;
		signal?: AbortSignal;
	} = {},
): Promise<SandboxResponse> {
	const response = await fetch(sandbox.url + path, {
		method,
		redirect: 'manual',
		signal: more.signal,
		headers: {
			...(json === undefined ? {} : { 'content-type': 'application/json' }),
			...more.headers,
		},
		body: form ? new URLSearchParams(form) : json === undefined ? undefined : JSON.stringify(json),
	});
	const text = await response.text();
	return {
		status: response.status,
		type: response.headers.get('content-type'),
		headers: response.headers,
		text,
		body: parseJson(text),
	};
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

export { ownSandbox } from './ownSandbox';
