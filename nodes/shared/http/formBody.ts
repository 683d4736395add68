import type { FormValue } from '../contract/http';

/** The pairs of a form; what is nested has the names of its way down: `items[0][id]`. */
function pairsOf(name: string, value: FormValue): Array<[string, string]> {
	if (value === undefined) return [];
	if (value === null) return [[name, '']];
	if (typeof value !== 'object') return [[name, String(value)]];
	return Object.entries(value).flatMap(([inner, one]) => pairsOf(`${name}[${inner}]`, one));
}

/** Encodes a name, but not its brackets, as the vendors write them. */
const encodeName = (name: string) =>
	encodeURIComponent(name).replace(/%5B/g, '[').replace(/%5D/g, ']');

/**
 * A form body. A list or an object without fields leaves nothing.
 * @throws URIError where a text is not well-formed Unicode
 */
export const encodeForm = (form: Record<string, FormValue>): string =>
	Object.entries(form)
		.flatMap(([name, value]) => pairsOf(name, value))
		.map(([name, value]) => `${encodeName(name)}=${encodeURIComponent(value)}`)
		.join('&');
