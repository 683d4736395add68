import type { Sandbox } from '../../sandbox/server';

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
