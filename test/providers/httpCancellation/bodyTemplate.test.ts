import fc from 'fast-check';

import {
	bodyHoldsId,
	fillBody,
	isFlat,
	parseBody,
	type JsonObject,
} from '../../../nodes/HttpCancellation/bodyTemplate';
import { anyText } from '../../anyText';
import { Refusal } from '../../../nodes/shared/contract/refusal';

const nasty = fc.oneof(
	fc.string({ unit: 'grapheme' }),
	fc.string({ unit: fc.constantFrom(...'"\\{}[],:$&\n\u2028idreason') }),
	fc.constantFrom(
		'"}',
		'{id}',
		'{reason}',
		'$&',
		'$1',
		'","admin":true,"x":"',
		'\\',
		'</script>',
		'{{1}}',
	),
);

test('whatever ID and reason are, the body has the fields of the template and no others', () => {
	const template = parseBody(
		'{"id":"{id}","n":1,"list":["{reason}","x"],"in":{"text":"({id}) {reason}","flag":true,"none":null}}',
		'Body',
	);
	fc.assert(
		fc.property(nasty, nasty, (id, reason) => {
			const sent = JSON.parse(JSON.stringify(fillBody(template, { id, reason }))) as JsonObject;
			expect(sent).toEqual({
				id,
				n: 1,
				list: [reason, 'x'],
				in: { text: `(${id}) ${reason}`, flag: true, none: null },
			});
		}),
		{ numRuns: 500 },
	);
});

test('whatever JSON a body is, it is sent as it is, or it is invalid', () => {
	fc.assert(
		fc.property(fc.json({ maxDepth: 4 }), (text) => {
			let body: JsonObject;
			try {
				body = parseBody(text, 'Body');
			} catch (thrown) {
				expect(thrown).toBeInstanceOf(Refusal);
				expect((thrown as Refusal).outcome).toBe('invalid');
				return;
			}
			expect(JSON.stringify(fillBody(body, { id: 'x', reason: 'y' }))).toBe(
				JSON.stringify(JSON.parse(text)),
			);
		}),
		{ numRuns: 1000 },
	);
});

test('whatever text a body is, it is a JSON object or invalid', () => {
	const text = fc.oneof(
		anyText({ maxLength: 60 }),
		fc.string({ unit: fc.constantFrom(...'{}[]":,\\ 1e9.-truefalsnull{id}'), maxLength: 40 }),
	);
	fc.assert(
		fc.property(text, (raw) => {
			let body: JsonObject | undefined;
			try {
				body = parseBody(raw, 'Body');
			} catch (thrown) {
				expect((thrown as Refusal).outcome).toBe('invalid');
			}
			if (body !== undefined) expect(JSON.parse(raw)).toEqual(body);
		}),
		{ numRuns: 2000 },
	);
});

const deep = `${'{"a":'.repeat(25)}1${'}'.repeat(25)}`;
const deepest = `{"a":${'['.repeat(9000)}${']'.repeat(9000)}}`;

test.each<[string, unknown, RegExp]>([
	['no JSON', '{"a": {id}}', /is not a JSON object\. Nothing was sent\. Write it as/],
	['a comma too many', '{"a": 1,}', /is not a JSON object/],
	['a list', '["{id}"]', /is not a JSON object/],
	['a text', '"{id}"', /is not a JSON object/],
	['null', 'null', /is not a JSON object/],
	['a field twice', '{"id":"{id}","id":"x"}', /has the field "id" twice/],
	['a field twice in another spelling', '{"id":"{id}","\\u0069d":"x"}', /has the field "id" twice/],
	['a field twice inside', '{"a":[{"b":{"c":1,"c":2}}]}', /has the field "c" twice/],
	[
		'a number that would be rounded',
		'{"id":12345678901234567890}',
		/holds the number .+ not exact/,
	],
	['a number beyond all', '{"id":1e999}', /not exact/],
	['a number too small', '{"id":1e-999}', /not exact/],
	['another placeholder', '{"id":"{customer}"}', /holds the placeholder \{customer\}/],
	['an expression', '{"id":"{{ $json.id }}"}', /holds the placeholder/],
	['a placeholder with blanks', '{"id":"{ id }"}', /holds the placeholder/],
	['a placeholder in a name', '{"{id}":"x"}', /placeholder in the name of a field/],
	['half a character', '{"id":"\\ud800"}', /half a character/],
	['depth', deep, /nested too deeply/],
	['great depth', deepest, /nested too deeply/],
	['length', `{"a":"${'x'.repeat(20_000)}"}`, /is too long/],
])('%s is refused', (_, raw, words) => {
	expect(() => parseBody(raw, 'Body')).toThrow(words);
});

test('a message does not quote what may be a secret', () => {
	for (const raw of ['{"token": "s3cr3t-value', '{"token": s3cr3t-value}', 's3cr3t-value']) {
		expect(() => parseBody(raw, 'Body')).toThrow(/^((?!s3cr3t).)*$/s);
	}
});

test('one name in two objects is no duplicate, and a text with a colon behind it no name', () => {
	const text = '{"a":{"id":"1"},"b":{"id":"2"},"c":["id",{"id":":"}],"d":"id\\":"}';
	expect(parseBody(text, 'Body')).toEqual(JSON.parse(text));
});

test("a field of the name __proto__ is a field, and changes no object's nature", () => {
	const body = parseBody('{"__proto__":{"admin":"{id}"},"constructor":"{id}"}', 'Body');
	const filled = fillBody(body, { id: 'x' });
	expect(JSON.stringify(filled)).toBe('{"__proto__":{"admin":"x"},"constructor":"x"}');
	expect(({} as { admin?: string }).admin).toBeUndefined();
});

test('a field that is nothing but {reason} is left out without one; elsewhere nothing stands for it', () => {
	const body = parseBody('{"a":"{reason}","b":"why: {reason}","c":["{reason}"]}', 'Body');
	expect(fillBody(body, { id: 'x' })).toEqual({ b: 'why: ', c: [''] });
});

test('knows whether it is about one target, and whether it can be a form', () => {
	expect(bodyHoldsId(parseBody('{"a":[{"b":"x{id}"}]}', 'Body'))).toBe(true);
	expect(bodyHoldsId(parseBody('{"a":"{reason}"}', 'Body'))).toBe(false);
	expect(isFlat(parseBody('{"a":"x","b":1,"c":true,"d":null}', 'Body'))).toBe(true);
	expect(isFlat(parseBody('{"a":[]}', 'Body'))).toBe(false);
	expect(isFlat(parseBody('{"a":{}}', 'Body'))).toBe(false);
});
