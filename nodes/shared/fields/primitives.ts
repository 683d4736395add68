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
export function choiceField<const T extends string>(property: ChoiceProperty<T>): Field<T> {
	const known: string[] = property.options.map(({ value }) => value);
	return {
		property: { ...property, type: 'options' },
		parse(raw) {
			if (typeof raw === 'string' && known.includes(raw)) return raw as T;
			throw invalid(
				`${property.displayName} is "${quoteValue(raw)}".`,
				`Use one of: ${known.join(', ')}.`,
			);
		},
	};
}

/** Some of a list, at least one; an expression may give a list, or one text with commas. */
export function multiChoiceField<const T extends string>(property: ChoiceProperty<T>): Field<T[]> {
	const one = choiceField(property);
	return {
		property: { ...property, type: 'multiOptions' },
		parse(raw, context) {
			const given = typeof raw === 'string' ? raw.split(',').map((part) => part.trim()) : raw;
			if (Array.isArray(given) && given.length > 0) {
				return given.map((value) => one.parse(value, context));
			}
			throw invalid(`${property.displayName} is empty.`, 'Choose at least one, or remove it.');
		},
	};
}

/** True or false, as a boolean or as that very text. */
export function booleanField(property: Omit<FieldProperty, 'type'>): Field<boolean> {
	return {
		property: { ...property, type: 'boolean' },
		parse(raw) {
			if (typeof raw === 'boolean') return raw;
			if (raw === 'true' || raw === 'false') return raw === 'true';
			throw invalid(
				`${property.displayName} must be true or false, but it is "${quoteValue(raw)}".`,
				'Check the expression.',
			);
		},
	};
}

/** A whole number within the bounds of the property's `typeOptions`. */
export function integerField(property: Omit<FieldProperty, 'type'>): Field<number> {
	const { minValue = 0, maxValue = Number.MAX_SAFE_INTEGER } = property.typeOptions ?? {};
	const bounds =
		maxValue === Number.MAX_SAFE_INTEGER
			? `of ${minValue} or more`
			: `from ${minValue} to ${maxValue}`;
	return {
		property: { ...property, type: 'number' },
		parse(raw) {
			const isNumber =
				typeof raw === 'number' || (typeof raw === 'string' && /^\s*\d+\s*$/.test(raw));
			const value = Number(raw);
			if (isNumber && Number.isInteger(value) && value >= minValue && value <= maxValue)
				return value;
			throw invalid(
				`${property.displayName} must be a whole number ${bounds}, but it is "${quoteValue(raw)}".`,
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
