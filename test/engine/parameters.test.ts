import type { Fields } from '../../nodes/shared/contract/field';
import { integerField } from '../../nodes/shared/fields/primitives';
import { identifierField } from '../../nodes/shared/fields/identifier';
import { textField } from '../../nodes/shared/fields/string';
import { parseFields } from '../../nodes/shared/input/parameters';

const context = { timeZone: 'Europe/Berlin', now: new Date('2026-11-21T10:00:00Z') };

describe('the values of an item', () => {
	const kind = identifierField({ displayName: 'Kind', type: 'string', default: '' });
	const day = textField({ displayName: 'Day', type: 'string', default: '' });
	const fields: Fields = {
		kind,
		day: { ...day, showWhen: { kind: ['date', 'weekday'] }, rejectElsewhere: true },
		number: { ...integerField({ displayName: 'Number', default: 0 }), optional: true },
		unit: {
			...textField({ displayName: 'Unit', type: 'string', default: '' }),
			showWhenFilled: 'number',
		},
		fixed: textField({ displayName: 'Fixed', type: 'string', default: '', noDataExpression: true }),
	};
	const read = (panel: Record<string, unknown>, expressions: string[] = []) => {
		const parameter = (name: string, _: number, absent?: unknown) => panel[name] ?? absent;
		const isExpression = (name: string) => expressions.includes(name);
		return parseFields(Object.assign(parameter, { isExpression }), fields, 0, context).values;
	};

	test('leave out an optional field that is blank in the panel, and refuse an expression that is', () => {
		expect(read({ kind: 'now', number: ' ' })).toEqual({ kind: 'now', number: undefined });
		expect(() => read({ kind: 'now', number: ' ' }, ['number'])).toThrow('Number must be');
	});

	test('leave out what belongs to a field that is left empty', () => {
		expect(read({ kind: 'now', unit: 'days' }).unit).toBeUndefined();
		expect(read({ kind: 'now', number: 3, unit: 'days' }).unit).toBe('days');
	});

	test('are refused where an expression stands in a field that takes none', () => {
		expect(read({ kind: 'now', fixed: 'text' }).fixed).toBe('text');
		expect(() => read({ kind: 'now', fixed: 'text' }, ['fixed'])).toThrow(
			'Fixed is an expression, which it does not take. Nothing was sent. Write it out as a fixed text.',
		);
	});

	test('are refused where one contradicts another: the message cuts the value and says what to do', () => {
		expect(read({ kind: 'date', day: 'Monday' }).day).toBe('Monday');
		const [sign, long] = ['x'.repeat(60), 'x'.repeat(61)];
		expect(() => read({ kind: 'now', day: ` ${long} ` })).toThrow(
			`Day is "${sign}", but Kind is "now". Nothing was sent. Leave Day empty, or use date or weekday.`,
		);
		// A switch that is off asks for nothing.
		for (const day of [undefined, '', ' ', false])
			expect(read({ kind: 'now', day }).kind).toBe('now');
	});
});
