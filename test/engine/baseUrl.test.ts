import { validateBaseUrl } from '../../nodes/shared/http/baseUrl';

describe('a base URL', () => {
	const check = (url: string) => validateBaseUrl(url, 'the credential');
	test.each([' https://api.example.com/v1/ ', 'https://api.example.com/v1//\n'])(
		'%j is taken without blanks and slashes around it',
		(url) => expect(check(url)).toBe('https://api.example.com/v1'),
	);

	test.each([
		'https://api.example.com?',
		'https://api.example.com/#',
		'http://api.example.com',
		'http://[::ffff:7f00:1]',
		'http://127.0.0.1.example.com',
		'https://user@api.example.com',
		'api.example.com',
		'',
	])('%j is refused', (url) =>
		expect(() => check(url)).toThrow(
			/^The base URL of the credential .+\. Nothing was sent\. Correct it in the credential\.$/,
		),
	);

	test.each(['http://localhost:1', 'http://127.0.0.1', 'http://[::1]:1', 'http://n8n:5678'])(
		'%j is accepted without https, because it does not leave the machine or its network',
		(url) => expect(check(url)).toBe(url),
	);
});
