import { tryToParseDateTime, type IDataObject } from 'n8n-workflow';

import type { Field, FieldProperty } from '../contract/field';
import { invalid } from '../contract/refusal';
import { normalizeText } from './string';

/** A moment as UTC ISO 8601; one without an offset is read in the workflow's time zone. */
export function dateTimeField(shown: Omit<FieldProperty, 'type'>): Field<string> {
	const label = shown.displayName;
	return {
		property: { ...shown, type: 'dateTime' },
		parse(raw, { timeZone }) {
			if (raw instanceof Date && !Number.isNaN(raw.getTime())) return raw.toISOString();
			// Luxon's DateTime, as `$now` gives it
			const isLuxon = typeof (raw as IDataObject)?.toISO === 'function';
			const given = isLuxon ? (raw as { toISO(): string }).toISO() : raw;
			const written = normalizeText(given, label);
			if (written === undefined) {
				throw invalid(`${label} is empty.`, 'Give a date, or check the expression.');
			}
			if (!isCalendarDay(written)) {
				throw invalid(
					`${label} "${written.slice(0, 60)}" is not a date.`,
					'Use ISO 8601, such as 2026-12-31T09:00:00.',
				);
			}
			if (!isTimeZone(timeZone)) {
				throw invalid(
					`The workflow's time zone "${timeZone}" is none, so that ${label} cannot be read.`,
					'Choose one under Workflow settings > Timezone.',
				);
			}
			try {
				// In the gap of a change to summer time n8n goes on with the later hour.
				return tryToParseDateTime(written, timeZone).toUTC().toJSDate().toISOString();
			} catch {
				throw invalid(
					`${label} "${written.slice(0, 60)}" is not a time of that day.`,
					'Use ISO 8601, such as 2026-12-31T09:00:00.',
				);
			}
		},
	};
}

/** Of time zones, by name. To find out takes long, and memory that no garbage collection counts. */
const known = new Map<string, boolean>();

/** Workflows that were imported may name any; n8n does not look. */
export function isTimeZone(name: string): boolean {
	if (!known.has(name)) known.set(name, isKnownToIntl(name));
	return known.get(name) === true;
}

function isKnownToIntl(timeZone: string): boolean {
	try {
		return new Intl.DateTimeFormat('en', { timeZone }) !== undefined;
	} catch {
		return false;
	}
}

/** n8n's own reading lets 30 February roll over into March. */
function isCalendarDay(written: string): boolean {
	const [, day] = /^(\d{4}-\d\d-\d\d)($|[T ]\d\d:\d\d)/.exec(written) ?? [];
	if (day === undefined) return false;
	const at = new Date(`${day}T00:00:00Z`);
	return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}

/**
 * Not in the past.
 * @param instead how to get on otherwise
 */
export function futureOnly(field: Field<string>, instead: string): Field<string> {
	const { displayName } = field.property;
	return {
		...field,
		parse(raw, around) {
			const at = field.parse(raw, around);
			if (Date.parse(at) > around.now.getTime()) return at;
			throw invalid(`${displayName} ${at} is in the past.`, `Give a date ahead, or ${instead}.`);
		},
	};
}
