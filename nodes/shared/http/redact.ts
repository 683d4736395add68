import { bareSecret, isSecretField, normalizeSecret } from '../contract/credential';
import { secretMatcher, type SecretMatcher } from './secretMatcher';

const mask = '***';

/** Names of secrets, whatever stands before or after them. */
const secretPart =
	/(auth|access|refresh|id|api|session)_?token|temp_?password|password|secret|api_?key|private_?key/;
/** Names and last or first words of names. */
const secretWord = /(^|_)(jwt|passwd|pwd|otp|bearer|credentials?)(_|$)/;
const secretNames = /^(token|authorization|x_tn|cookie|set_cookie|(fox|ff)_secret.*)$/;

/** Links and tokens that act for a customer, means of payment, and what a person has entrusted to a bill alone. */
const privateNames = new RegExp(
	`^(${[
		...['management_urls', 'hosted_invoice_url', 'invoice_pdf', 'request_log_url'],
		...['(default_)?payment_method', 'default_source', 'card'],
		...['billing_info', 'hosted_login_token', 'three_d_secure_action_token_id', 'action_result'],
		...['(billing|shipping)_address', 'vat_number', 'created_from_ip'],
	].join('|')})$`,
);

/** Whether a field of this name holds a secret: `authToken`, `auth-token` and `auth_token` are one. */
function isSecretName(name: string): boolean {
	const words = name
		.replace(/([a-z0-9])([A-Z])/g, '$1_$2')
		.replace(/[-. ]/g, '_')
		.toLowerCase();
	return [secretPart, secretWord, secretNames, privateNames].some((form) => form.test(words));
}

/** Names that may be of a secret. Masked only in what a user has written into a request: there it may be one. */
const possibleSecret =
	/token|secret|passw|pwd|key|auth|credential|signature|cookie|session|\b(pin|otp)\b/i;

/** A request's body as it is shown: without the values of names that may be of a secret. */
export const maskNamed = <T>(body: T): T =>
	rebuild(body, {
		text: (given) => given,
		isSecret: (name, value) => !isEmptyValue(value) && possibleSecret.test(name),
	}) as T;

const isEmptyValue = (value: unknown) => value === null || value === undefined || value === '';

