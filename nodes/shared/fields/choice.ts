import type { Field, Shown } from '../contract/field';
import { invalid } from '../contract/refusal';

interface Offered<T> {
	name: string;
	value: T;
	description?: string;
}
type Menu<T> = Omit<Shown, 'options' | 'type'> & { options: Array<Offered<T>> };

const written = (raw: unknown) => (typeof raw === 'string' ? raw : JSON.stringify(raw));

/** One of a list; the value type is the list's values. */
export function choice<const T extends string>(shown: Menu<T>): Field<T> {
	const known: string[] = shown.options.map(({ value }) => value);
	return {
		shown: { ...shown, type: 'options' },
		parse(raw) {
			if (typeof raw === 'string' && known.includes(raw)) return raw as T;
			throw invalid(
				`${shown.displayName} is "${written(raw)}".`,
				`Use one of: ${known.join(', ')}.`,
			);
		},
	};
}

/** Some of a list, at least one; what a user types by an expression may be one text or a list. */
export function several<const T extends string>(shown: Menu<T>): Field<T[]> {
	const one = choice(shown);
	return {
		shown: { ...shown, type: 'multiOptions' },
		parse(raw, around) {
			const given = typeof raw === 'string' ? raw.split(',').map((part) => part.trim()) : raw;
			if (Array.isArray(given) && given.length > 0) {
				return given.map((value) => one.parse(value, around));
			}
			throw invalid(`${shown.displayName} is empty.`, 'Choose at least one, or remove it.');
		},
	};
}

/** Yes or no; text is taken for neither unless it says so. */
export function flag(shown: Omit<Shown, 'type'>): Field<boolean> {
	return {
		shown: { ...shown, type: 'boolean' },
		parse(raw) {
			if (typeof raw === 'boolean') return raw;
			if (raw === 'true' || raw === 'false') return raw === 'true';
			throw invalid(
				`${shown.displayName} must be true or false, but it is "${written(raw)}".`,
				'Check the expression.',
			);
		},
	};
}

/** A whole number within bounds, as the property's `typeOptions` give them. */
export function whole(shown: Omit<Shown, 'type'>): Field<number> {
	const { minValue = 0, maxValue = Number.MAX_SAFE_INTEGER } = shown.typeOptions ?? {};
	const bounds =
		maxValue === Number.MAX_SAFE_INTEGER
			? `of ${minValue} or more`
			: `from ${minValue} to ${maxValue}`;
	return {
		shown: { ...shown, type: 'number' },
		parse(raw) {
			const isNumber =
				typeof raw === 'number' || (typeof raw === 'string' && /^\s*\d+\s*$/.test(raw));
			const value = Number(raw);
			if (isNumber && Number.isInteger(value) && value >= minValue && value <= maxValue)
				return value;
			throw invalid(
				`${shown.displayName} must be a whole number ${bounds}, but it is "${written(raw)}".`,
				'Check the expression, or remove it.',
			);
		},
	};
}
