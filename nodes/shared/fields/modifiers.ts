import type { Field } from '../contract/field';
import type { Operation } from '../contract/provider';

/** The field sits in Additional Fields and may be left out; one that is there must hold something. */
export const inAdditionalFields = <T>(field: Field<T>) => inGroup(field, 'additionalFields');

/** The field sits in Filters and may be left out; one that is there must hold something. */
export const inFilters = <T>(field: Field<T>) => inGroup(field, 'filters');

const inGroup = <T>(field: Field<T>, group: Field['group']): Field<T | undefined> => ({
	...field,
	property: { ...field.property, required: undefined },
	group,
});

/** May be left empty in the panel; an expression that finds nothing is refused all the same. */
export const optional = <T>(field: Field<T>): Field<T | undefined> => ({
	...field,
	property: { ...field.property, required: undefined },
	optional: true,
});

/** The field exists only where the others have one of these values. */
export const showWhen = <T>(
	others: Record<string, string[]>,
	field: Field<T>,
): Field<T | undefined> => ({ ...field, showWhen: others });

/** The same, and a value elsewhere is refused: it can come in where another field is an expression. */
export const validOnlyWhen = <T>(
	others: Record<string, string[]>,
	field: Field<T>,
): Field<T | undefined> => ({ ...showWhen(others, field), rejectElsewhere: true });

/** An option, declared once: where it is offered, its panel, bounds, parser and default. */
export interface Option<T = unknown> extends Field<T> {
	/** What counts where it was not added; absent itself: nothing does. */
	defaultValue?: T;
	availableFor(operation: Operation): boolean;
}

export const onWrites = ({ effect }: Operation) => effect !== 'read';

export const onEverything = () => true;

/** @param absent what counts where it was not added */
export function nodeOption<T>(
	field: Field<T>,
	offered: Option['availableFor'],
	absent: T,
): Option<T>;

export function nodeOption<T>(
	field: Field<T>,
	offered: Option['availableFor'],
): Option<T | undefined>;

export function nodeOption<T>(
	field: Field<T>,
	offered: Option['availableFor'],
	absent?: T,
): Option<T> {
	const shown = { ...field.property, required: undefined };
	return {
		...field,
		property: shown,
		availableFor: offered,
		...(absent !== undefined && { defaultValue: absent }),
	};
}
