import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'crypto';

/**
 * A secret that only the credential's own key opens. Static data is part of every export of a workflow,
 * and a provider that shows the secret of a webhook once leaves no other place for it.
 */
const algorithm = 'aes-256-gcm';

const keyOf = (keys: string[], salt: Buffer): Buffer =>
	Buffer.from(hkdfSync('sha256', [...keys].sort().join('\n'), salt, 'webhook secret', 32));

/** @param keys the credential's own secret values */
export function seal(secret: string, keys: string[]): string {
	const [salt, nonce] = [randomBytes(16), randomBytes(12)];
	const cipher = createCipheriv(algorithm, keyOf(keys, salt), nonce);
	const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
	const parts = [salt, nonce, cipher.getAuthTag(), text];
	return parts.map((part) => part.toString('base64url')).join('.');
}

/** @returns undefined: it was sealed with other keys, or changed since */
export function unseal(sealed: string, keys: string[]): string | undefined {
	const [salt, nonce, tag, text] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
	try {
		const decipher = createDecipheriv(algorithm, keyOf(keys, salt), nonce).setAuthTag(tag);
		return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
	} catch {
		return undefined;
	}
}
