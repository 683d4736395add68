import { isCanonical, isEmail } from './string';

/** What an ID can look like at all, whatever it identifies. */
export interface IdForm {
	pattern: RegExp;
	/** For the message about an ID that does not match. */
	allowed: string;
}

/**
 * An ID that the user's own system or billing provider made, such as `cus_9s6XKzkNRiz8i3`, `4711/2`,
 * `auth0|5f7c8ec7c33c6c004bbafe82`, base64 or an e-mail address.
 */
export const ownId: IdForm = {
	pattern: /^[\p{L}\p{N}_+/-](?:[\p{L}\p{M}\p{N} _.:|+/=@~#&'-]*[\p{L}\p{M}\p{N}_+/=-])?$/u,
	allowed: "letters, digits, single spaces and _ - . : / | + = @ ~ # & '",
};

/** An ID that a provider's API made; the documented ones are tokens of these characters. */
export const providerId: IdForm = {
	pattern: /^[A-Za-z0-9_-](?:[A-Za-z0-9_.:-]*[A-Za-z0-9_-])?$/,
	allowed: 'letters, digits and _ - . :',
};

/** Longer text is not an ID; the limit also bounds the time of the tests below. */
const maxLength = 255;

interface IdProblem {
	/** The rest of a sentence whose subject is the ID, with its full stop. */
	problem: string;
	advice: string;
}
interface LookAlike extends IdProblem {
	forms: RegExp[];
}

/** What an expression, a spreadsheet, a template or a model leaves in the place of a value it does not have. */
const leftovers = [
	// Words for "no value", a switch in the languages of a spreadsheet, and what a model fills in
	/^(?:none|nil|null|undefined|nan|-?infinity|na|n\/a|n\.a\.?|blank|empty|unknown|missing|string|tbd|todo)$/i,
	/^(?:true|false|wahr|falsch|vrai|faux|verdadero|falso)$/i,
	/^(?:no|not)[ _-]\p{L}+$/iu,
	/^0+(?:[.,]0+)?$/,
	/(?:^|[^\p{L}\p{N}])(?:undefined|null)(?:$|[^\p{L}\p{N}])/iu,
	/(?:^|[^\p{L}\p{N}])NaN(?:$|[^\p{L}\p{N}])/u,
	// Errors of Excel, Google Sheets and LibreOffice in every language
	/^#/,
	/^(?:err|error|erreur|fehler)\s?:\s?\d{3}$/i,
	/^loading\b/i,
	/^\[?invalid (?:date|datetime)\]?$/i,
	// Objects as text, and placeholders of templates
	/\[object [a-z]*\]/i,
	/\{\{|\}\}|\$(?:json|node|input|item)\b/,
	/^__.*__$/,
	// The name of a field or column in the place of its value
	/^(?:your[ _-]?)?(?:account|client|contact|customer|deal|event|order|referral|subscription|user)?[ _-]?(?:u?u?id|urn|e-?mail)(?:[ _-]?here)?$/i,
];

/** Texts that are something else than one ID, though their characters could stand in one. */
const lookAlikes: LookAlike[] = [
	{
		problem: 'is a rounded or formatted number.',
		advice: 'Pass the ID as text, and format the column as text.',
		forms: [
			/^[+-]?\d(?:[.,]\d+)?e[+-]?\d{1,3}$/i,
			/^[+-]?\d+(?:[.,]\d+)?e[+-]\d{1,3}$/i,
			/^\d+[.,]\d+e\d{1,3}$/i,
			/^-\d+(?:[.,]\d+)?$/,
			/^\d+[.,]0+$/,
			/^\d{1,3}(?:[.,]\d{3})+$/,
		],
	},
	{
		problem: 'is a date or a time.',
		advice: 'Check which field the expression names.',
		forms: [
			/^\d{4}([-/.])\d\d\1\d\d(?:$|[T ])/i,
			/^\d{1,2}([-/.])\d{1,2}\1\d{4}$/,
			/^\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:-\d{2,4})?$/i,
			/^\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]m)?$/i,
		],
	},
	{
		problem: 'is a web address.',
		advice: 'Use the ID alone.',
		forms: [
			/^(?:https?|ftp|file|mailto|tel):/i,
			/^www\./i,
			/^\/\/[^/]+\./,
			/^(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}\//iu,
		],
	},
	{
		problem: 'holds more than one ID.',
		advice: 'Use one item for each.',
		forms: [
			/(?:^|[\s,;|/&+])(\p{L}+_)[^\s,;|/&+]+[\s,;|/&+](?:.*[\s,;|/&+])?\1/iu,
			/(?:^| )[^ ]*\d[^ ]* (?:.* )?[^ ]*\d/,
			/^[^,;]*[\p{L}\p{N}]\s*[,;]\s*[\p{L}\p{N}]/u,
		],
	},
];

const matches = (forms: RegExp[], id: string) => forms.some((form) => form.test(id));

export const isLeftover = (text: string) => matches(leftovers, text);

/** Why the text cannot be an ID of this form; undefined if it can. */
export function problemWithId(id: string, form: IdForm): IdProblem | undefined {
	const isShort = id.length <= maxLength;
	const lookAlike = isShort && lookAlikes.find(({ forms }) => matches(forms, id));
	if (lookAlike) return lookAlike;
	if (isShort && hasForm(id, form)) return undefined;
	return {
		problem: 'cannot be an identifier.',
		advice: `An identifier consists of ${form.allowed}. Check the expression.`,
	};
}

const hasForm = (id: string, { pattern }: IdForm) =>
	pattern.test(id) &&
	/[\p{L}\p{N}]/u.test(id) &&
	!/ {2}|[:=] /.test(id) &&
	isCanonical(id) &&
	(!id.includes('@') || isAccountName(id));

/** An address, one behind the name of a sign-in provider (`auth0|ada@example.com`), or `ada@host`. */
const isAccountName = (id: string) =>
	isEmail(id.replace(/^[\p{L}\p{N}_-]+\|/u, '')) || /^[\p{L}\p{N}._+-]+@[\p{L}\p{N}-]+$/u.test(id);
