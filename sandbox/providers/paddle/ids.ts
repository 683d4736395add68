import { randomBytes } from 'node:crypto';

/**
 * The ID of a sample record in the form of Paddle's own: 26 lower-case letters and digits. A long name
 * keeps its end, which has the number of a bulk record.
 */
export function sampleId(prefix: string, name: string): string {
	const text = name.toLowerCase().replace(/[^a-z0-9]/g, '');
	return `${prefix}_01sandbox${text.slice(-17).padStart(17, '0')}`;
}

/** An ID that was never given out before. */
export function newId(prefix: string): string {
	return `${prefix}_01${randomBytes(12).toString('hex')}`;
}
