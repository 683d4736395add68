import type { Field, FieldProperty } from '../contract/field';
import { invalid } from '../contract/refusal';

interface Choice<T> {
	name: string;
	value: T;
	description?: string;
}
type ChoiceProperty<T> = Omit<FieldProperty, 'options' | 'type'> & { options: Array<Choice<T>> };

const quoteValue = (raw: unknown) => (typeof raw === 'string' ? raw : JSON.stringify(raw));

/** One of a list; the value type is the list's values. */
export function choiceField<const T extends string>(shown: ChoiceProperty<T>): Field<T> {
	const known: string[] = shown.options.map(({ value }) => value);
	return {
		property: { ...shown, type: 'options' },
		parse(raw) {
			if (typeof raw === 'string' && known.includes(raw)) return raw as T;
			throw invalid(
				`${shown.displayName} is "${quoteValue(raw)}".`,
				`Use one of: ${known.join(', ')}.`,
			);
		},
	};
}

/** Some of a list, at least one; what a user types by an expression may be one text or a list. */
export function multiChoiceField<const T extends string>(shown: ChoiceProperty<T>): Field<T[]> {
	const one = choiceField(shown);
	return {
		property: { ...shown, type: 'multiOptions' },
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
export function booleanField(shown: Omit<FieldProperty, 'type'>): Field<boolean> {
	return {
		property: { ...shown, type: 'boolean' },
		parse(raw) {
			if (typeof raw === 'boolean') return raw;
			if (raw === 'true' || raw === 'false') return raw === 'true';
			throw invalid(
				`${shown.displayName} must be true or false, but it is "${quoteValue(raw)}".`,
				'Check the expression.',
			);
		},
	};
}

/** A whole number within bounds, as the property's `typeOptions` give them. */
export function integerField(shown: Omit<FieldProperty, 'type'>): Field<number> {
	const { minValue = 0, maxValue = Number.MAX_SAFE_INTEGER } = shown.typeOptions ?? {};
	const bounds =
		maxValue === Number.MAX_SAFE_INTEGER
			? `of ${minValue} or more`
			: `from ${minValue} to ${maxValue}`;
	return {
		property: { ...shown, type: 'number' },
		parse(raw) {
			const isNumber =
				typeof raw === 'number' || (typeof raw === 'string' && /^\s*\d+\s*$/.test(raw));
			const value = Number(raw);
			if (isNumber && Number.isInteger(value) && value >= minValue && value <= maxValue)
				return value;
			throw invalid(
				`${shown.displayName} must be a whole number ${bounds}, but it is "${quoteValue(raw)}".`,
				'Check the expression, or remove it.',
			);
		},
	};
}

/** An option that is a whole number between bounds, both included. */
export const integerOption = (
	displayName: string,
	[least, most]: [number, number?],
	fallback: number,
	description: string,
) =>
	integerField({
		displayName,
		typeOptions: { minValue: least, ...(most && { maxValue: most }) },
		default: fallback,
		description,
	});
