import fc from 'fast-check';

import { addSecrets, refreshSecrets, type Account } from '../../nodes/shared/http/account';
import { collectSecrets, redact, redactSecretValues } from '../../nodes/shared/http/redact';

/** What a text can show of a secret: encoders of URLs, JSON, HTML, base64 and hexadecimal. */
const encodings: Record<string, (secret: string) => string> = {
	'as it is': (secret) => secret,
	'URL-encoded': encodeURIComponent,
	'URL-encoded in small letters': (secret) =>
		encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
	'URL-encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
	'URL-encoded sign by sign': (secret) =>
		[...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
	'as a form': (secret) => new URLSearchParams({ x: secret }).toString().slice(2),
	'in JSON': (secret) => JSON.stringify(secret).slice(1, -1),
	'in JSON inside of JSON': (secret) => JSON.stringify(JSON.stringify(secret)).slice(3, -3),
	'in JSON with escaped slashes': (secret) =>
		JSON.stringify(secret).slice(1, -1).replace(/\//g, '\\/'),
	'in JSON sign by sign': (secret) =>
		[...secret].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
	'in HTML': (secret) =>
		secret.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`).replace(/'/g, '&apos;'),
	'in base64': (secret) => Buffer.from(secret).toString('base64'),
	'in base64 without padding': (secret) =>
		Buffer.from(secret).toString('base64').replace(/=+$/, ''),
	'in base64url': (secret) => Buffer.from(secret).toString('base64url'),
	'in base64 in a URL': (secret) => encodeURIComponent(Buffer.from(secret).toString('base64')),
	'in hexadecimal': (secret) => Buffer.from(secret).toString('hex'),
	'in hexadecimal in capitals': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
};

describe('a secret', () => {
	const secret = 'se cret/key+12=="\'\\&<';

	test.each(Object.entries(encodings))('%s appears neither in texts nor in names', (_, encode) => {
		const form = encode(secret);
		for (const clean of [redact, redactSecretValues]) {
			const value = { said: `the key ${form} is bad`, [form]: [{ deep: form }] };
			expect(clean(value, [secret])).toEqual({
				said: 'the key *** is bad',
				'***': [{ deep: '***' }],
			});
		}
	});

	test('of any form appears in no encoding, and nothing else is lost', () => {
		const secrets = fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme-ascii' });
		const around = fc.stringMatching(/^[a-z .,:]{0,8}$/);
		fc.assert(
			fc.property(
				fc.constantFrom(...Object.values(encodings)),
				secrets.filter((text) => text.trim() === text && !/^[a-z .,:]*$/.test(text)),
				around,
				around,
				(encode, text, before, after) => {
					const cleaned = redact(`${before}[${encode(text)}]${after}`, [text]);
					expect(cleaned).toBe(`${before}[***]${after}`);
				},
			),
			{ numRuns: 1000 },
		);
	});

	test.each(['user', 'us', 'u'])('appears in no Basic header of the user "%s"', (user) => {
		const key = 'key_of_ada/1';
		const header = Buffer.from(`${user}:${key}:x`).toString('base64');
		const cleaned = redact(`Basic ${header}`, [key]);
		expect(cleaned).toContain('***');
		const [, before, after] = /^Basic (.*)\*\*\*(.*)$/.exec(cleaned)!;
		const shown = Buffer.from(`${before}${after}`, 'base64').toString('latin1');
		for (let at = 0; at + 2 <= key.length; at++) expect(shown).not.toContain(key.slice(at, at + 3));
	});

	test('that is a part of another does not show the rest of it', () => {
		expect(redact('the key a-key-and-more', ['a-key', 'a-key-and-more'])).toBe('the key ***');
		expect(redact('abcdefghij', ['abcdefg', 'defghij'])).toBe('***');
	});

	test('is removed by value without a copy where there is none', () => {
		const body = { id: 'sub_1', auth_token: 'of a third person', rows: [{ a: '%41 \\u0041' }] };
		expect(redactSecretValues(body, [secret])).toBe(body);
		expect(redactSecretValues(body, [])).toBe(body);
	});
});

describe('a secret of a third person', () => {
	test.each([
		...['auth_token', 'temp_password', 'apiKey', 'access-token', 'X-API-KEY', 'Fox-Secret'],
		...['token', 'session_token', 'sessionToken', 'jwt', 'private_key', 'privateKey', 'passwd'],
		...['pwd', 'user_pwd', 'otp', 'bearer', 'credentials', 'Authorization', 'Set-Cookie'],
	])('is known by its name "%s": in an object, in JSON inside of a text, in a URL', (name) => {
		expect(redact({ [name]: 'x', list: [{ [name]: 7 }], [`${name} `]: null })).toEqual({
			[name]: '***',
			list: [{ [name]: '***' }],
			[`${name} `]: null,
		});
		const json = JSON.stringify({ id: 1, [name]: 'a "quoted" one', next: 'kept' });
		const masked = JSON.stringify({ id: 1, [name]: '***', next: 'kept' });
		expect(redact(`It said ${json}.`)).toBe(`It said ${masked}.`);
		expect(redact(JSON.stringify({ json }))).toBe(JSON.stringify({ json: masked }));
		expect(redact(`https://example.com/a?id=1&${name}=abc&next=2#top`)).toBe(
			`https://example.com/a?id=1&${name}=***&next=2#top`,
		);
	});

	test('is not what only sounds like one', () => {
		const kept = {
			planToken: 'pt_1',
			next_page_token: 'two',
			has_password: false,
			id_token: null,
			tokens: 3,
			jwtless: 'x',
			message: 'Use the token of your account: it is under Settings.',
			url: 'https://example.com/?page_token=2&planToken=pt_1',
		};
		expect(redact(kept)).toEqual(kept);
	});

	test('is a token behind "Bearer"', () => {
		expect(redact('sent Authorization: Bearer eyJhbGciOi.J9.x-1_2= to it')).toBe(
			'sent Authorization: Bearer *** to it',
		);
		expect(redact('The bearer authentication-scheme-of-it')).toBe(
			'The bearer authentication-scheme-of-it',
		);
	});
});

