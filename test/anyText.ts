import fc from 'fast-check';

/**
 * Text of all code points, control characters and unassigned ones included. fast-check's own unit `binary`
 * gives the same texts and takes a second to be made.
 */
export const anyText = (constraints: { maxLength?: number } = {}): fc.Arbitrary<string> =>
	fc.string({
		...constraints,
		unit: fc
			.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
			.map((point) => String.fromCodePoint(point)),
	});
