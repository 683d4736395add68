import fc from 'fast-check';

import { parseDotPath, valueAt } from '../../../nodes/HttpCancellation/dotPath';
import { Refusal } from '../../../nodes/shared/contract/refusal';

test.each([
	['id', 7],
	['data.0.status', 'active'],
	['data.1.status', undefined],
	['data.00.status', undefined],
	['data.-1.status', undefined],
	['data.length', undefined],
	['data.0.status.length', undefined],
	['data.0.missing.deeper', undefined],
	['none', null],
	['none.deeper', undefined],
	['constructor', undefined],
	['constructor.name', undefined],
	['__proto__', undefined],
	['__proto__.polluted', undefined],
	['toString', undefined],
	['data.0.hasOwnProperty', undefined],
	['data.map', undefined],
])('%s leads to %j', (path, value) => {
	const root = { id: 7, data: [{ status: 'active' }], none: null };
	expect(valueAt(root, parseDotPath(path, 'Field'))).toEqual(value);
});

test("a response's own __proto__ and constructor are fields like others", () => {
	const root = JSON.parse('{"__proto__":{"status":"a"},"constructor":{"status":"b"}}') as unknown;
	expect(valueAt(root, '__proto__.status')).toBe('a');
	expect(valueAt(root, 'constructor.status')).toBe('b');
});

test.each([
	'',
	' ',
	'.',
	'a.',
	'.a',
	'a..b',
	'data[0].id',
	'$.data.id',
	'{id}',
	'a\u200bb',
	'a\nb',
])('%j is no path of names', (path) => {
	expect(() => parseDotPath(path, 'ID Field')).toThrow(/^ID Field .*Nothing was sent\./);
});

test('whatever a path is, only what the response itself holds is found', () => {
	const part = fc.oneof(
		fc.constantFrom(
			'a',
			'0',
			'length',
			'__proto__',
			'constructor',
			'prototype',
			'toString',
			'valueOf',
		),
		fc.string({ maxLength: 6 }),
	);
	const paths = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.'));
	fc.assert(
		fc.property(fc.jsonValue(), paths, (root, raw) => {
			let path: string;
			try {
				path = parseDotPath(raw, 'Field');
			} catch (thrown) {
				expect((thrown as Refusal).outcome).toBe('invalid');
				return;
			}
			const value = valueAt(root, path);
			expect(typeof value).not.toBe('function');
			if (value !== undefined && typeof value !== 'object') {
				expect(JSON.stringify(root)).toContain(JSON.stringify(value));
			}
		}),
		{ numRuns: 1000 },
	);
});
