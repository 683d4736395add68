const secretName =
	/^(authorization|(fox|ff)-secret.*|x-api-key|x-tn|cookie|set-cookie)$|(auth|access|refresh|id|api)_?-?token|temp_?password|password|secret|api_?-?key/i;

/** Links that act for a customer, and means of payment. */
const privateName =
	/^(management_urls|hosted_invoice_url|invoice_pdf|request_log_url|default_(payment_method|source))$/i;

const mask = '***';

/**
 * A copy without secrets: values whose name says so (FirstPromoter answers with a third person's
 * `auth_token` and `temp_password`), and any text or name that repeats a secret of the credential,
 * as it is, URL-encoded or in base64.
 * @param secrets the credential's own secret values
 */
export function redact<T>(value: T, secrets: string[] = []): T {
	// The longest first: one may be a part of another.
	const all = [...new Set(secrets.flatMap(encodings))].sort(
		(one, other) => other.length - one.length,
	);
	return redactValue(value, all) as T;
}

const encodings = (secret: string) => [
	secret,
	encodeURIComponent(secret),
	Buffer.from(secret).toString('base64'),
	Buffer.from(secret).toString('base64').replace(/=+$/, ''),
	Buffer.from(secret).toString('base64url'),
];

const redactText = (text: string, secrets: string[]) =>
	secrets.reduce((rest, secret) => rest.split(secret).join(mask), text);

function redactValue(value: unknown, secrets: string[]): unknown {
	if (typeof value === 'string') return redactText(value, secrets);
	if (Array.isArray(value)) return value.map((inner) => redactValue(inner, secrets));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, inner]) => [
			redactText(name, secrets),
			(secretName.test(name) || privateName.test(name)) && inner !== null && inner !== undefined
				? mask
				: redactValue(inner, secrets),
		]),
	);
}

/** The secret values of a decrypted credential, nested ones (OAuth2 tokens) included. */
export function collectSecrets(credential: unknown): string[] {
	if (typeof credential !== 'object' || credential === null) return [];
	return Object.entries(credential).flatMap(([name, value]) => {
		if (typeof value === 'string') {
			const secret = /key|token|secret|password/i.test(name) && !/(url|type)$/i.test(name);
			return secret && value.length >= 6 ? [value] : [];
		}
		return collectSecrets(value);
	});
}