/** A request's address as it is shown: without the values of names that may be of a secret. */
export const maskQuery = (url: string): string =>
	url.replace(/([?&;])([^=&;#]+)=([^&;#]+)/g, (pair, sign: string, name: string) =>
		possibleSecret.test(name) ? `${sign}${name}=${mask}` : pair,
	);

/** The name of a JSON field in a text, also of JSON inside of a string of JSON. */
const jsonName = /(\\*)"([\w.\- ]{1,64})\1"\s*:\s*/g;
const jsonNumber = /-?\d[\w.+-]*/y;
/** A parameter of a URL or a form. */
const urlParameter = /([?&;])([\w.\-[\]%]{1,64})=([^&;#\s"'<>]+)/g;
const bearerToken = /\b(bearer\s+)(?=\S*\d)[\w.~+/-]{16,}=*/gi;

/** Where the JSON value ends that begins here; undefined: it is neither a text nor a number. */
function endOfJsonValue(text: string, from: number, quote: string): number | undefined {
	if (!text.startsWith(quote, from)) {
		jsonNumber.lastIndex = from;
		return jsonNumber.test(text) ? jsonNumber.lastIndex : undefined;
	}
	const start = from + quote.length;
	for (let at = text.indexOf(quote, start); at >= 0; at = text.indexOf(quote, at + 1)) {
		if (at === start || text[at - 1] !== '\\') return at + quote.length;
	}
	return text.length;
}

/** Masks the fields of JSON that have the name of a secret. */
function redactJsonFields(text: string): string {
	let masked = '';
	let end = 0;
	for (const { 0: match, 1: slashes, 2: name, index } of text.matchAll(jsonName)) {
		const valueAt = index + match.length;
		if (index < end || !isSecretName(name)) continue;
		const quote = `${slashes}"`;
		const valueEnd = endOfJsonValue(text, valueAt, quote);
		if (valueEnd === undefined) continue;
		masked += `${text.slice(end, valueAt)}${quote}${mask}${quote}`;
		end = valueEnd;
	}
	return masked + text.slice(end);
}

/** Masks what the text itself calls a secret. */
function redactNamedText(text: string): string {
	const fields = text.includes('"') ? redactJsonFields(text) : text;
	const parameters = fields.includes('=')
		? fields.replace(urlParameter, (parameter, sign: string, name: string) =>
				isSecretName(name) ? `${sign}${name}=${mask}` : parameter,
			)
		: fields;
	return parameters.replace(bearerToken, `$1${mask}`);
}

/** How a value is redacted. */
interface Redaction {
	text: (text: string) => string;
	isSecret: (name: string, value: unknown) => boolean;
}

/**
 * A copy of a value, redacted. It is built without recursion, because a provider decides how deep its
 * records are; what stands in several places, or in itself, stays so.
 */
function rebuild(root: unknown, { text, isSecret }: Redaction): unknown {
	const holder: unknown[] = [];
	const copies = new Map<object, object>();
	const open: Array<{ target: object; key: string | number; value: unknown }> = [
		{ target: holder, key: 0, value: root },
	];
	for (let step = open.pop(); step; step = open.pop()) {
		const { target, key, value } = step;
		if (typeof value === 'string') put(target, key, text(value));
		else if (typeof value !== 'object' || value === null) put(target, key, value);
		else if (copies.has(value)) put(target, key, copies.get(value));
		else {
			const copy: object = Array.isArray(value) ? [] : {};
			copies.set(value, copy);
			put(target, key, copy);
			for (const [name, inner] of Object.entries(value)) {
				const field = Array.isArray(value) ? Number(name) : text(name);
				const shown = isSecret(name, inner) ? mask : inner;
				// Keeps the order of the fields.
				put(copy, field, undefined);
				open.push({ target: copy, key: field, value: shown });
			}
		}
	}
	return holder[0];
}

/** Sets an own field, also one named `__proto__`. */
function put(target: object, key: string | number, value: unknown): void {
	if (key !== '__proto__') (target as Record<string | number, unknown>)[key] = value;
	else {
		const own = { value, enumerable: true, writable: true, configurable: true };
		Object.defineProperty(target, key, own);
	}
}

/** Whether any text or name in a value holds a secret. */
function contains(root: unknown, matcher: SecretMatcher): boolean {
	const seen = new Set<object>();
	const open: unknown[] = [root];
	while (open.length > 0) {
		const value = open.pop();
		if (typeof value === 'string') {
			if (matcher.matches(value)) return true;
		} else if (typeof value === 'object' && value !== null && !seen.has(value)) {
			seen.add(value);
			const isList = Array.isArray(value);
			for (const [name, inner] of Object.entries(value)) {
				if (!isList && matcher.matches(name)) return true;
				open.push(inner);
			}
		}
	}
	return false;
}

/**
 * Removes secrets by value from all texts and names of a value, in every encoding that `SecretMatcher`
 * knows: for what a provider sends, before anything reads it.
 * @returns the value itself where it holds none
 */
export function redactSecretValues<T>(value: T, secrets: readonly string[]): T {
	const matcher = secretMatcher(secrets);
	if (!matcher || !contains(value, matcher)) return value;
	return rebuild(value, { text: (given) => matcher.mask(given), isSecret: () => false }) as T;
}

/**
 * A copy without secrets, for what leaves the engine: by value, and by name, because providers answer
 * with secrets of third persons (FirstPromoter's `auth_token` and `temp_password`). Names count in
 * objects, in JSON inside of a text and in URLs.
 * @param secrets the credential's own secret values
 */
export function redact<T>(value: T, secrets: readonly string[] = []): T {
	const matcher = secretMatcher(secrets);
	const text = (given: string) => redactNamedText(matcher?.mask(given) ?? given);
	// Rows of one list have the same names.
	const judged = new Map<string, boolean>();
	const isSecret = (name: string, inner: unknown) => {
		if (inner === null || inner === undefined || typeof inner === 'boolean') return false;
		const known = judged.get(name) ?? isSecretName(name);
		judged.set(name, known);
		return known;
	};
	return rebuild(value, { text, isSecret }) as T;
}

/** Shorter values are not masked: they would tear holes into every text. */
const minSecretLength = 6;

/** The secret values of a decrypted credential, nested ones (OAuth2 tokens) included. */
export function collectSecrets(credential: unknown): string[] {
	if (typeof credential !== 'object' || credential === null) return [];
	return Object.entries(credential).flatMap(([name, value]) => {
		if (typeof value !== 'string') return collectSecrets(value);
		if (!isSecretField(name)) return [];
		return secretValues([value]);
	});
}

/** The texts that show one of these secrets, those left out that are too short to be masked. */
export const secretValues = (secrets: string[]): string[] => [
	...new Set(
		secrets
			.map(normalizeSecret)
			.flatMap((secret) => [secret, bareSecret(secret)])
			.filter((text) => text.length >= minSecretLength),
	),
];
