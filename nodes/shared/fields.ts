import type { IDataObject } from 'n8n-workflow';

import { Refusal } from './outcome';
import type { Shown } from './provider';

/** What the parsing of one value may know: `timeZone` is the workflow's, `now` the run's clock. */
export interface Surroundings {
	timeZone: string;
	now: Date;
}

/** One field, declared once: what n8n shows and what its value must be. */
export interface Field<T = unknown> {
	shown: Shown;
	/** The collection it sits in; absent: at top level. */
	group?: 'additionalFields' | 'filters';
	/** Shown, read and checked only where these other fields have one of these values. */
	when?: Record<string, string[]>;
	/** A value elsewhere contradicts those other fields: refused instead of left out. */
	onlyThere?: boolean;
	/** @throws Refusal where the value is empty, doubtful or contradictory. */
	parse(raw: unknown, around: Surroundings): T;
}
export type Fields = Record<string, Field>;
export type Values<F extends Fields> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never };

const doubtful = /^(undefined|null|nan|none|\[object [a-z]*\]|\[?invalid date\]?)$|\{\{|\}\}/i;

/** Text as it is, trimmed; undefined where there is none. Refuses what an expression leaves behind when it misses. */
function plain(raw: unknown, label: string): string | undefined {
	if (raw === undefined || raw === null) return undefined;
	if (typeof raw === 'number' && Number.isFinite(raw)) return String(raw);
	if (typeof raw !== 'string') {
		throw new Refusal(
			'invalid',
			`${label} must be text, but it is ${kind(raw)}. Nothing was sent. Check the expression.`,
		);
	}
	const text = raw.trim();
	return text === '' ? undefined : text;
}

const kind = (raw: unknown) =>
	Array.isArray(raw) ? 'a list' : typeof raw === 'object' ? 'an object' : `a ${typeof raw}`;

const named = (shown: Shown) => shown.displayName;

/** Free text: kept as the user wrote it, never required. */
export function text(shown: Shown): Field<string | undefined> {
	return { shown, parse: (raw) => plain(raw, named(shown)) };
}

/** Text that addresses somebody: required, and refused where it looks like a missed expression. */
export function identifier(
	shown: Shown,
	check?: (id: string) => string | undefined,
): Field<string> {
	return {
		shown: { required: true, ...shown },
		parse(raw) {
			const id = plain(raw, named(shown));
			if (id === undefined) {
				throw new Refusal(
					'invalid',
					`${named(shown)} is empty. Nothing was sent. Fill it in, or filter such items out before this node.`,
				);
			}
			// eslint's control-character rule is why the class is written by code points
			const unreadable = [...id].some(
				(sign) => sign.charCodeAt(0) < 32 || sign.charCodeAt(0) === 127,
			);
			if (doubtful.test(id) || unreadable) {
				throw new Refusal(
					'invalid',
					`${named(shown)} is "${id.slice(0, 60)}", which looks like an expression that found nothing. Nothing was sent. Check the expression.`,
				);
			}
			const doubt = check?.(id);
			if (doubt)
				throw new Refusal(
					'invalid',
					`${named(shown)} "${id.slice(0, 60)}" ${doubt} Nothing was sent.`,
				);
			return id;
		},
	};
}

