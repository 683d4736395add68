import type { JsonObject } from 'n8n-workflow';

import { isWebPage } from '../../nodes/shared/contract/http';
import { isRetryable } from '../../nodes/shared/http/requestWithRetry';
import { classifyError, isResponse, toApiResponse } from '../../nodes/shared/http/response';

/** As n8n throws it: the HTTP client's error as the cause. */
const wrapped = (cause: object, message = 'The service could not be reached'): JsonObject =>
	({ message, cause: { isAxiosError: true, ...cause } }) as never;

describe('an error before anything can have left', () => {
	test.each([
		['the connection was refused', { code: 'ECONNREFUSED', syscall: 'connect' }],
		['no connection in time', { code: 'ETIMEDOUT', syscall: 'connect' }],
		['no connection (EHOSTUNREACH)', { code: 'EHOSTUNREACH', syscall: 'connect' }],
		['no connection (ENETUNREACH)', { code: 'ENETUNREACH', syscall: 'connect' }],
		['the host was not found', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }],
		['the host was not found', { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }],
		['no connection (EADDRNOTAVAIL)', { code: 'EADDRNOTAVAIL', syscall: 'bind' }],
		// The codes alone, and the words alone.
		['the connection was refused', { code: 'ECONNREFUSED' }],
		['the host was not found', { code: 'ENOTFOUND' }],
		['the host was not found', { code: 'EAI_AGAIN' }],
		[
			'no connection (EHOSTUNREACH)',
			{ message: 'connect EHOSTUNREACH 10.0.0.1:443', code: 'EHOSTUNREACH' },
		],
		['no connection (EBUSY)', { message: 'getaddrinfo EBUSY', code: 'EBUSY' }],
		['no connection (EADDRNOTAVAIL)', { message: 'bind EADDRNOTAVAIL', code: 'EADDRNOTAVAIL' }],
		[
			'no secure connection (EPROTO)',
			{ code: 'EPROTO', message: 'ssl/tls alert handshake failure' },
		],
		['no secure connection (EPROTO)', { code: 'EPROTO', message: 'alert protocol version' }],
		['no secure connection (EPROTO)', { code: 'EPROTO', message: 'unsupported protocol' }],
		['no secure connection (EPROTO)', { code: 'EPROTO', message: 'no protocols available' }],
		['no secure connection (ERR_TLS_HANDSHAKE_TIMEOUT)', { code: 'ERR_TLS_HANDSHAKE_TIMEOUT' }],
		[
			'no secure connection (ECONNRESET)',
			{
				code: 'ECONNRESET',
				message: 'Client network socket disconnected before secure TLS connection was established',
			},
		],
	])('%s (%j): it was not sent, and is sent again', (reason, cause) => {
		const answer = classifyError(wrapped(cause));
		expect(answer).toEqual({
			kind: 'noResponse',
			delivered: 'no',
			reason,
		});
		expect(isRetryable(answer, false)).toBe(true);
	});

	test.each([
		['CERT_HAS_EXPIRED'],
		['DEPTH_ZERO_SELF_SIGNED_CERT'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
		['ERR_TLS_CERT_ALTNAME_INVALID'],
		['INVALID_CA'],
		['INVALID_PURPOSE'],
		['PATH_LENGTH_EXCEEDED'],
		['HOSTNAME_MISMATCH'],
	])('an untrusted certificate (%s): it was not sent, and trying again cannot help', (code) => {
		const answer = classifyError(wrapped({ code }));
		const reason = `no trusted connection (${code})`;
		expect(answer).toEqual({ kind: 'noResponse', delivered: 'no', permanent: true, reason });
		expect(isRetryable(answer, true)).toBe(false);
	});
});

