import { dateTimeField } from '../../nodes/shared/fields/dateTime';

const context = { timeZone: 'Europe/Berlin', now: new Date('2026-11-21T10:00:00Z') };

describe('a date', () => {
	const field = dateTimeField({ displayName: 'Cancel At', default: '' });
	test.each([
		'2027-02-30',
		'2027-13-01',
		'2027-02-29T10:00:00',
		'31.12.2027',
		'2027',
		'soon',
		'2027-04-31',
	])('%s is refused, because it is none', (written) => {
		expect(() => field.parse(written, context)).toThrow(/Cancel At ".*" is not a/);
	});

	test("without an offset is in the workflow's time zone", () => {
		expect(field.parse('2027-01-15T09:00:00', context)).toBe('2027-01-15T08:00:00.000Z');
		expect(field.parse('2027-07-15T09:00:00', context)).toBe('2027-07-15T07:00:00.000Z');
		expect(field.parse('2027-07-15T09:00:00-04:00', context)).toBe('2027-07-15T13:00:00.000Z');
	});

	test('in the gap of the change to summer time is not an hour early', () => {
		expect(field.parse('2027-03-28T02:30:00', context)).toBe('2027-03-28T01:30:00.000Z');
	});

	test("without an offset is refused where the workflow's time zone does not exist", () => {
		const nowhere = { ...context, timeZone: 'DEFAULT' };
		expect(() => field.parse('2027-01-15T09:00:00', nowhere)).toThrow(
			/time zone "DEFAULT" is not valid, so Cancel At cannot be interpreted\. Nothing was sent\./,
		);
	});

	test.each([undefined, null, '', ' ', [], {}, false])('that is %j is refused', (raw) => {
		expect(() => field.parse(raw, context)).toThrow('Nothing was sent.');
	});
});
