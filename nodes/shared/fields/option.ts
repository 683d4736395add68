import type { Field } from '../contract/field';
import type { Operation } from '../contract/provider';

/** An option, declared once: where it is offered, its panel, bounds, parser and default. */
export interface Option<T = unknown> extends Field<T> {
	/** What counts where it was not added. */
	absent?: T;
	offered(operation: Operation): boolean;
}

export const writes = ({ effect }: Operation) => effect !== 'read';
export const always = () => true;

/** @param absent what counts where it was not added; absent itself: nothing does */
export const option = <T>(
	field: Field<T>,
	offered: Option['offered'],
	absent?: NonNullable<T>,
): Option<T> => ({
	...field,
	shown: { ...field.shown, required: undefined },
	offered,
	...(absent !== undefined && { absent }),
});
