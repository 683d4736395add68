import { segment } from '../shared/contract/http';
import { invalid } from '../shared/contract/refusal';
import { excerpt, trimInvisible } from '../shared/fields/characters';

/** What RFC 3986 allows in a path and a query, and the braces of a placeholder. */
const allowed = /^[\w\-.~!$&'()*+,;=:@/?%{}]*$/;
const maxLength = 2000;

const placeholder = /\{id\}/g;

/** A path that holds `{id}` is about one target. */
export const holdsId = (path: string): boolean => path.includes('{id}');

/** A problem, as the rest of a sentence, and what to do. */
type Problem = [problem: string, advice: string] | undefined;

/**
 * The template of a path below the base URL: it begins with "/", may have a query, and holds no other
 * placeholder than `{id}`.
 * @throws Refusal (`invalid`) where it could lead to another place than it shows
 */
export function parsePath(raw: unknown, label: string): string {
	const path = typeof raw === 'string' ? trimInvisible(raw) : '';
	const found = problemWithPath(path);
	if (found === undefined) return path;
	const [problem, advice] = found;
	throw invalid(`${label} ${path === '' ? '' : `"${excerpt(path)}" `}${problem}`, advice);
}

function problemWithPath(path: string): Problem {
	if (path === '') return ['is empty.', 'Fill in a path that begins with "/".'];
	if (path.length > maxLength) return ['is too long.', `Use ${maxLength} characters at most.`];
	if (!path.startsWith('/')) {
		return ['does not begin with "/".', 'Write the path alone, without the base URL.'];
	}
	if (!allowed.test(path)) {
		return [
			'holds a character that no path has.',
			'Use letters, digits and the signs of a path; write others percent-encoded. A "#" and a "\\" are not possible.',
		];
	}
	if (/[{}]/.test(path.replace(placeholder, ''))) {
		return ['holds a placeholder that is not known.', 'The only one is {id}.'];
	}
	const [beforeQuery, ...query] = path.split('?');
	return problemWithSegments(beforeQuery) ?? problemWithEscapes(query.join('?'), /[\p{C}]/u);
}

/** What servers read as dots, slashes or an encoded sign, once or twice decoded. */
const forbiddenEscapes = /[\p{C}./\\%?#{}]/u;

function problemWithSegments(path: string): Problem {
	const segments = path.slice(1).split('/');
	// One slash at the end is a form that frameworks ask for.
	const inner = segments.length > 1 && segments.at(-1) === '' ? segments.slice(0, -1) : segments;
	if (path !== '/' && inner.includes('')) {
		return ['holds an empty part ("//").', 'Remove one of the slashes.'];
	}
	if (inner.some(isDots)) {
		return ['holds "." or ".." as a part.', 'Write the path as it is below the base URL.'];
	}
	return problemWithEscapes(path, forbiddenEscapes);
}

/** Some servers leave out what stands behind a semicolon. */
const isDots = (part: string) => /^\.{1,2}(;.*)?$/.test(part);

function problemWithEscapes(text: string, forbidden: RegExp): Problem {
	const escapes = text.match(/(?:%.{0,2})+/g) ?? [];
	for (const escaped of escapes) {
		const plain = decode(escaped);
		if (plain === undefined || forbidden.test(plain)) {
			return [
				`holds "${escaped.slice(0, 12)}", which may lead to another place.`,
				'Write the path without it.',
			];
		}
	}
	return undefined;
}

function decode(escaped: string): string | undefined {
	try {
		return decodeURIComponent(escaped);
	} catch {
		return undefined;
	}
}

/**
 * The path of a target, its ID encoded as one part.
 * @throws Refusal (`invalid`) on an ID that would address something else
 */
export function fillPath(template: string, id: string): string {
	const path = template.replace(placeholder, () => segment(id));
	if (path.split('?')[0].split('/').some(isDots)) {
		throw invalid(`"${id}" makes another path of "${template}".`, 'Check the expression.');
	}
	return path;
}

/** Why an ID must not stand in a path, though it is encoded: servers may decode it before they split. */
export function problemWithTarget(id: string): string | undefined {
	const parts = id.split(/[/\\]/);
	return parts.length > 1 && parts.some((part) => part === '' || isDots(part))
		? 'could lead to another path than its own.'
		: undefined;
}