const emailForm = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+\.[^\s@<>(),;:"[\]\\.]+$/;

/** One e-mail address. */
export function email(shown: Shown): Field<string> {
	return identifier(shown, (address) =>
		emailForm.test(address) ? undefined : 'is not an e-mail address.',
	);
}

/** One of a list; the value type is the list's values. */
export function choice<const T extends string>(
	shown: Omit<Shown, 'options'> & {
		options: Array<{ name: string; value: T; description?: string }>;
	},
): Field<T> {
	const known: string[] = shown.options.map(({ value }) => value);
	return {
		shown,
		parse(raw) {
			if (typeof raw === 'string' && known.includes(raw)) return raw as T;
			throw new Refusal(
				'invalid',
				`${named(shown)} is "${String(raw)}". Nothing was sent. Use one of: ${known.join(', ')}.`,
			);
		},
	};
}

export function flag(shown: Shown): Field<boolean> {
	return {
		shown,
		parse(raw) {
			if (raw === undefined || raw === '') return false;
			if (typeof raw === 'boolean') return raw;
			if (raw === 'true' || raw === 'false') return raw === 'true';
			throw new Refusal(
				'invalid',
				`${named(shown)} must be true or false, but it is "${String(raw)}". Nothing was sent.`,
			);
		},
	};
}

/** A whole number within bounds, as the property's `typeOptions` give them. */
export function whole(shown: Shown): Field<number> {
	const { minValue = 0, maxValue = Number.MAX_SAFE_INTEGER } = shown.typeOptions ?? {};
	return {
		shown,
		parse(raw) {
			const value = raw === undefined || raw === '' ? Number(shown.default) : Number(raw);
			if (Number.isInteger(value) && value >= minValue && value <= maxValue) return value;
			throw new Refusal(
				'invalid',
				`${named(shown)} must be a whole number of ${minValue} or more, but it is "${String(raw)}". Nothing was sent.`,
			);
		},
	};
}

/** A moment as UTC ISO 8601; one without an offset is read in the workflow's time zone. */
export function moment(shown: Shown): Field<string | undefined> {
	return {
		shown,
		parse(raw, { timeZone }) {
			if (raw instanceof Date && !Number.isNaN(raw.getTime())) return raw.toISOString();
			// Luxon's DateTime, as `$now` gives it
			const given =
				typeof (raw as IDataObject)?.toISO === 'function'
					? (raw as { toISO(): string }).toISO()
					: raw;
			const written = plain(given, named(shown));
			if (written === undefined) return undefined;
			const at = instant(written, timeZone);
			if (at === undefined) {
				throw new Refusal(
					'invalid',
					`${named(shown)} "${written.slice(0, 60)}" is not a date. Nothing was sent. Use ISO 8601, such as 2026-12-31T09:00:00.`,
				);
			}
			return at.toISOString();
		},
	};
}

function instant(written: string, timeZone: string): Date | undefined {
	if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d|$)/.test(written)) return undefined;
	const iso = written.replace(' ', 'T');
	const hasOffset = /(Z|[+-]\d\d:?\d\d)$/i.test(iso.slice(10));
	const asUtc = new Date(hasOffset ? iso : `${iso.length === 10 ? `${iso}T00:00` : iso}Z`);
	if (Number.isNaN(asUtc.getTime())) return undefined;
	if (hasOffset) return asUtc;
	// Twice, because the offset may change between the first guess and the moment itself.
	const guess = new Date(asUtc.getTime() - offset(asUtc, timeZone));
	return new Date(asUtc.getTime() - offset(guess, timeZone));
}

/** Milliseconds by which the zone is ahead of UTC at that moment. */
function offset(at: Date, timeZone: string): number {
	const wall = new Intl.DateTimeFormat('sv-SE', {
		timeZone,
		dateStyle: 'short',
		timeStyle: 'medium',
	});
	return (
		Date.parse(`${wall.format(at).replace(' ', 'T')}Z`) - Math.floor(at.getTime() / 1000) * 1000
	);
}

/** The field sits in Additional Fields and may be left out. */
export function additional<T>(field: Field<T>): Field<T | undefined> {
	return grouped(field, 'additionalFields');
}

/** The field sits in Filters and may be left out. */
export function filter<T>(field: Field<T>): Field<T | undefined> {
	return grouped(field, 'filters');
}

const grouped = <T>(field: Field<T>, group: Field['group']): Field<T | undefined> => ({
	...field,
	shown: { ...field.shown, required: undefined },
	group,
	parse: (raw, around) => (raw === undefined || raw === '' ? undefined : field.parse(raw, around)),
});

/** The field exists only where the others have one of these values. */
export function when<T>(others: Record<string, string[]>, field: Field<T>): Field<T | undefined> {
	return { ...field, when: others };
}

/** The same, and a value elsewhere is refused: it can come in where another field is an expression. */
export function onlyWhen<T>(
	others: Record<string, string[]>,
	field: Field<T>,
): Field<T | undefined> {
	return { ...when(others, field), onlyThere: true };
}

/**
 * A part of a path, encoded; the only way in which user input gets into one.
 * @throws Refusal on '', '.' and '..', which would address something else.
 */
export function segment(id: string): string {
	if (/^\.{0,2}$/.test(id)) {
		throw new Refusal(
			'invalid',
			`"${id}" cannot be an identifier. Nothing was sent. Check the expression.`,
		);
	}
	return encodeURIComponent(id);
}
