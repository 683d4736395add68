import { invalid } from '../shared/contract/refusal';
import { excerpt, invisibleIn, trimInvisible } from '../shared/fields/characters';

const maxParts = 20;

/**
 * The way to a field of a response: names with dots between them, positions in lists as numbers.
 * @throws Refusal (`invalid`)
 */
export function parseDotPath(raw: unknown, label: string): string {
	const path = typeof raw === 'string' ? trimInvisible(raw) : '';
	const fail = (problem: string, advice: string) =>
		invalid(`${label} ${path === '' ? '' : `"${excerpt(path)}" `}${problem}`, advice);
	if (path === '') throw fail('is empty.', 'Fill in the name of a field.');
	if (/[[\]{}]|^\$/.test(path)) {
		throw fail('is not a path of names.', 'Write dots between names and positions: data.0.status');
	}
	const parts = path.split('.');
	if (parts.includes('') || parts.length > maxParts || invisibleIn(path)) {
		throw fail('is not a path of names.', 'Write one dot between two names: data.0.status');
	}
	return path;
}

/** What stands there; undefined: nothing. Only a value's own fields count, never what it inherits. */
export function valueAt(root: unknown, path: string): unknown {
	let value = root;
	for (const part of path.split('.')) {
		if (typeof value !== 'object' || value === null) return undefined;
		const isThere = Array.isArray(value)
			? /^(0|[1-9]\d{0,8})$/.test(part) && Number(part) < value.length
			: Object.hasOwn(value, part);
		if (!isThere) return undefined;
		value = (value as Record<string, unknown>)[part];
	}
	return value;
}

/** A text, a number or a switch as text, without blanks around it; undefined: something else. */
export function plainText(value: unknown): string | undefined {
	if (typeof value === 'string') return value.trim();
	return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
