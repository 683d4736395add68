/** A date and time as text, understood completely. */
export type DateTimeReading =
	| { kind: 'day'; day: string }
	/** A wall-clock time; `zone` only if the text names it. */
	| { kind: 'local'; dateTime: string; zone?: string }
	/** `offset`, in minutes, if the text has one as a number; it must agree with `zone`. */
	| { kind: 'instant'; at: Date; zone?: string; offset?: number }
	| { kind: 'invalid'; problem: string };

const day = String.raw`(?<day>\d{4}-\d\d-\d\d)`;
const time = String.raw`(?<hour>\d\d?):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?`;
/** Intl puts a narrow no-break space before it. */
const half = String.raw`(?:[ \u00a0\u202f]?(?<half>[AP])\.?M\.?)?`;
const offset = String.raw`(?: ?(?<offset>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?`;
/** The suffix of RFC 9557, as Temporal and Java write it. */
const zoneName = String.raw`(?:\[(?<zone>[a-z0-9_+/-]+)\])?`;
const form = new RegExp(`^${day}(?:[T ]${time}${half}${offset}${zoneName})?$`, 'i');

/**
 * Reads ISO 8601's calendar form: `2026-12-31`, `2026-12-31T09:00`, with seconds, an offset (`Z`, `+02:00`), a zone
 * (`[Europe/Berlin]`), a blank for the "T", or a 12-hour clock (`09:00 PM`).
 */
export function readDateTime(text: string): DateTimeReading {
	const parts: Record<string, string | undefined> | undefined = form.exec(text)?.groups;
	if (!parts?.day || !isCalendarDay(parts.day))
		return { kind: 'invalid', problem: 'is not a date.' };
	if (parts.hour === undefined) return { kind: 'day', day: parts.day };
	const clock = timeOf(parts);
	if (!clock) return { kind: 'invalid', problem: 'is not a time of that day.' };
	const dateTime = `${parts.day}T${clock}`;
	const zone = parts.zone && { zone: parts.zone };
	if (parts.offset === undefined) return { kind: 'local', dateTime, ...zone };
	const offset = offsetMinutes(parts.offset);
	if (offset === undefined)
		return { kind: 'invalid', problem: 'has an offset that no time zone has.' };
	const at = new Date(Date.parse(`${dateTime}Z`) - offset * 60_000);
	// RFC 9557, section 3.4: "Z" says nothing of the zone.
	return { kind: 'instant', at, ...zone, ...(/^[+-]/.test(parts.offset) && { offset }) };
}

/** Some days do not exist: 30 February would roll over into March. */
function isCalendarDay(written: string): boolean {
	const at = new Date(`${written}T00:00:00Z`);
	return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(written);
}

/** `HH:mm:ss.SSS`; undefined if no day has that time. */
function timeOf(parts: Record<string, string | undefined>): string | undefined {
	const hour = hourOf(parts.hour ?? '', parts.half?.toUpperCase());
	const minute = parts.minute ?? '';
	const second = parts.second ?? '00';
	if (hour === undefined || minute > '59' || second > '59') return undefined;
	const milliseconds = (parts.fraction ?? '').padEnd(3, '0').slice(0, 3);
	return `${String(hour).padStart(2, '0')}:${minute}:${second}.${milliseconds}`;
}

function hourOf(written: string, half: string | undefined): number | undefined {
	const hour = Number(written);
	if (half === undefined) return written.length === 2 && hour < 24 ? hour : undefined;
	if (hour < 1 || hour > 12) return undefined;
	return (hour % 12) + (half === 'P' ? 12 : 0);
}

/** Undefined beyond -12:00 and +14:00, between which all zones lie. */
function offsetMinutes(written: string): number | undefined {
	const [, sign, hours, minutes = '00'] = /^([+-])(\d\d):?(\d\d)?$/.exec(written) ?? [];
	if (sign === undefined) return 0;
	const total = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
	return minutes <= '59' && total >= -12 * 60 && total <= 14 * 60 ? total : undefined;
}
