import { tryToParseDateTime } from 'n8n-workflow';

import type { Field, FieldProperty } from '../contract/field';
import { invalid } from '../contract/refusal';
import { excerpt, trimInvisible } from './characters';
import { readDateTime, type DateTimeReading } from './dateTimeText';
import { toText } from './string';

/** The time for which a day without a time stands. */
type DayMeans = 'itsStart' | 'itsEnd';

const timeOfDay: Record<DayMeans, string> = { itsStart: '00:00:00', itsEnd: '23:59:59' };

/**
 * An instant as UTC ISO 8601. Without an offset it is read in the workflow's time zone, never in the server's.
 * @param dayMeans for a date without a time
 */
export function dateTimeField(
	property: Omit<FieldProperty, 'type'>,
	dayMeans: DayMeans = 'itsStart',
): Field<string> {
	const label = property.displayName;
	return {
		property: { ...property, type: 'dateTime' },
		parse(raw, { timeZone }) {
			const date = toDate(raw);
			if (date && !Number.isNaN(date.getTime())) return date.toISOString();
			const text = date ? '' : trimInvisible(toText(raw, label));
			if (text === '') {
				throw invalid(`${label} is empty.`, 'Give a date, or check the expression.');
			}
			const reading = checkedZone(readDateTime(text));
			if (reading.kind === 'invalid') {
				throw invalid(
					`${label} "${excerpt(text)}" ${reading.problem}`,
					'Use ISO 8601, such as 2026-12-31T09:00:00.',
				);
			}
			if (reading.kind === 'instant') return reading.at.toISOString();
			const { dateTime, zone = timeZone } =
				reading.kind === 'local' ? reading : { dateTime: `${reading.day}T${timeOfDay[dayMeans]}` };
			if (isTimeZone(zone)) return toInstant(dateTime, zone);
			throw invalid(
				`The workflow's time zone "${zone}" is not valid, so ${label} cannot be interpreted.`,
				'Choose one under Workflow settings > Timezone.',
			);
		},
	};
}

/** What an expression gives besides text: a Date, or Luxon's DateTime as of `$now`. */
function toDate(raw: unknown): Date | undefined {
	if (raw instanceof Date) return raw;
	return isLuxon(raw) ? raw.toJSDate() : undefined;
}

const isLuxon = (raw: unknown): raw is { toJSDate(): Date } =>
	typeof raw === 'object' &&
	raw !== null &&
	'toJSDate' in raw &&
	typeof raw.toJSDate === 'function';

/** A zone that the text names must exist, and have the offset that stands before it. */
function checkedZone(reading: DateTimeReading): DateTimeReading {
	if (reading.kind === 'day' || reading.kind === 'invalid' || !reading.zone) return reading;
	const { zone } = reading;
	if (!isTimeZone(zone)) return { kind: 'invalid', problem: 'names an unknown time zone.' };
	if (reading.kind === 'local' || reading.offset === undefined) return reading;
	return tryToParseDateTime(reading.at, zone).offset === reading.offset
		? reading
		: { kind: 'invalid', problem: 'has an offset that its time zone does not have then.' };
}

/** In the gap of a change to summer time Luxon moves on to the later hour. */
const toInstant = (dateTime: string, zone: string): string =>
	tryToParseDateTime(dateTime, zone).toUTC().toJSDate().toISOString();

/** Whether a time zone exists, by name. Intl takes long to find out, and memory that no garbage collection counts. */
const zones = new Map<string, boolean>();

/** Imported workflows may name any zone; n8n does not check it. */
export function isTimeZone(name: string): boolean {
	if (!zones.has(name)) zones.set(name, isKnownToIntl(name));
	return zones.get(name) === true;
}

function isKnownToIntl(timeZone: string): boolean {
	try {
		return new Intl.DateTimeFormat('en', { timeZone }) !== undefined;
	} catch {
		return false;
	}
}

/**
 * An instant that is not in the past.
 * @param alternative what the user can do otherwise, as the rest of the advice
 */
export function futureOnly(field: Field<string>, alternative: string): Field<string> {
	const { displayName } = field.property;
	return {
		...field,
		parse(raw, context) {
			const at = field.parse(raw, context);
			if (Date.parse(at) > context.now.getTime()) return at;
			throw invalid(
				`${displayName} ${at} is in the past.`,
				`Give a date in the future, or ${alternative}.`,
			);
		},
	};
}