test.each([
	'ERR_INVALID_URL',
	'ERR_INVALID_CHAR',
	'ERR_UNESCAPED_CHARACTERS',
	'ERR_INVALID_PROTOCOL',
	'ERR_INVALID_HTTP_TOKEN',
	'ERR_HTTP_INVALID_HEADER_VALUE',
	'ERR_BAD_OPTION_VALUE',
])(
	'a request that the client refuses to build (%s) was not sent, and is not tried again',
	(code) => {
		for (const thrown of [wrapped({ code }), { message: 'Invalid URL', code }]) {
			const result = classifyError(thrown);
			expect(result).toEqual({
				kind: 'noResponse',
				delivered: 'no',
				permanent: true,
				reason: `the request is not valid (${code})`,
			});
			expect(isRetryable(result, true)).toBe(false);
		}
	},
);

describe('an error on an open connection', () => {
	test.each([
		['the connection broke (EHOSTUNREACH)', { code: 'EHOSTUNREACH', syscall: 'read' }],
		['the connection broke (ENETUNREACH)', { code: 'ENETUNREACH', message: 'write ENETUNREACH' }],
		['no answer in time', { code: 'ETIMEDOUT', syscall: 'read', message: 'read ETIMEDOUT' }],
		['no answer in time', { code: 'ECONNABORTED', message: 'timeout of 300ms exceeded' }],
		['the connection broke', { code: 'ECONNRESET', message: 'socket hang up' }],
		['the connection broke', { code: 'EPIPE', syscall: 'write', message: 'write EPIPE' }],
		['the connection broke (EPROTO)', { code: 'EPROTO', message: 'wrong version number' }],
		['the connection broke (ERR_SSL_BAD_RECORD_MAC)', { code: 'ERR_SSL_BAD_RECORD_MAC' }],
		['the connection broke (HPE_INVALID_CONSTANT)', { code: 'HPE_INVALID_CONSTANT' }],
		['the connection broke (ERR_INVALID_URLS)', { code: 'ERR_INVALID_URLS' }],
		['the connection broke (X_ERR_INVALID_URL)', { code: 'X_ERR_INVALID_URL' }],
		['the connection broke (X_HOSTNAME_MISMATCH)', { code: 'X_HOSTNAME_MISMATCH' }],
		['the connection broke (PATH_LENGTH_EXCEEDED_X)', { code: 'PATH_LENGTH_EXCEEDED_X' }],
		['the connection broke (XEPIPE)', { code: 'XEPIPE' }],
		['the connection broke (ECONNRESETX)', { code: 'ECONNRESETX' }],
		['the connection broke (ERR_CANCELED)', { code: 'ERR_CANCELED', message: 'canceled' }],
		// Parts of a code or of words that belong to steps before the call.
		['the connection broke (XECONNREFUSED)', { code: 'XECONNREFUSED' }],
		['the connection broke (ENOTFOUNDX)', { code: 'ENOTFOUNDX', syscall: 'reconnect' }],
		['the connection broke (X_UNABLE_TO_Y)', { code: 'X_UNABLE_TO_Y' }],
		['the connection broke (E1)', { code: 'E1', syscall: 'connected', message: 'reconnect ERR' }],
		['the connection broke ()', { message: 'something' }],
	])('%s: it may have been accepted, and is not sent again blindly', (reason, cause) => {
		const answer = classifyError(wrapped(cause));
		expect(answer).toEqual({ kind: 'noResponse', delivered: 'maybe', reason });
		expect(isRetryable(answer, false)).toBe(false);
		expect(isRetryable(answer, true)).toBe(true);
	});
});

test('an error with a code may have come after the request was sent, whichever client throws it', () => {
	const thrown = { message: 'read', cause: { code: 'ECONNRESET' } };
	const broke = {
		kind: 'noResponse',
		delivered: 'maybe',
		reason: 'the connection broke',
	};
	expect(classifyError(thrown)).toEqual(broke);
	expect(classifyError({ message: 'read', code: 'ECONNRESET' })).toEqual(broke);
});

