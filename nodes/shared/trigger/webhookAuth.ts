import { createHash, createHmac, timingSafeEqual } from 'crypto';

import { now } from '../contract/clock';
import { normalizeSecret, unsendableReason } from '../contract/credential';
import type { SignatureScheme } from '../contract/event';

/** One delivery as it arrived. */
export interface DeliveredRequest {
	/** Names in lower case. */
	headers: Record<string, string>;
	/** The body's bytes, as they were sent. */
	rawBody(): Promise<Buffer>;
}

/** Whether a delivery comes from the provider. `secrets`: what it showed for that. */
export type AuthResult = { kind: 'accepted'; secrets: string[] } | { kind: 'rejected' };

/** Checks a delivery before anything in it is used. Without a secret of its own it accepts none. */
export type WebhookAuth = (request: DeliveredRequest) => AuthResult | Promise<AuthResult>;

const rejected: AuthResult = { kind: 'rejected' };

/** The form in which a secret is saved that is only ever compared. */
export const secretDigest = (secret: string): string =>
	createHash('sha256').update(secret).digest('hex');

/** In a time that does not depend on how much of it is right. */
const equals = (one: string, other: string): boolean =>
	one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/**
 * A header holds the secret of this digest; undefined accepts none.
 * @param secretIn the secret in the header's value; empty: it has another form
 */
export const digestAuth =
	(
		digest: string | undefined,
		header: string,
		secretIn: (value: string) => string = (value) => value,
	): WebhookAuth =>
	({ headers }) => {
		const given = secretIn(headers[header] ?? '');
		const isRight = !!digest && given !== '' && equals(secretDigest(given), digest);
		return isRight ? { kind: 'accepted', secrets: [given] } : rejected;
	};

/**
 * One of the headers holds this secret, which the user pasted into a credential.
 * @throws where no header can hold it
 */
export function sharedSecretAuth(secret: unknown, headers: string[]): WebhookAuth {
	const expected = normalizeSecret(secret);
	const problem = unsendableReason(expected);
	if (problem) throw new Error(`The credential's secret ${problem}.`);
	const digest = expected === '' ? undefined : secretDigest(expected);
	return async (request) => {
		for (const header of headers) {
			const result = await digestAuth(digest, header)(request);
			if (result.kind === 'accepted') return result;
		}
		return rejected;
	};
}

/** The body is signed: hex HMAC-SHA256 over prefix and raw body. */
export const signatureAuth =
	(secret: string | undefined, scheme: SignatureScheme): WebhookAuth =>
	async ({ headers, rawBody }) => {
		const parts = scheme.parse(headers[scheme.header] ?? '');
		if (!secret || !parts) return rejected;
		if (!(Math.abs(now() / 1000 - parts.signedAt) <= scheme.tolerance)) return rejected;
		const expected = createHmac('sha256', secret)
			.update(parts.prefix)
			.update(await rawBody())
			.digest('hex');
		return parts.signatures.some((signature) => equals(signature, expected))
			? { kind: 'accepted', secrets: [secret] }
			: rejected;
	};
