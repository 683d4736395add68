import type { Field } from '../contract/field';
import type { Operation } from '../contract/provider';

/** An option, declared once: where it is offered, its panel, bounds, parser and default. */
export interface Option<T = unknown> extends Field<T> {
	/** What counts where it was not added; absent itself: nothing does. */
	absent?: T;
	offered(operation: Operation): boolean;
}

export const writes = ({ effect }: Operation) => effect !== 'read';
export const always = () => true;

/** @param absent what counts where it was not added */
export function option<T>(field: Field<T>, offered: Option['offered'], absent: T): Option<T>;
export function option<T>(field: Field<T>, offered: Option['offered']): Option<T | undefined>;
export function option<T>(field: Field<T>, offered: Option['offered'], absent?: T): Option<T> {
	const shown = { ...field.shown, required: undefined };
	return { ...field, shown, offered, ...(absent !== undefined && { absent }) };
}
