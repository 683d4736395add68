import { maskNamed, maskQuery, redact, redactSecretValues } from '../../nodes/shared/http/redact';

describe('a field', () => {
	test.each([
		...[
			'token',
			'session_token',
			'sessionToken',
			'sessiontoken',
			'jwt',
			'private_key',
			'privateKey',
		],
		...['privatekey', 'apikey', 'passwd', 'pwd', 'otp', 'bearer', 'credential', 'credentials'],
		...['Authorization', 'auth_token', 'temp_password', 'temppassword', 'ff_secret_of_ada'],
		...['hosted_login_token', 'three_d_secure_action_token_id', 'action_result', 'billing_info'],
	])('named %s is masked, whatever it holds', (name) => {
		expect(redact({ deep: [{ [name]: 'x-4711' }] })).toEqual({ deep: [{ [name]: '***' }] });
		expect(redact({ [name]: { value: 'x-4711' } })).toEqual({ [name]: '***' });
	});

	test.each([
		...['planToken', 'tokens_used', 'optional', 'bearers', 'next_cursor', 'billing_info_id'],
		...['my_authorization', 'token_count'],
	])('named %s is kept', (name) =>
		expect(redact({ [name]: 'x-4711' })).toEqual({ [name]: 'x-4711' }),
	);

	test('without a value is kept', () => {
		const none = { id_token: null, secret: undefined, has_password: false };
		expect(redact(none)).toStrictEqual(none);
	});

	test('that acts for a customer, or is a means of payment, is masked', () => {
		const hidden = {
			management_urls: { cancel: 'https://portal/1' },
			latest_invoice: { hosted_invoice_url: 'https://pay/1', invoice_pdf: 'https://pdf/1' },
			...{ default_payment_method: 'pm_1', default_source: 'card_1' },
			customer: {
				payment_method: { reference_id: 'pm_1' },
				created_from_ip: 'https',
				card: 'card_1',
			},
			...{ billing_address: { line1: 'https' }, shipping_address: 'https', vat_number: 'https' },
			...{
				request_log_url: 'https://log/1',
				confirmation_secret: 'cs_1',
				endpoint_secret_key: 'k',
			},
		};
		const out = JSON.stringify(redact({ ...hidden, collection_method: 'automatic' }));
		expect(out).not.toMatch(/https|pm_1|card_1|cs_1|"k"/);
		expect(out).toContain('automatic');
		expect(redact({ management_urls: null })).toEqual({ management_urls: null });
	});
});

describe('in a text', () => {
	test.each([
		['https://a.example/x?token=s3cr3t&id=1', 'https://a.example/x?token=***&id=1'],
		[
			'see https://a.example/?id=1&access_token=s3cr3t.',
			'see https://a.example/?id=1&access_token=***',
		],
		['{"url":"/x?api_key=s3cr3t"}', '{"url":"/x?api_key=***"}'],
		['https://a.example/x?cursor=abc', 'https://a.example/x?cursor=abc'],
		['?token=<b>', '?token=<b>'],
	])('of a URL: %s', (text, hidden) => {
		expect(redact({ text })).toEqual({ text: hidden });
	});

	test.each([
		['{"otp": 123456, "n": 1}', '{"otp": "***", "n": 1}'],
		['{"otp":-12.5e+7}', '{"otp":"***"}'],
		['{"otp":7}', '{"otp":"***"}'],
		['{"token":"","n":1}', '{"token":"***","n":1}'],
		['{"token":"a\\"b","n":1}', '{"token":"***","n":1}'],
		['{"token":"never ends', '{"token":"***"'],
		['{"token":true}', '{"token":true}'],
		['{"token":{"jwt":"x"}}', '{"token":{"jwt":"***"}}'],
		['{"token":"{\\"jwt\\":\\"x\\"}","n":1}', '{"token":"***","n":1}'],
		['"token":"x","jwt":"y"', '"token":"***","jwt":"***"'],
		['"{\\"jwt\\":\\"x\\",\\"n\\":1}"', '"{\\"jwt\\":\\"***\\",\\"n\\":1}"'],
	])('of JSON: %s', (text, hidden) => expect(redact(text)).toBe(hidden));

	test.each([
		['Bearer eyJhbGciOi.J9.x-1_2==', 'Bearer ***'],
		['bearer  eyJhbGciOi.J9.x-1_2 to it', 'bearer  *** to it'],
		['Bearer 0123456789abcde', 'Bearer 0123456789abcde'],
		['The bearer authentication-scheme-of-it', 'The bearer authentication-scheme-of-it'],
	])('of a header: %s', (text, hidden) => expect(redact(text)).toBe(hidden));

	test.each([
		['%41\\u0042&amp;', ['AB&secret'], '%41\\u0042&amp;'],
		['a\\\\"b-secret!', ['a\\"b-secret'], '***!'],
		['\\u0073ecret', ['secret'], '***'],
		['x\\u0073ecret', ['secret'], 'x***'],
		['&#115;ecret &#x73;ecret', ['secret'], '*** ***'],
		['&lt;secret&gt; &quot;secret&quot;', ['<secret>', '"secret"'], '*** ***'],
		['&#1114112;secret', ['secret'], '&#1114112;***'],
		['&#x10ffff;secret', ['\u{10ffff}secret'], '***'],
		['%c3%a4ecret', ['äecret'], '***'],
	])('of an escaped value: %s', (text, secrets, hidden) => {
		expect(redact(text, secrets)).toBe(hidden);
		expect(redactSecretValues(text, secrets)).toBe(hidden);
	});

	test('a value that stands in a name is masked there, and in a list only in its entries', () => {
		expect(redactSecretValues({ 'my-secret': 1 }, ['my-secret'])).toEqual({ '***': 1 });
		const list = ['one', 2, null];
		expect(redactSecretValues(list, ['my-secret'])).toBe(list);
		expect(redactSecretValues(['one', 'my-secret'], ['my-secret'])).toEqual(['one', '***']);
	});
});

describe('a request as it is shown', () => {
	test('has no values of names that may be of a secret, and all others', () => {
		const shown = { id: 'sub_1', sessionId: 'x', nested: [{ my_key: 'y', pin: 7, spin: 7 }] };
		const empty = { key: '', token: null, secret: undefined };
		expect(maskNamed({ ...shown, ...empty })).toStrictEqual({
			...{ id: 'sub_1', sessionId: '***', nested: [{ my_key: '***', pin: '***', spin: 7 }] },
			...empty,
		});
	});

	test.each([
		['https://a.example/b?id=1&my_key=abc#top', 'https://a.example/b?id=1&my_key=***#top'],
		['/b?token=abc&signature=d%20e;sid=f', '/b?token=***&signature=***;sid=f'],
		['/b?token=&id=1', '/b?token=&id=1'],
		['/token=abc', '/token=abc'],
		['/b?id=1', '/b?id=1'],
	])('the address %s', (url, shown) => expect(maskQuery(url)).toBe(shown));
});