describe('an exception that is an answer', () => {
	test('the status, headers and body are those of the response', () => {
		const response = { status: 429, headers: { 'Retry-After': '7' }, data: '{"a":1}' };
		expect(classifyError(wrapped({ response }))).toEqual({
			kind: 'response',
			status: 429,
			headers: { 'retry-after': '7' },
			body: { a: 1 },
		});
	});

	test('on n8n 1.x, which drops it, the status is in the words and the body in the context', () => {
		const thrown = {
			message: 'Forbidden',
			messages: ['Request failed with status code 403'],
			context: { data: { error: 'no' } },
		};
		expect(classifyError(thrown as never)).toEqual({
			kind: 'response',
			status: 403,
			headers: {},
			body: { error: 'no' },
		});
	});

	test.each([
		['EAUTH', { cause: { code: 'EAUTH' }, message: 'refused' }],
		['ESTATUS, further down', { cause: { cause: { code: 'ESTATUS' } }, message: 'refused' }],
		['ESTATUS of the client itself', { code: 'ESTATUS', message: 'refused' }],
		['words', { message: 'OAuth credentials not connected' }],
		['words of the token endpoint', { message: 'HTTP status 400' }],
		['words further down', { message: '', cause: { message: 'it needs to be reconnected' } }],
		['words beside', { message: '', messages: ['no refresh token'] }],
	])('without an OAuth2 token (%s) it counts as a 401', (_, thrown) => {
		const answer = classifyError(thrown as never);
		expect(answer).toEqual({ kind: 'response', status: 401, headers: {}, body: thrown.message });
	});

	test('without words of its own has no text', () => {
		const thrown = { messages: ['no refresh token'] };
		expect(classifyError(thrown as never)).toMatchObject({ status: 401, body: '' });
	});

	test.each([
		['HTTP status 500'],
		['HTTP status 4000'],
		['an HTTP status 400'],
		['Request failed with status code 40'],
		['Request failed with status code 4033'],
		['The Request failed with status code 403'],
	])('other texts (%s) are no responses', (message) => {
		expect(isResponse(classifyError({ message, code: 'ECONNRESET' }))).toBe(false);
	});

	test('of n8n 1.x without a body has the description', () => {
		const thrown = { messages: ['Request failed with status code 404'], description: 'gone' };
		expect(classifyError(thrown as never)).toEqual({
			kind: 'response',
			status: 404,
			headers: {},
			body: 'gone',
		});
	});
});

test('an exception of n8n itself, before the call: it was not sent, and its words are kept', () => {
	expect(classifyError({ message: 'Credential not found' })).toEqual({
		kind: 'noResponse',
		delivered: 'no',
		permanent: true,
		reason: 'Credential not found',
	});
});

describe('a web page', () => {
	const html = { 'Content-Type': 'text/html; charset=utf-8' };
	test.each<[string, object, unknown]>([
		['text that begins as HTML', {}, '<!doctype html><title>Just a moment…</title>'],
		['the same behind blanks and a byte order mark', {}, '\ufeff \n<html>'],
		['text that calls itself HTML', html, 'Access denied'],
		['nothing that calls itself HTML', html, ''],
		[
			'nothing at all that calls itself XHTML',
			{ 'content-type': 'application/xhtml+xml' },
			undefined,
		],
	])('is %s', (_, headers, body) => {
		expect(isWebPage(toApiResponse(403, headers as never, body))).toBe(true);
	});

	test.each<[string, object, unknown]>([
		['JSON', { 'content-type': 'application/json' }, '{"message":"<b>no</b>"}'],
		['JSON that calls itself HTML', html, '{"message":"no"}'],
		['plain text', { 'content-type': 'text/plain' }, 'Bad credentials'],
		['a JSON text', {}, '"Bad credentials"'],
		['nothing', {}, ''],
	])('is not %s', (_, headers, body) => {
		expect(isWebPage(toApiResponse(401, headers as never, body))).toBe(false);
	});
});

describe('the body of a response', () => {
	test.each([
		['{"id":1}', { id: 1 }],
		[' [1]', [1]],
		['"text"', 'text'],
		['{no JSON', '{no JSON'],
		['OK', 'OK'],
		['123', '123'],
		['see [1]', 'see [1]'],
		[123, 123],
	])('%j becomes %j', (body, taken) => {
		expect(toApiResponse(200, { ETag: 7 }, body)).toMatchObject({
			...{ status: 200, headers: { etag: '7' } },
			body: taken,
		});
	});
});
