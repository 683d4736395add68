import fc from 'fast-check';
import nock from 'nock';

import {
	normalizeSecret,
	signWith,
	unsendableReason,
} from '../../nodes/shared/contract/credential';
import { collectSecrets, redact } from '../../nodes/shared/http/redact';
import { origin, saying } from './origin';
import { testCredential } from './testCredential';
import { at, secretFields, tested } from './tested';

afterAll(() => nock.restore());

const blanks = ['\n', '\r\n', ' ', '\t', '\u200b', '\ufeff', '\u2060', '\u00a0', '\u00ad'];

test('a key with blanks or invisible characters around it is the key', () => {
	const around = fc.array(fc.constantFrom(...blanks)).map((all) => all.join(''));
	const key = fc.stringMatching(/^[A-Za-z0-9_-]{6,40}$/);
	fc.assert(
		fc.property(key, around, around, (text, before, after) => {
			const pasted = before + text + after;
			expect(normalizeSecret(pasted)).toBe(text);
			const hidden = redact(`The key ${text} may not cancel`, collectSecrets({ apiKey: pasted }));
			expect(hidden).not.toContain(text);
		}),
	);
});

test('a key that no header can hold is refused, whichever character it is', async () => {
	const unsendable = fc.constantFrom('\n', '\r', '\0', '\u200b', '\u0430', '\u2026', '\u{1f511}');
	const part = fc.stringMatching(/^[a-z0-9]{3,20}$/);
	const sign = signWith(({ apiKey }) => ({ 'X-API-Key': apiKey }));
	await fc.assert(
		fc.asyncProperty(part, unsendable, part, async (before, odd, after) => {
			const apiKey = before + odd + after;
			const code = odd.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
			const reason = /[\r\n]/.test(odd) ? 'holds a line break' : `(U+${code})`;
			expect(unsendableReason(apiKey)).toContain(reason);
			await expect(sign({ apiKey }, { url: 'https://api.example.com' })).rejects.toThrow(
				`the header X-API-Key ${unsendableReason(apiKey)}`,
			);
		}),
	);
});

describe.each(tested)('the test of $type', (one) => {
	const spelled = (spell: (key: string) => string) => ({
		...one.data,
		...Object.fromEntries(secretFields(one).map((name) => [name, spell(String(one.data[name]))])),
	});
	async function outcomeOf(spell: (key: string) => string) {
		const api = await origin(saying(200, one.call.answer));
		const account = { ...one, data: spelled(spell) };
		const result = await testCredential(one, at(account, `${api.url}/base`));
		api.close();
		return { ...result, requests: api.requests };
	}

	test.each(blanks)('sends the key without the %j around it', async (blank) => {
		const { status, requests } = await outcomeOf((key) => `${blank}${key}${blank}`);
		expect(status).toBe('OK');
		expect(requests[0].headers).toMatchObject(one.call.headers);
	});

	const withScheme: Array<[string, (key: string) => string, RegExp]> = [
		['"Bearer" before it', (key) => `Bearer ${key}`, / starts with "Bearer"/],
	];
	test.each<[string, (key: string) => string, RegExp]>([
		['a line break inside', (key) => `${key}\r\nX-Injected: 1`, / holds a line break\. /],
		[
			'a letter of another script',
			(key) => `${key}\u0430`,
			/ holds the character "\u0430" \(U\+0430\), which no key has\. /,
		],
		...(one.isHeader ? [] : withScheme),
		['quotes around it', (key) => `"${key}"`, /stands in quotes/],
	])('refuses a key with %s, and sends nothing', async (_, spell, words) => {
		const { status, message, requests } = await outcomeOf(spell);
		expect([status, message]).toEqual(['Error', expect.stringMatching(words)]);
		expect(requests).toEqual([]);
	});
});
