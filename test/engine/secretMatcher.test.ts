import { SecretMatcher } from '../../nodes/shared/http/secretMatcher';

/** A text with a mask in the place of these secrets. */
const masked = (text: string, ...secrets: string[]) => new SecretMatcher(secrets).mask(text);
const inUrl = encodeURIComponent;

test.each<[string, string, string]>([
	['beyond ASCII in a URL', 'clé_d’Ada', inUrl('clé_d’Ada')],
	['in small letters of a URL', 'clé_d’ada', inUrl('clé_d’ada').toLowerCase()],
	['with the names of HTML', 'a<b>c"d\'e&f', 'a&lt;b&gt;c&quot;d&apos;e&amp;f'],
	['with the names of HTML in capitals', 'a<b>c"d&e', 'a&LT;b&Gt;c&QUOT;d&AMP;e'],
	['with decimal numbers of HTML', 'a<b>c', 'a&#60;b&#062;c'],
	['with hexadecimal numbers of HTML', 'a<b>c', 'a&#x3c;b&#X3E;c'],
	['with the last character there is', 'abc\u{10ffff}', 'abc&#x10ffff;'],
	['with short escapes of JavaScript', 'a<b>c', 'a\\x3cb\\x3Ec'],
	['with long escapes of JavaScript', 'a<b>c', 'a\\u003cb\\u003Ec'],
	['with quotes of JavaScript', 'a\'b"c/d\\e&f', 'a\\\'b\\"c\\/d\\\\e\\&f'],
])('a secret is masked %s', (_, secret, form) => {
	expect(masked(`the key ${form} is bad`, secret)).toBe('the key *** is bad');
});

test('a secret is masked wherever it stands among escapes of all kinds, several times over', () => {
	const html = (text: string) => text.replace(/</g, '&#60;');
	const json = (text: string) => JSON.stringify(text).slice(1, -1);
	// URL and JSON twice, HTML once, each on another character of the secret.
	const form = `a${inUrl(inUrl('é'))}b${json(json('"'))}c${html('<')}d`;
	expect(masked(`[${form}]`, 'aéb"c<d')).toBe('[***]');
});

test('what is no character stays as it is, beside a secret', () => {
	expect(masked('&#9999999; &#x110000; %zz \\q a-secret', 'a-secret')).toBe(
		'&#9999999; &#x110000; %zz \\q ***',
	);
});
