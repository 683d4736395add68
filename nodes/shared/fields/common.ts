import { flag, whole } from './choice';

/** What stands beside the fields of a provider: the first in every write, the others in every list. */
export const dryRun = flag({
	displayName: 'Dry Run',
	default: true,
	description:
		'Whether to only look: shows what would happen and a plan token, and changes nothing',
});

export const returnAll = flag({
	displayName: 'Return All',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
});

export const limit = whole({
	displayName: 'Limit',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
});
