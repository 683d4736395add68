import { createHash } from 'node:crypto';

/** One letter for each kind of record. */
const letters = { account: 'a', addOn: 'd', invoice: 'i', plan: 'p', site: 't', subscription: 's' };

/**
 * The ID of a sample record in the form of Recurly's own: up to 13 lower-case letters and digits. A long
 * name keeps its end, which has the number of a bulk record.
 */
export function sampleId(kind: keyof typeof letters, name: string): string {
	const text = name.toLowerCase().replace(/[^a-z0-9]/g, '');
	return letters[kind] + text.slice(-12).padStart(12, '0');
}

/** The second ID of a subscription: 32 hexadecimal digits. */
export function uuidOf(id: string): string {
	return createHash('sha256').update(id).digest('hex').slice(0, 32);
}
