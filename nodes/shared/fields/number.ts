import { whole } from './choice';

/** An option that is a whole number between bounds, both included. */
export const number = (
	displayName: string,
	[least, most]: [number, number?],
	fallback: number,
	description: string,
) =>
	whole({
		displayName,
		typeOptions: { minValue: least, ...(most && { maxValue: most }) },
		default: fallback,
		description,
	});
