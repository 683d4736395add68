import type { Fields } from '../contract/field';
import type { Operation } from '../contract/provider';
import { excerpt, trimInvisible } from '../fields/characters';
import { isEmail } from '../fields/string';
import type { ItemHeader } from '../model/result';
import { ItemFields, locatorParts, unmetCondition, type ParameterReader } from './parameters';

/**
 * Whom a refused item is about, as it was typed: its fields could not be parsed. Never throws: an
 * expression that fails is left out.
 */
export function typedHeader(
	parameter: ParameterReader,
	operation: Operation,
	fields: Fields,
	index: number,
): Pick<ItemHeader, 'target' | 'email' | 'reason'> {
	const { values, lookup } = typedFields(new ItemFields(parameter, index), fields);
	const target = lookup ?? orUndefined(() => operation.target(values)) ?? '';
	const email = orUndefined(() => operation.email?.(values)) ?? lookup ?? '';
	return {
		target,
		email: isEmail(email) ? email : null,
		reason: values.reason ?? values.comment ?? null,
	};
}

function typedFields(reader: ItemFields, fields: Fields) {
	const values: Record<string, string> = {};
	let lookup: string | undefined;
	for (const [name, field] of Object.entries(fields)) {
		if (unmetCondition(field, values)) continue;
		const raw = orUndefined(() => reader.read(name, field, ''));
		const { mode, value } = locatorParts(raw);
		const text = toLine(value);
		if (text === '') continue;
		if (field.lookupModes?.[mode]) lookup = text;
		else values[name] = text;
	}
	return { values, lookup };
}

const toLine = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number'
		? excerpt(trimInvisible(String(value)))
		: '';

function orUndefined<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}
