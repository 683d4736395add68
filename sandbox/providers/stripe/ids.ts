import { randomBytes } from 'node:crypto';

/**
 * The ID of a sample record in the form of Stripe's own: letters of both cases, no separators. The
 * digit in front is a real subscription's; customers have none.
 */
export function sampleId(
	prefix: 'sub' | 'cus' | 'si' | 'price' | 'sub_sched',
	name: string,
): string {
	const words = name
		.split(/[^A-Za-z0-9]+/)
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
	return `${prefix}_${prefix === 'cus' ? '' : '1'}SandboxSample${words.join('')}`;
}

/** An ID that was never given out before. */
export function newId(prefix: string): string {
	return `${prefix}_1${randomBytes(12).toString('hex')}`;
}
