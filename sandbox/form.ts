/** A form or a query with its brackets resolved: texts, lists and objects of these. */
export interface Params {
	[name: string]: Param;
}

export type Param = string | Param[] | Params;

/** Decodes `a[b]=c`, `a[]=b` and `a[0]=b` as Stripe and Chargebee do. */
export function decodeForm(text: string): Params {
	const root: Params = {};
	for (const [name, value] of new URLSearchParams(text)) {
		const path = [
			name.replace(/\[.*/s, ''),
			...[...name.matchAll(/\[([^\]]*)\]/g)].map(([, key]) => key),
		];
		put(root, path, value);
	}
	return listsIn(root) as Params;
}

function put(into: Params, [key, ...rest]: string[], value: string): void {
	const name = key === '' ? String(Object.keys(into).length) : key;
	if (rest.length === 0) {
		into[name] = value;
		return;
	}
	const next = into[name];
	const child = typeof next === 'object' && !Array.isArray(next) ? next : {};
	into[name] = child;
	put(child, rest, value);
}

/** Objects whose keys are all numbers were lists. */
function listsIn(param: Param): Param {
	if (typeof param !== 'object' || Array.isArray(param)) return param;
	const entries = Object.entries(param).map(([key, value]) => [key, listsIn(value)] as const);
	const isList = entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key));
	return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}
