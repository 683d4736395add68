import { invalid } from '../contract/refusal';
import type { Field, FieldProperty } from '../contract/field';
import { excerpt, invisibleIn, trimInvisible } from './characters';
import { isLeftover, ownId, problemWithId, type IdForm } from './idForm';
import { checkTheExpression, isEmail, toText } from './string';

export interface IdentifierRules {
	/** What IDs of this kind look like; default: those of the user's own systems. */
	idForm?: IdForm;
	/** A doubt about a text that could be an ID, as the rest of a sentence. */
	check?: (id: string) => string | undefined;
}

/**
 * Text that addresses a record: required, without invisible characters at its edges.
 * @throws Refusal (`invalid`) if the text is empty or cannot be such an ID
 */
export function identifierField(
	property: FieldProperty,
	{ idForm = ownId, check }: IdentifierRules = {},
): Field<string> {
	const label = property.displayName;
	return {
		property: { required: true, ...property },
		parse(raw) {
			const id = requiredText(raw, label);
			const doubt = check?.(id);
			if (doubt) throw invalid(`${label} "${excerpt(id)}" ${doubt}`);
			const found = problemWithId(id, idForm);
			if (found) throw invalid(`${label} "${excerpt(id)}" ${found.problem}`, found.advice);
			return id;
		},
	};
}

/** One e-mail address. */
export function emailField(property: FieldProperty): Field<string> {
	const label = property.displayName;
	return {
		property: { required: true, ...property },
		parse(raw) {
			const address = requiredText(raw, label);
			if (isEmail(address)) return address;
			throw invalid(`${label} "${excerpt(address)}" is not an e-mail address.`);
		},
	};
}

/** @throws Refusal if there is no text, or an expression left something else in its place */
export function requiredText(raw: unknown, label: string): string {
	rejectInexactNumber(raw, label);
	const text = trimInvisible(toText(raw, label));
	if (text === '') {
		throw invalid(`${label} is empty.`, 'Fill it in, or filter such items out before this node.');
	}
	if (isLeftover(text)) {
		throw invalid(
			`${label} is "${excerpt(text)}", which looks like an expression that found nothing.`,
			checkTheExpression,
		);
	}
	const hidden = invisibleIn(text);
	if (!hidden) return text;
	throw invalid(
		`${label} "${excerpt(text)}" contains an invisible character (${hidden}).`,
		checkTheExpression,
	);
}

/** JSON and JavaScript round whole numbers beyond 2^53, so that two IDs may have become one. */
function rejectInexactNumber(raw: unknown, label: string): void {
	if (typeof raw !== 'number' || (Number.isSafeInteger(raw) && raw >= 0)) return;
	throw invalid(
		`${label} is the number ${raw}, but only whole numbers from 0 to ${Number.MAX_SAFE_INTEGER} are exact.`,
		'Pass the ID as text.',
	);
}
