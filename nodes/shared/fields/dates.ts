import type { ParseContext } from '../contract/field';
import { isTimeZone } from './dateTime';

type Form = 'long' | 'short' | 'shortWithYear' | 'year';

const forms: Record<Form, Intl.DateTimeFormatOptions> = {
	long: { day: 'numeric', month: 'long', year: 'numeric' },
	short: { day: 'numeric', month: 'short' },
	shortWithYear: { day: 'numeric', month: 'short', year: 'numeric' },
	year: { year: 'numeric' },
};

/** By form and time zone: each takes long to make, and memory that no garbage collection counts. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** In UTC where an imported workflow names a zone that is none ("DEFAULT"): what was carried out must come out. */
function formatOf(zone: string, form: Form): Intl.DateTimeFormat {
	const known = formats.get(form + zone);
	if (known) return known;
	const timeZone = isTimeZone(zone) ? zone : 'UTC';
	const format = new Intl.DateTimeFormat('en-GB', { ...forms[form], timeZone });
	formats.set(form + zone, format);
	return format;
}

/** "31 December 2026", in the workflow's time zone. */
export const longDate = (at: string, { timeZone }: Pick<ParseContext, 'timeZone'>): string =>
	formatOf(timeZone, 'long').format(new Date(at));

/** " on 31 December 2026"; nothing where the time is not known. */
export const onDate = (at: string | null | undefined, context: ParseContext): string =>
	at ? ` on ${longDate(at, context)}` : '';

const maxDates = 6;

/** "3 Dec, 17 Jun 2027": each day once, with its year where that is not this one. */
export function shortDates(times: string[], { timeZone, now }: ParseContext): string {
	const year = formatOf(timeZone, 'year');
	const days = [...new Set(times)].sort().map((time) => {
		const at = new Date(time);
		const isThisYear = year.format(at) === year.format(now);
		return formatOf(timeZone, isThisYear ? 'short' : 'shortWithYear').format(at);
	});
	const each = [...new Set(days)];
	return `${each.slice(0, maxDates).join(', ')}${each.length > maxDates ? ', …' : ''}`;
}
