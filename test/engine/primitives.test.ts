import { integerField } from '../../nodes/shared/fields/primitives';

const context = { timeZone: 'Europe/Berlin', now: new Date('2026-11-21T10:00:00Z') };

describe('a whole number', () => {
	const step = integerField({ displayName: 'Step', default: 0 });
	const upTo = integerField({
		displayName: 'Tries',
		typeOptions: { minValue: 1, maxValue: 10 },
		default: 4,
	});
	const least = integerField({ displayName: 'Limit', typeOptions: { minValue: 1 }, default: 50 });

	test.each<[typeof step, unknown, number]>([
		[step, 0, 0],
		[step, ' 7 ', 7],
		[step, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
		[upTo, '1', 1],
		[upTo, 10, 10],
		[least, 1, 1],
	])('within its bounds is accepted (%#)', (field, raw, value) => {
		expect(field.parse(raw, context)).toBe(value);
	});

	test.each<[typeof step, unknown, string]>([
		[step, -1, 'Step must be a whole number of 0 or more, but it is "-1".'],
		[step, 1.5, 'Step must be a whole number of 0 or more, but it is "1.5".'],
		[step, Number.MAX_SAFE_INTEGER + 1, 'Step must be a whole number of 0 or more'],
		[step, '', 'Step must be a whole number of 0 or more, but it is "".'],
		[step, '7 and more', 'Step must be a whole number of 0 or more, but it is "7 and more".'],
		[step, 'step 7', 'Step must be a whole number of 0 or more, but it is "step 7".'],
		[upTo, 0, 'Tries must be a whole number from 1 to 10, but it is "0".'],
		[upTo, 11, 'Tries must be a whole number from 1 to 10, but it is "11".'],
		[least, 0, 'Limit must be a whole number of 1 or more, but it is "0".'],
	])('beyond its bounds, and anything else, is refused (%#)', (field, raw, words) => {
		expect(() => field.parse(raw, context)).toThrow(words);
	});
});
