import type { Field } from '../contract/field';
import type { Operation } from '../contract/provider';

/** Puts a field into Additional Fields. It may be left out; once added it must hold a value. */
export const inAdditionalFields = <T>(field: Field<T>) => inGroup(field, 'additionalFields');

/** Puts a field into Filters. It may be left out; once added it must hold a value. */
export const inFilters = <T>(field: Field<T>) => inGroup(field, 'filters');

/** Puts a field into Options. It may be left out; once added it must hold a value. */
export const inOptions = <T>(field: Field<T>) => inGroup(field, 'options');

const inGroup = <T>(field: Field<T>, group: Field['group']): Field<T | undefined> => ({
	...field,
	property: { ...field.property, required: undefined },
	group,
});

/** The field may be left empty in the panel; an expression that finds nothing is refused all the same. */
export const optional = <T>(field: Field<T>): Field<T | undefined> => ({
	...field,
	property: { ...field.property, required: undefined },
	optional: true,
});

/** The field exists only while the other fields have one of these values. */
export const showWhen = <T>(
	others: Record<string, string[]>,
	field: Field<T>,
): Field<T | undefined> => ({ ...field, showWhen: others });

/** The field exists only while the other field is not left empty. */
export const showWhenFilled = <T>(other: string, field: Field<T>): Field<T | undefined> => ({
	...field,
	showWhenFilled: other,
});

/** As `showWhen`; a value is refused elsewhere, where it can come in because another field is an expression. */
export const validOnlyWhen = <T>(
	others: Record<string, string[]>,
	field: Field<T>,
): Field<T | undefined> => ({ ...showWhen(others, field), rejectElsewhere: true });

/** An option, declared once: for which operations, its property, parser and default. */
export interface Option<T = unknown> extends Field<T> {
	/** The value if the user did not add the option; absent: undefined. */
	defaultValue?: T;
	availableFor(operation: Operation): boolean;
}

export const onWrites = ({ effect }: Operation) => effect !== 'read';

export const onEverything = () => true;

/** @param defaultValue the value if the user did not add the option */
export function nodeOption<T>(
	field: Field<T>,
	availableFor: Option['availableFor'],
	defaultValue: T,
): Option<T>;

export function nodeOption<T>(
	field: Field<T>,
	availableFor: Option['availableFor'],
): Option<T | undefined>;

export function nodeOption<T>(
	field: Field<T>,
	availableFor: Option['availableFor'],
	defaultValue?: T,
): Option<T> {
	return {
		...field,
		property: { ...field.property, required: undefined },
		availableFor,
		...(defaultValue !== undefined && { defaultValue }),
	};
}
