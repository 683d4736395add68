import { invalid } from '../shared/contract/refusal';
import { excerpt, isWellFormed } from '../shared/fields/characters';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** What stands for the placeholders. */
export interface Values {
	id: string;
	/** Undefined: a field that is nothing but `{reason}` is left out. */
	reason?: string;
}

const maxLength = 20_000;
const maxDepth = 20;

const isObject = (value: Json): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A body with placeholders, parsed before anything is put into it.
 * @throws Refusal (`invalid`) where it is no JSON object, or JSON that two parsers may read differently
 */
export function parseBody(raw: unknown, label: string): JsonObject {
	const text = typeof raw === 'string' ? raw : JSON.stringify(raw ?? '');
	const fail = (problem: string, advice: string) => invalid(`${label} ${problem}`, advice);
	if (text.length > maxLength) throw fail('is too long.', `Use ${maxLength} characters at most.`);
	const body = parse(text);
	if (body === undefined || !isObject(body)) {
		throw fail(
			'is not a JSON object.',
			'Write it as {"name": "value"}: texts, {id} and {reason} in double quotes, and no comma after the last field.',
		);
	}
	// Depth first: what is nested too deeply is not walked through.
	const problem = problemInTokens(text) ?? problemInTexts(body);
	if (problem) throw fail(...problem);
	return body;
}

/** V8's own message quotes the text, which may hold a secret. */
function parse(text: string): Json | undefined {
	try {
		return JSON.parse(text) as Json;
	} catch {
		return undefined;
	}
}

type Problem = [problem: string, advice: string];

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|-?\d[\d.eE+-]*/gs;

/** Duplicate names, numbers that would be rounded, and depth; of text that is JSON. */
function problemInTokens(text: string): Problem | undefined {
	const open: Array<Set<string>> = [];
	const all = text.match(tokens) ?? [];
	for (const [index, token] of all.entries()) {
		if (/^[{[]/.test(token)) open.push(new Set());
		else if (/^[}\]]/.test(token)) open.pop();
		if (open.length > maxDepth) {
			return ['is nested too deeply.', `Use ${maxDepth} levels at most.`];
		}
		const problem =
			all[index + 1] === ':' ? problemWithName(token, open.at(-1)) : problemWithNumber(token);
		if (problem) return problem;
	}
	return undefined;
}

/** @param names those that the object has so far */
function problemWithName(token: string, names = new Set<string>()): Problem | undefined {
	const name = JSON.parse(token) as string;
	if (names.has(name)) return [`has the field "${excerpt(name)}" twice.`, 'Remove one of them.'];
	names.add(name);
	return undefined;
}

const problemWithNumber = (token: string): Problem | undefined =>
	/^-?\d/.test(token) && !isExact(token)
		? [`holds the number ${excerpt(token)}, which is not exact.`, 'Write it in quotes.']
		: undefined;

/** JavaScript keeps 15 digits of every number. */
function isExact(literal: string): boolean {
	const digits = literal.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '');
	const value = Number(literal);
	const isLost = value === 0 && digits !== '';
	return digits.length <= 15 && Number.isFinite(value) && !isLost;
}

const placeholders = /\{(id|reason)\}/g;
const leftover = /\{[^{}]*\}/;

/** Every text of a value; the names of fields with them. */
function* textsIn(value: Json): Generator<{ text: string; isName: boolean }> {
	if (typeof value === 'string') yield { text: value, isName: false };
	else if (Array.isArray(value)) for (const one of value) yield* textsIn(one);
	else if (isObject(value)) {
		for (const [name, one] of Object.entries(value)) {
			yield { text: name, isName: true };
			yield* textsIn(one);
		}
	}
}

function problemInTexts(body: JsonObject): Problem | undefined {
	for (const { text, isName } of textsIn(body)) {
		if (!isWellFormed(text)) return ['contains half a character.', 'Check where it was copied.'];
		const rest = isName ? text : text.replace(placeholders, '');
		const [found] = leftover.exec(rest) ?? [];
		if (found !== undefined) {
			return isName
				? [`has a placeholder in the name of a field ("${excerpt(text)}").`, 'Write the name out.']
				: [`holds the placeholder ${excerpt(found)}.`, 'The only ones are {id} and {reason}.'];
		}
	}
	return undefined;
}

/** A body that holds `{id}` is about one target. */
export const bodyHoldsId = (body: JsonObject): boolean =>
	[...textsIn(body)].some(({ text, isName }) => !isName && text.includes('{id}'));

/** Can be sent as a form: no field holds a list or an object. */
export const isFlat = (body: JsonObject): boolean =>
	Object.values(body).every((value) => typeof value !== 'object' || value === null);

/** The body of a target. What is put in is text, whatever it holds. */
export function fillBody(body: JsonObject, values: Values): JsonObject {
	const kept = Object.entries(body).filter(
		([, value]) => !(value === '{reason}' && values.reason === undefined),
	);
	return Object.fromEntries(kept.map(([name, value]) => [name, fill(value, values)]));
}

function fill(value: Json, values: Values): Json {
	if (typeof value === 'string') {
		return value.replace(placeholders, (_, name: keyof Values) => values[name] ?? '');
	}
	if (Array.isArray(value)) return value.map((one) => fill(one, values));
	return isObject(value) ? fillBody(value, values) : value;
}
