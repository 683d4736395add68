import type { JsonObject } from 'n8n-workflow';

import { mayRepeat } from '../../nodes/shared/wire/exchange';
import { isReply, understood } from '../../nodes/shared/wire/silence';

/** As n8n throws it: the HTTP client's error as the cause. */
const wrapped = (cause: object, message = 'The service could not be reached'): JsonObject =>
	({ message, cause: { isAxiosError: true, ...cause } }) as never;

describe('an error before anything can have left', () => {
	test.each([
		['ECONNREFUSED', { code: 'ECONNREFUSED', syscall: 'connect' }],
		['ETIMEDOUT while connecting', { code: 'ETIMEDOUT', syscall: 'connect' }],
		['EHOSTUNREACH while connecting', { code: 'EHOSTUNREACH', syscall: 'connect' }],
		['ENETUNREACH while connecting', { code: 'ENETUNREACH', syscall: 'connect' }],
		['an unknown host', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }],
		['a name server that is busy', { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }],
		['no free local port', { code: 'EADDRNOTAVAIL', syscall: 'bind' }],
		['words alone', { message: 'connect EHOSTUNREACH 10.0.0.1:443', code: 'EHOSTUNREACH' }],
		['a handshake that fails', { code: 'EPROTO', message: 'ssl/tls alert handshake failure' }],
		[
			'a connection that is closed within the handshake',
			{
				code: 'ECONNRESET',
				message: 'Client network socket disconnected before secure TLS connection was established',
			},
		],
	])('%s: it was not sent, and may be', (_, cause) => {
		const answer = understood(wrapped(cause));
		expect(answer).toMatchObject({ sent: 'no' });
		expect(mayRepeat(answer, false)).toBe(true);
	});

	test.each([
		['CERT_HAS_EXPIRED'],
		['DEPTH_ZERO_SELF_SIGNED_CERT'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
		['ERR_TLS_CERT_ALTNAME_INVALID'],
		['INVALID_CA'],
	])('an untrusted certificate (%s): it was not sent, and trying again cannot help', (code) => {
		const answer = understood(wrapped({ code }));
		expect(answer).toMatchObject({ sent: 'no', final: true });
		expect(mayRepeat(answer, true)).toBe(false);
	});
});

describe('an error on an open connection', () => {
	test.each([
		['EHOSTUNREACH', { code: 'EHOSTUNREACH', syscall: 'read', message: 'read EHOSTUNREACH' }],
		['ENETUNREACH', { code: 'ENETUNREACH', syscall: 'write', message: 'write ENETUNREACH' }],
		['ETIMEDOUT', { code: 'ETIMEDOUT', syscall: 'read', message: 'read ETIMEDOUT' }],
		['ECONNRESET', { code: 'ECONNRESET', message: 'socket hang up' }],
		['EPIPE', { code: 'EPIPE', syscall: 'write', message: 'write EPIPE' }],
		['a bad TLS record', { code: 'EPROTO', message: 'ssl3_get_record:wrong version number' }],
		[
			'a TLS record that fails its check',
			{ code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', message: 'bad record mac' },
		],
		['no answer in time', { code: 'ECONNABORTED', message: 'timeout of 300ms exceeded' }],
		['a broken answer', { code: 'HPE_INVALID_CONSTANT', message: 'Parse Error' }],
		['a call that n8n broke off', { code: 'ERR_CANCELED', message: 'canceled' }],
		['no code at all', { message: 'something' }],
	])('%s: it may have been accepted, and is not sent again blindly', (_, cause) => {
		const answer = understood(wrapped(cause));
		expect(answer).toMatchObject({ sent: 'maybe' });
		expect(mayRepeat(answer, false)).toBe(false);
		expect(mayRepeat(answer, true)).toBe(true);
	});
});

describe('an exception that is an answer', () => {
	test('the status, headers and body are those of the response', () => {
		const response = { status: 429, headers: { 'Retry-After': '7' }, data: '{"a":1}' };
		expect(understood(wrapped({ response }))).toEqual({
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
		expect(understood(thrown as never)).toEqual({
			status: 403,
			headers: {},
			body: { error: 'no' },
		});
	});

	test.each([
		['EAUTH', { cause: { code: 'EAUTH' }, message: 'refused' }],
		['ESTATUS, further down', { cause: { cause: { code: 'ESTATUS' } }, message: 'refused' }],
		['words', { message: 'OAuth credentials not connected' }],
	])('without an OAuth2 token (%s) it counts as a 401', (_, thrown) => {
		const answer = understood(thrown as never);
		expect(isReply(answer) && answer.status).toBe(401);
	});
});

test('an exception of n8n itself, before the call: it was not sent, and its words are kept', () => {
	expect(understood({ message: 'Credential not found' })).toEqual({
		sent: 'no',
		final: true,
		reason: 'Credential not found',
	});
});
