import type { IDataObject, JsonObject } from 'n8n-workflow';

import type { ApiResponse } from '../contract/http';

/** A response of the provider, whatever its status. */
export type ReceivedResponse = ApiResponse & { kind: 'response' };

/** No response. */
export interface NoResponse {
	kind: 'noResponse';
	/** Whether the provider can have received the request. */
	delivered: 'no' | 'maybe';
	reason: string;
	/** Trying again cannot help: no credential, an untrusted certificate, an address that is not valid. */
	permanent?: boolean;
	/** The account accepts no request for longer than an item waits: until then, UTC ISO 8601. */
	retryAt?: string;
}

/** What one request came to. */
export type CallResult = ReceivedResponse | NoResponse;

export const isResponse = (result: CallResult): result is ReceivedResponse =>
	result.kind === 'response';

/** The status of a response; undefined where there is none. */
export const statusOf = (answer: CallResult | undefined): number | undefined =>
	answer && isResponse(answer) ? answer.status : undefined;

/** The request never left this machine. @param more `permanent`: trying again cannot help */
export const notSent = (
	reason: string,
	more: Pick<NoResponse, 'permanent' | 'retryAt'> = {},
): NoResponse => ({ kind: 'noResponse', delivered: 'no', ...more, reason });

/** The request may have reached the provider. */
export const maybeDelivered = (reason: string): NoResponse => ({
	kind: 'noResponse',
	delivered: 'maybe',
	reason,
});

/** Node's system calls before anything can have left. */
const connectingCall = /^(connect|getaddrinfo|bind)$/;
/** Codes of these calls alone; an unreachable host or network can be noticed later, too. */
const connectingCode = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/;
const connectingText = /\b(connect|getaddrinfo|bind) E[A-Z]/;
/** Node and axios refuse to build a request from such an address, header or option. */
const unbuildable =
	/^ERR_(INVALID_(URL|URL_SCHEME|CHAR|PROTOCOL|DOMAIN_NAME|HTTP_TOKEN|IP_ADDRESS)|UNESCAPED_CHARACTERS|HTTP_INVALID_HEADER_VALUE|BAD_OPTION|BAD_OPTION_VALUE|NOT_SUPPORT)$/;
/** OpenSSL's codes for a certificate that is not trusted, in Node's spelling. */
const untrusted =
	/CERT|^UNABLE_TO_|^DEPTH_ZERO|^INVALID_(CA|PURPOSE)$|^PATH_LENGTH_EXCEEDED$|^HOSTNAME_MISMATCH$/;
const handshakeFailed =
	/ERR_TLS_HANDSHAKE_TIMEOUT|before secure TLS connection was established|handshake failure|alert protocol version|unsupported protocol|no protocols available/i;

const failedWithStatus = /^Request failed with status code (\d{3})$/;
/** The codes of n8n's OAuth2 client for a token endpoint that refuses, and its text where n8n drops the code. */
const tokenRefused = /^(EAUTH|ESTATUS)$/;
const tokenRefusedText =
	/^HTTP status 4\d\d$|credentials not connected|needs to be reconnected|no refresh token/;

/** n8n wraps what its HTTP client throws; code and response are in the `cause`, or on the error itself. */
export function classifyError(thrown: JsonObject): CallResult {
	const cause = (thrown.cause ?? thrown) as JsonObject;
	const texts = textsOf(thrown, cause);
	const response = responseIn(thrown, cause, texts);
	if (response) return response;
	const code = String(cause.code ?? thrown.httpCode ?? thrown.code ?? '');
	const innerCode = String((cause.cause as JsonObject | undefined)?.code ?? '');
	const isTokenRefused =
		[code, innerCode].some((one) => tokenRefused.test(one)) ||
		texts.some((text) => tokenRefusedText.test(text));
	// OAuth2: there is no token, and the request itself was refused or never left.
	return isTokenRefused ? toApiResponse(401, {}, texts[0]) : classifyNoResponse(code, cause, texts);
}

/** What an error and its cause say, the error's own message first. */
const textsOf = ({ message, messages }: JsonObject, cause: JsonObject): string[] =>
	[message, ...((messages ?? []) as unknown[]), cause.message].map((text) => String(text ?? ''));

/** The response that an error holds; undefined: none. */
function responseIn(
	thrown: JsonObject,
	cause: JsonObject,
	texts: string[],
): ReceivedResponse | undefined {
	const response = cause.response as JsonObject | undefined;
	if (typeof response?.status === 'number') {
		const { status, headers, data } = response;
		return toApiResponse(status, headers as IDataObject, data);
	}
	// n8n 1.x drops the cause: the status is left in the HTTP client's message, the body in the context.
	const status = texts.map((text) => failedWithStatus.exec(text)?.[1]).find(Boolean);
	if (!status) return undefined;
	const { data } = (thrown.context ?? {}) as JsonObject;
	return toApiResponse(Number(status), {}, data ?? thrown.description);
}

/** What the usual codes mean; those of Node's documentation of system errors. */
const connectionFailures: Record<string, string | undefined> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host was not found',
	EAI_AGAIN: 'the host was not found',
	ETIMEDOUT: 'no connection in time',
};
const noConnection = (code: string) => connectionFailures[code] ?? `no connection (${code})`;
const brokenConnection = (code: string) =>
	/^(ECONNRESET|EPIPE)$/.test(code) ? 'the connection broke' : `the connection broke (${code})`;

function classifyNoResponse(code: string, cause: JsonObject, texts: string[]): NoResponse {
	const mentions = (form: RegExp) => texts.some((text) => form.test(text));
	const wasConnecting = connectingCall.test(String(cause.syscall ?? ''));
	if (wasConnecting || connectingCode.test(code) || mentions(connectingText)) {
		return notSent(noConnection(code));
	}
	if (unbuildable.test(code)) {
		return notSent(`the request is not valid (${code})`, { permanent: true });
	}
	if (untrusted.test(code)) {
		return notSent(`no trusted connection (${code})`, { permanent: true });
	}
	if (handshakeFailed.test(code) || mentions(handshakeFailed)) {
		return notSent(`no secure connection (${code})`);
	}
	if (code === '' && cause.isAxiosError !== true) return notSent(texts[0], { permanent: true });
	const isTimeout = /TIMEDOUT|ECONNABORTED/.test(code);
	return maybeDelivered(isTimeout ? noAnswerInTime : brokenConnection(code));
}

export const noAnswerInTime = 'no answer in time';

/** A response of n8n's HTTP client in the engine's form. */
export function toApiResponse(
	status: number,
	headers: IDataObject,
	body: unknown,
): ReceivedResponse {
	const lowerCase = Object.entries(headers ?? {}).map(([name, value]) => [
		name.toLowerCase(),
		String(value),
	]);
	return {
		kind: 'response',
		status,
		headers: Object.fromEntries(lowerCase),
		body: parseBody(body),
	};
}

/** Parses JSON whatever the content type says (Azotte has a type of its own); keeps other text, a bare number included. */
function parseBody(body: unknown): unknown {
	if (typeof body !== 'string' || !/^\s*[[{"]/.test(body)) return body;
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return body;
	}
}