describe('the copy', () => {
	test('has the same form: order, names such as __proto__, shared and circular parts', () => {
		const shared = { a: 1 };
		const value = { b: shared, a: shared, ['c']: [null, undefined, true] } as Record<
			string,
			unknown
		>;
		value.self = value;
		const copy = redact(value);
		expect(Object.keys(copy)).toEqual(['b', 'a', 'c', 'self']);
		expect(copy.self).toBe(copy);
		expect(copy.a).toBe(copy.b);
		expect(copy.a).not.toBe(shared);
		const parsed = JSON.parse('{"__proto__":{"token":"x"},"z":1}') as object;
		expect(JSON.stringify(redact(parsed))).toBe('{"__proto__":{"token":"***"},"z":1}');
	});

	test('is that of JSON for everything that holds no secret', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				expect(redact(value, ['a key that nothing holds'])).toEqual(value);
			}),
		);
	});

	test('can be as deep as it likes', () => {
		const deep = { token: 'x' } as Record<string, unknown>;
		let outer = deep;
		for (let depth = 0; depth < 100_000; depth++) outer = { inner: outer };
		let inner = redactSecretValues(redact(outer, ['secret_of_ada']), ['secret_of_ada']);
		while (inner.inner) inner = inner.inner as typeof inner;
		expect(inner).toEqual({ token: '***' });
	});
});

describe('the secrets of a credential', () => {
	test('have six characters at least: a shorter one would tear holes into every text', () => {
		expect(collectSecrets({ apiKey: 'abcdef', token: 'abcde' })).toEqual(['abcdef']);
	});

	test('are what their names say, and neither an address nor a kind', () => {
		const credential = {
			secretKey: 'one-key',
			userPassword: 'two-words',
			oauthTokenData: { access_token: 'three-token', token_type: 'bearer-token', expires: 3600 },
			accessTokenUrl: 'https://example.com/token',
			accountId: 'account-7',
			nothing: null,
		};
		expect(collectSecrets(credential)).toEqual(['one-key', 'two-words', 'three-token']);
		expect(collectSecrets(null)).toEqual([]);
	});

	test('are known as they are sent, and without what was pasted around them', () => {
		expect(collectSecrets({ apiKey: '\u200b key_of_ada\r\n' })).toEqual(['key_of_ada']);
		expect(collectSecrets({ apiKey: '"Bearer key_of_ada"' })).toContain('key_of_ada');
	});

	test('grow by a token that n8n renews, and by what is generated', async () => {
		const credential = (token: string) => ({ oauthTokenData: { access_token: token } });
		const account = { type: 'smokeballOAuth2Api', oAuth2: true } as Account;
		account.secrets = collectSecrets(credential('old_token'));
		const getCredentials = async () => await Promise.resolve(credential('new_token'));
		await refreshSecrets({ getCredentials } as never, account);
		addSecrets(account, 'webhook_secret');
		expect(redact('old_token new_token webhook_secret', account.secrets)).toBe('*** *** ***');
	});
});
