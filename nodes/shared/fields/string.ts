import { invalid } from '../contract/refusal';
import type { Field, FieldProperty } from '../contract/field';

/** What an expression or a spreadsheet leaves behind when it misses. */
const missedExpression = [
	/^(none|true|false|0+|n\/a|-+|\[?invalid date\]?|#(n\/a|ref!|value!|name\?|div\/0!|null!|num!|error!))$/i,
	/(^|[^a-z0-9])(undefined|null)($|[^a-z0-9])/i,
	/^nan$/i,
	/\[object [a-z]*\]/i,
	/\{\{|\}\}|\$(json|node|input|item)\b/,
];

/** Blanks and signs of no width, which a copied cell brings along. */
const surroundingBlanks = /^[\s\u200b-\u200d\u2060\ufeff]+|[\s\u200b-\u200d\u2060\ufeff]+$/g;
const isInvisible = (sign: string) => {
	const code = sign.charCodeAt(0);
	return code < 32 || code === 127 || /[\u200b-\u200d\u2060\ufeff]/.test(sign);
};

const checkTheExpression = 'Check the expression.';

/**
 * Text as it is, trimmed; undefined where there is none.
 * @throws Refusal where it is neither text nor a number
 */
export function normalizeText(raw: unknown, label: string): string | undefined {
	if (raw === undefined || raw === null) return undefined;
	if (typeof raw === 'number' && Number.isFinite(raw)) return String(raw);
	if (typeof raw !== 'string') {
		throw invalid(`${label} must be text, but it is ${describeType(raw)}.`, checkTheExpression);
	}
	const text = raw.replace(surroundingBlanks, '');
	return text === '' ? undefined : text;
}

const describeType = (raw: unknown) =>
	Array.isArray(raw) ? 'a list' : typeof raw === 'object' ? 'an object' : `a ${typeof raw}`;

/** Free text: kept as the user wrote it; where there is none, none is sent. */
export function textField(shown: FieldProperty): Field<string | undefined> {
	return { property: shown, parse: (raw) => normalizeText(raw, shown.displayName) };
}

/** Text that addresses somebody: required, and refused where it looks like a missed expression. */
export function identifierField(
	shown: FieldProperty,
	check?: (id: string) => string | undefined,
): Field<string> {
	const label = shown.displayName;
	return {
		property: { required: true, ...shown },
		parse(raw) {
			const id = normalizeText(raw, label);
			if (id === undefined) {
				throw invalid(
					`${label} is empty.`,
					'Fill it in, or filter such items out before this node.',
				);
			}
			const shortened = id.slice(0, 60);
			if (missedExpression.some((form) => form.test(id)) || [...id].some(isInvisible)) {
				throw invalid(
					`${label} is "${shortened}", which looks like an expression that found nothing.`,
					checkTheExpression,
				);
			}
			const doubt = check?.(id);
			if (doubt) throw invalid(`${label} "${shortened}" ${doubt}`);
			return id;
		},
	};
}

const emailForm = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+\.[^\s@<>(),;:"[\]\\.]+$/;
export const isEmail = (text: string) => emailForm.test(text);

/** One e-mail address. */
export function emailField(shown: FieldProperty): Field<string> {
	return identifierField(shown, (address) =>
		isEmail(address) ? undefined : 'is not an e-mail address.',
	);
}
