import { createHash, randomBytes, timingSafeEqual } from 'crypto';

/** 256 random bits, as text that fits in a header. */
export const newSecret = (): string => randomBytes(32).toString('hex');

const digest = (text: string) => createHash('sha256').update(text).digest();

/** In a time that does not tell how much of it is right. No secret fits nothing. */
export function fits(secret: unknown, given: unknown): boolean {
	if (typeof secret !== 'string' || secret === '' || typeof given !== 'string') return false;
	return timingSafeEqual(digest(secret), digest(given));
}
