import { redact } from '../../nodes/shared/http/redact';

describe('redact', () => {
	test.each([
		...['token', 'session_token', 'sessionToken', 'jwt', 'private_key', 'privateKey', 'passwd'],
		...['pwd', 'otp', 'bearer', 'credentials', 'Authorization', 'auth_token', 'temp_password'],
		...['hosted_login_token', 'three_d_secure_action_token_id', 'action_result', 'billing_info'],
	])('masks the value of %s, whatever it is', (name) => {
		expect(redact({ deep: [{ [name]: 'x-4711' }] })).toEqual({ deep: [{ [name]: '***' }] });
		expect(redact({ [name]: { value: 'x-4711' } })).toEqual({ [name]: '***' });
	});

	test.each(['planToken', 'tokens_used', 'optional', 'bearers', 'next_cursor', 'billing_info_id'])(
		'keeps the value of %s',
		(name) => expect(redact({ [name]: 'x-4711' })).toEqual({ [name]: 'x-4711' }),
	);

	test.each([
		['https://a.example/x?token=s3cr3t&id=1', 'https://a.example/x?token=***&id=1'],
		[
			'see https://a.example/?id=1&access_token=s3cr3t.',
			'see https://a.example/?id=1&access_token=***',
		],
		['{"url":"/x?api_key=s3cr3t"}', '{"url":"/x?api_key=***"}'],
		['https://a.example/x?cursor=abc', 'https://a.example/x?cursor=abc'],
	])('masks what a URL says is secret: %s', (text, hidden) => {
		expect(redact({ text })).toEqual({ text: hidden });
	});
});
