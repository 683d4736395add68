import type { IDataObject, JsonObject } from 'n8n-workflow';

import type { ApiResponse } from '../contract/http';

/** No answer: `sent` tells whether the provider may have got the call. */
export interface NoResponse {
	delivered: 'no' | 'maybe';
	reason: string;
	/** Trying again cannot help: no credential, an untrusted certificate. */
	permanent?: boolean;
	/** The account is to be left alone for longer than an item waits: until then, UTC ISO 8601. */
	retryAt?: string;
}

/** Of Node's sockets: only these steps come before anything can have left. */
const beforeSending = /^(connect|getaddrinfo|bind)$/;
/** Codes that belong to these steps alone; a host or network that is out of reach can be noticed later. */
const neverLeft = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/;
const inWords = /\b(connect|getaddrinfo|bind) E[A-Z_]+/;
/** Codes of OpenSSL's check of a certificate, in Node's spelling. */
const untrusted =
	/CERT|^UNABLE_TO_|^DEPTH_ZERO|^INVALID_(CA|PURPOSE)$|^PATH_LENGTH_EXCEEDED$|^HOSTNAME_MISMATCH$/;
const noHandshake =
	/ERR_TLS_HANDSHAKE_TIMEOUT|before secure TLS connection was established|handshake failure|alert protocol version|unsupported protocol|no protocols available/i;

const failedWith = /^Request failed with status code (\d{3})$/;
/** The codes of n8n's OAuth2 client for a token endpoint that refuses, and its words where n8n drops the code. */
const tokenRefused = /^(EAUTH|ESTATUS)$/;
const tokenRefusedText =
	/^HTTP status 4\d\d$|credentials not connected|needs to be reconnected|no refresh token/;

export type CallResult = ApiResponse | NoResponse;
export const isResponse = (answer: CallResult): answer is ApiResponse => 'status' in answer;

/** n8n wraps what the HTTP client throws; the code and the answer sit in its `cause`, or on it. */
export function classifyError(thrown: JsonObject): CallResult {
	const cause = (thrown.cause ?? thrown) as JsonObject;
	const response = cause.response as JsonObject | undefined;
	if (typeof response?.status === 'number') {
		const { status, headers, data } = response;
		return toApiResponse(status, headers as IDataObject, data);
	}
	const text = String(thrown.message ?? '');
	const texts = [text, ...((thrown.messages ?? []) as unknown[]), cause.message ?? ''].map(String);
	// n8n 1.x drops the cause: the status is left in the HTTP client's words, the body in the context.
	const status = texts.map((one) => failedWith.exec(one)?.[1]).find(Boolean);
	if (status) {
		const { data } = (thrown.context ?? {}) as JsonObject;
		return toApiResponse(Number(status), {}, data ?? thrown.description);
	}
	const code = String(cause.code ?? thrown.httpCode ?? thrown.code ?? '');
	const deeper = String((cause.cause as JsonObject | undefined)?.code ?? '');
	// OAuth2: there is no token, and the call itself was turned away or never left.
	if (
		tokenRefused.test(code) ||
		tokenRefused.test(deeper) ||
		texts.some((one) => tokenRefusedText.test(one))
	) {
		return toApiResponse(401, {}, text);
	}
	return classifyNoResponse(code, cause, texts);
}

function classifyNoResponse(code: string, cause: JsonObject, texts: string[]): NoResponse {
	const said = (form: RegExp) => texts.some((one) => form.test(one));
	const early = beforeSending.test(String(cause.syscall ?? ''));
	if (early || neverLeft.test(code) || said(inWords)) {
		return { delivered: 'no', reason: `no connection (${code})` };
	}
	if (untrusted.test(code)) {
		return { delivered: 'no', permanent: true, reason: `no trusted connection (${code})` };
	}
	if (noHandshake.test(code) || said(noHandshake)) {
		return { delivered: 'no', reason: `no secure connection (${code})` };
	}
	if (code === '' && cause.isAxiosError !== true) {
		return { delivered: 'no', permanent: true, reason: texts[0] };
	}
	const late = /TIMEDOUT|ECONNABORTED/.test(code);
	return {
		delivered: 'maybe',
		reason: late ? 'no answer in time' : `the connection broke (${code})`,
	};
}

/** An answer as n8n's HTTP client gives it, in the engine's shape. */
export function toApiResponse(status: number, headers: IDataObject, body: unknown): ApiResponse {
	const lower = Object.entries(headers ?? {}).map(([name, value]) => [
		name.toLowerCase(),
		String(value),
	]);
	return { status, headers: Object.fromEntries(lower), body: parseBody(body) };
}

/** JSON whatever the content type says (Azotte names its own); other text as it is. */
function parseBody(body: unknown): unknown {
	if (typeof body !== 'string' || !/^\s*[[{"]/.test(body)) return body;
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return body;
	}
}
