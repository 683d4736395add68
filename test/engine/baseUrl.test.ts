import fc from 'fast-check';

import { buildUrl, validateBaseUrl } from '../../nodes/shared/http/baseUrl';

const check = (url: string) => validateBaseUrl(url, 'the credential');

test.each([
	[' https://api.example.com/v1/ ', 'https://api.example.com/v1'],
	['https://api.example.com/v1//\n', 'https://api.example.com/v1'],
	['\u200bhttps://api.example.com\ufeff', 'https://api.example.com'],
	['HTTPS://API.Example.com:443/v1/../V2', 'https://api.example.com/V2'],
	['https://bücher.example/', 'https://xn--bcher-kva.example'],
	['http://localhost:1', 'http://localhost:1'],
	['http://127.0.0.1', 'http://127.0.0.1'],
	['http://[::1]:1', 'http://[::1]:1'],
	['http://n8n:5678', 'http://n8n:5678'],
])('%j is requested as %s', (url, normalized) => expect(check(url)).toBe(normalized));

test.each([
	['https://api.example.com?', 'must not hold "?" or "#"'],
	['https://api.example.com/#', 'must not hold "?" or "#"'],
	['http://api.example.com', 'must start with https://'],
	['http://[::ffff:7f00:1]', 'must start with https://'],
	['http://127.0.0.1.example.com', 'must start with https://'],
	['https:api.example.com', 'must start with https://'],
	['https:/api.example.com', 'must start with https://'],
	['https:///api.example.com', 'must start with https://'],
	['https:/https://api.example.com', 'must start with https://'],
	['http:127.0.0.1:9/b', 'must start with https://'],
	['http:\\\\127.0.0.1:9\\b', 'a backslash'],
	['https:\\\\api.example.com', 'a backslash'],
	['https://api.exa\nmple.com', 'a blank'],
	['https://api.exa\u200bmple.com', 'an invisible character'],
	['https://user@api.example.com', 'must not hold a user name'],
	['api.example.com', 'is "api.example.com", which is not a URL'],
	['', 'is "", which is not a URL'],
])('%j is refused: %s', (url, reason) => {
	expect(() => check(url)).toThrow('The base URL of the credential ');
	expect(() => check(url)).toThrow(reason);
	expect(() => check(url)).toThrow(/Nothing was sent\. Correct it in the credential\.$/);
});

test('what passes is requested as it was checked, and no key leaves in the clear', () => {
	const scheme = fc.constantFrom(
		'https://',
		'http://',
		'https:',
		'http:/',
		'HTTP:\\\\',
		'ftp://',
		'',
	);
	const host = fc.oneof(
		fc.domain(),
		fc.ipV4(),
		fc.constantFrom('localhost', '[::1]', 'a@b.c', '2130706433'),
	);
	const path = fc.constantFrom('', '/', '/v1', '/v1/..', '\\v1', '/?x', '/ä', '/%2f', '/a b');
	fc.assert(
		fc.property(scheme, host, path, (...parts) => {
			let url: string;
			try {
				url = check(parts.join(''));
			} catch {
				return;
			}
			const { href, protocol, hostname } = new URL(url);
			expect(href.replace(/\/$/, '')).toBe(url);
			expect(url).toMatch(/^https?:\/\/[^/]/);
			if (protocol === 'http:') {
				expect(hostname).toMatch(/^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|[a-z0-9_-]+)$/);
			} else expect(protocol).toBe('https:');
		}),
	);
});

test('an address is the base URL, the path and an encoded query', () => {
	const account = { baseUrl: 'https://api.example.com/v1' };
	const query = { email: 'a+b@example.com', skip: true, none: undefined, name: 'Ü &?' };
	expect(buildUrl(account, { path: '/x', query })).toBe(
		'https://api.example.com/v1/x?email=a%2Bb%40example.com&skip=true&name=%C3%9C%20%26%3F',
	);
	expect(buildUrl(account, { path: '/x' })).toBe('https://api.example.com/v1/x');
});

test.each([
	'/../admin',
	'/a/../../admin',
	'/%2e%2e/admin',
	'/\\..\\..\\admin',
	'.evil.test/x',
	'@evil.test/x',
	':8080/x',
	'x',
	'/x#y',
])('the path %j, which leads out of the base URL, makes no address', (path) => {
	const account = { baseUrl: 'https://api.example.com/v1' };
	expect(() => buildUrl(account, { path })).toThrow(/leads out of the base URL\. Nothing was sent/);
});

test('whatever a path is, its address is below the base URL', () => {
	const unit = fc.constantFrom(...'/\\.%2eE:@?#;a', '..', '//', '\t', '\n', 'evil.test');
	const paths = fc.string({ unit, maxLength: 12 });
	const bases = fc.constantFrom('https://api.example.com', 'https://api.example.com/v1');
	fc.assert(
		fc.property(bases, paths, (baseUrl, path) => {
			let address: string;
			try {
				address = buildUrl({ baseUrl }, { path });
			} catch {
				return;
			}
			expect(new URL(address).href.startsWith(`${baseUrl}/`)).toBe(true);
		}),
		{ numRuns: 1000 },
	);
});
