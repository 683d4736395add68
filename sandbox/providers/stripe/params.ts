import type { Params } from '../../form';
import { invalidParam } from './errors';

/** The parameters of every list, and of a single record. */
export const retrieval = { expand: true } as const;
export const paging = {
	...retrieval,
	ending_before: true,
	limit: true,
	starting_after: true,
} as const;

/** Refuses a parameter that the endpoint does not have; a nested one is named `outer[inner]`. */
export function refuseUnknown(
	params: Params,
	known: Record<string, readonly string[] | true>,
): void {
	for (const [name, value] of Object.entries(params)) {
		const inner = Object.hasOwn(known, name) ? known[name] : undefined;
		if (inner === undefined) throw unknown(name);
		if (inner === true || typeof value !== 'object' || Array.isArray(value)) continue;
		for (const key of Object.keys(value)) {
			if (!inner.includes(key)) throw unknown(`${name}[${key}]`);
		}
	}
}

function unknown(name: string) {
	return invalidParam(name, `Received unknown parameter: ${name}`, 'parameter_unknown');
}

export function textParam(params: Params, name: string): string | undefined {
	const value = params[name];
	if (value === undefined) return undefined;
	if (typeof value !== 'string')
		throw invalidParam(name, `Invalid string: ${JSON.stringify(value)}`);
	return value;
}

/** A text that may not be empty: an empty one would unset what cannot be unset. */
export function filledParam(params: Params, name: string): string | undefined {
	const value = textParam(params, name);
	if (value !== '') return value;
	throw invalidParam(
		name,
		`You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
		'parameter_invalid_empty',
	);
}

export function booleanParam(params: Params, name: string): boolean | undefined {
	const value = textParam(params, name);
	if (value === undefined) return undefined;
	if (value !== 'true' && value !== 'false') throw invalidParam(name, `Invalid boolean: ${value}`);
	return value === 'true';
}

export function integerParam(params: Params, name: string): number | undefined {
	const value = textParam(params, name);
	if (value === undefined) return undefined;
	if (!/^-?\d+$/.test(value)) {
		throw invalidParam(name, `Invalid integer: ${value}`, 'parameter_invalid_integer');
	}
	return Number(value);
}

export function choiceParam<Choice extends string>(
	params: Params,
	name: string,
	choices: readonly Choice[],
): Choice | undefined {
	const value = filledParam(params, name);
	const found = choices.find((choice) => choice === value);
	if (value === undefined || found !== undefined) return found;
	const names = choices.join(', ').replace(/, ([^,]*)$/, ', or $1');
	throw invalidParam(name, `Invalid ${name}: must be one of ${names}`);
}

/** An object; undefined where it is not given. */
export function objectParam(params: Params, name: string): Params | undefined {
	const value = params[name];
	if (value === undefined) return undefined;
	if (typeof value !== 'object' || Array.isArray(value)) throw invalidParam(name, 'Invalid object');
	return value;
}

export function listParam(params: Params, name: string): string[] | undefined {
	const value = params[name];
	if (value === undefined) return undefined;
	if (!Array.isArray(value)) throw invalidParam(name, 'Invalid array');
	return value.map((element) => String(element));
}
