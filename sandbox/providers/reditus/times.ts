import type { Referral } from './referral';

/** Unix seconds of a time such as `2022-12-24 12:47:45 +0200`; NaN if the plus sign is missing. */
export function secondsIn(text: string): number {
	const parts = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}) ?([+-]\d{2}):?(\d{2})$/.exec(text);
	if (!parts) return Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : '') / 1000;
	const [, day, time, hours, minutes] = parts;
	return Date.parse(`${day}T${time}${hours}:${minutes}`) / 1000;
}

/** The time filters of the list by name; times in Unix seconds. */
export const timeFilters = new Map<string, (record: Referral, time: number) => boolean>([
	['created_at_lt', ({ created_at: at }, time) => at < time],
	['created_at_gt', ({ created_at: at }, time) => at > time],
	['state_set_at_lt', ({ state_set_at: at }, time) => at < time],
	['state_set_at_gt', ({ state_set_at: at }, time) => at > time],
]);
