import type { Field } from '../contract/field';

/** The field sits in Additional Fields and may be left out; one that is there must hold something. */
export const additional = <T>(field: Field<T>) => grouped(field, 'additionalFields');

/** The field sits in Filters and may be left out; one that is there must hold something. */
export const filter = <T>(field: Field<T>) => grouped(field, 'filters');

const grouped = <T>(field: Field<T>, group: Field['group']): Field<T | undefined> => ({
	...field,
	shown: { ...field.shown, required: undefined },
	group,
});

/** May be left empty in the panel; an expression that finds nothing is refused all the same. */
export const optional = <T>(field: Field<T>): Field<T | undefined> => ({
	...field,
	shown: { ...field.shown, required: undefined },
	optional: true,
});

/** The field exists only where the others have one of these values. */
export const when = <T>(
	others: Record<string, string[]>,
	field: Field<T>,
): Field<T | undefined> => ({ ...field, when: others });

/** The same, and a value elsewhere is refused: it can come in where another field is an expression. */
export const onlyWhen = <T>(
	others: Record<string, string[]>,
	field: Field<T>,
): Field<T | undefined> => ({ ...when(others, field), onlyThere: true });
