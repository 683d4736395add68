import type { Params } from '../../form';
import { wrongValue } from './errors';

/**
 * Refuses a parameter that the endpoint does not have. Assumption: the answer to an unknown parameter is
 * not documented.
 */
export function refuseUnknown(params: Params, known: readonly string[]): void {
	const unknown = Object.keys(params).find((name) => !known.includes(name));
	if (unknown !== undefined) throw wrongValue(unknown, 'unknown parameter');
}

/** A text; an empty one counts as none. */
export function textParam(params: Params, name: string): string | undefined {
	const value = params[name];
	if (value === undefined || value === '') return undefined;
	if (typeof value !== 'string') throw wrongValue(name, 'must be a string');
	return value;
}

export function booleanParam(params: Params, name: string): boolean | undefined {
	const value = textParam(params, name);
	if (value === undefined) return undefined;
	if (value !== 'true' && value !== 'false') throw wrongValue(name, 'must be true or false');
	return value === 'true';
}

export function integerParam(params: Params, name: string): number | undefined {
	const value = textParam(params, name);
	if (value === undefined) return undefined;
	if (!/^\d{1,12}$/.test(value)) throw wrongValue(name, 'must be an integer');
	return Number(value);
}

export function choiceParam<Choice extends string>(
	params: Params,
	name: string,
	choices: readonly Choice[],
): Choice | undefined {
	const value = textParam(params, name);
	const found = choices.find((choice) => choice === value);
	if (value === undefined || found !== undefined) return found;
	throw wrongValue(name, `must be one of ${choices.join(', ')}`);
}

/** A filter of a list by one field, as `status[in]=["active","paused"]`. */
export function filterParam(
	params: Params,
	name: string,
	choices?: readonly string[],
): ((value: string | undefined) => boolean) | undefined {
	const filter = params[name];
	if (filter === undefined) return undefined;
	if (typeof filter === 'string' || Array.isArray(filter)) {
		throw wrongValue(name, 'must name an operator, such as [is]');
	}
	const [[operator, given] = []] = Object.entries(filter);
	// Assumption: a filter without a value filters nothing.
	if (typeof given !== 'string' || given === '' || given === '[]') return undefined;
	const values = operator === 'in' || operator === 'not_in' ? listOf(name, given) : [given];
	const wrong = choices && values.find((value) => !choices.includes(value));
	if (wrong !== undefined) throw wrongValue(`${name}[${operator}]`, `"${wrong}" is not known`);
	switch (operator) {
		case 'is':
		case 'in':
			return (value) => value !== undefined && values.includes(value);
		case 'is_not':
		case 'not_in':
			return (value) => value === undefined || !values.includes(value);
		case 'starts_with':
			return (value) => value?.startsWith(given) ?? false;
		case 'is_present':
			return (value) => String(value !== undefined) === given;
		default:
			throw wrongValue(`${name}[${operator}]`, 'unknown operator');
	}
}

/** A list in brackets; quotes around its values may be left out. */
function listOf(name: string, text: string): string[] {
	const [, inner] = /^\[(.*)\]$/s.exec(text.trim()) ?? [];
	if (inner === undefined) throw wrongValue(name, 'must be a list in brackets');
	return inner.split(',').map((value) => value.trim().replace(/^"(.*)"$/s, '$1'));
}
