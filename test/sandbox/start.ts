import type { Sandbox } from '../../sandbox/server';
import { keys } from '../../sandbox/keys';
import { currentVersion } from '../../sandbox/providers/stripe/wire';

/** The headers with which each vendor lets a request in. */
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

/** What came back, read as text and, where it is JSON, as a value. */
export interface Got {
	status: number;
	type: string | null;
	headers: Headers;
	text: string;
	/** The vendors' bodies have many shapes; a test says which one it expects. */
	body: ReturnType<typeof JSON.parse>;
}

/** Asks the sandbox; a `json` value goes as a JSON body, `form` as a form. */
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
): Promise<Got> {
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
		body: parsed(text),
	};
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

export { ownSandbox } from './ownSandbox';
