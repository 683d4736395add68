import { randomBytes } from 'node:crypto';

/**
 * The ID of a sample record: letters, digits and underscores, as merchants import them. Chargebee takes
 * up to 50 characters; a long name keeps its end, which has the number of a bulk record.
 */
export function sampleId(kind: 'sub' | 'cus', name: string): string {
	return `16Sandbox_${kind}_${name.slice(-35)}`;
}

/** An ID that was never given out before. */
export function newId(prefix: string): string {
	return `${prefix}16Sandbox${randomBytes(6).toString('hex')}`;
}
