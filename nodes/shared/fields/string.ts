import { invalid } from '../contract/refusal';
import type { Field, FieldProperty } from '../contract/field';
import { isWellFormed, trimBlanks } from './characters';

export const checkTheExpression = 'Check the expression.';

/**
 * The text of a value, untrimmed; empty where there is none.
 * @throws Refusal if the value is neither text nor a finite number, or the text is not well-formed UTF-16
 */
export function toText(raw: unknown, label: string): string {
	if (raw === undefined || raw === null) return '';
	if (typeof raw === 'number' && Number.isFinite(raw)) return String(raw);
	if (typeof raw !== 'string') {
		throw invalid(`${label} must be text, but it is ${describeType(raw)}.`, checkTheExpression);
	}
	if (isWellFormed(raw)) return raw;
	throw invalid(
		`${label} contains half a character, such as an emoji that was cut in two.`,
		'Check the expression that shortens the text.',
	);
}

function describeType(raw: unknown): string {
	if (Array.isArray(raw)) return 'a list';
	if (typeof raw === 'object') return 'an object';
	return typeof raw === 'number' ? String(raw) : `a ${typeof raw}`;
}

/**
 * Free text, such as a reason: sent as the user wrote it, and left out where there is none. The texts of a list
 * are joined by ", ".
 */
export function textField(property: FieldProperty): Field<string | undefined> {
	const label = property.displayName;
	return {
		property,
		parse(raw) {
			const parts = (Array.isArray(raw) ? raw : [raw]).map((part) =>
				trimBlanks(toText(part, label)),
			);
			return parts.filter((part) => part !== '').join(', ') || undefined;
		},
	};
}

/** RFC 5322 allows more, none of which a mailbox has and a template, a link or a list leaves behind. */
const localPart = /^[\p{L}\p{N}_+=~#&!-][\p{L}\p{M}\p{N}_+=~#&!/'-]*$/u;
const domainLabel = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;

/**
 * Whether the text can be an e-mail address: one mailbox at a domain of two or more labels, letters of any
 * script included (RFC 6531). Lengths are those of RFC 5321.
 */
export function isEmail(text: string): boolean {
	const [local, domain, ...more] = text.split('@');
	if (domain === undefined || more.length > 0) return false;
	if (local.length > 64 || text.length > 254 || !isCanonical(text)) return false;
	const labels = domain.split('.');
	return (
		local.split('.').every((atom) => localPart.test(atom)) &&
		!local.endsWith("'") &&
		labels.length > 1 &&
		labels.every((label) => domainLabel.test(label)) &&
		/\p{L}/u.test(labels[labels.length - 1])
	);
}

/** False if characters only look like others, such as full-width letters. */
export const isCanonical = (text: string) => text.normalize('NFKC') === text.normalize('NFC');
