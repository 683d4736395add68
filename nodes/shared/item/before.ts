import { isSuccess } from '../contract/outcome';
import type { Done } from './brake';
import type { Item } from './item';

/** What those who were on a target right before have left behind. */
export interface Left {
	/** A call whose answer was never understood. */
	doubt: boolean;
	/** The identity that the provider took last. */
	accepted?: string;
}

/**
 * What an item leaves to the next in line. One that sent nothing hands on what it found: a doubt ends
 * only with an answer or by the record.
 */
export function leftBy(
	{ identity }: Item,
	{ result }: Done,
	before: Left = { doubt: false },
): Left {
	if (!result) return before;
	const { outcome, accepted, attempts } = result;
	const settled = isSuccess(outcome) || attempts > 0;
	return {
		doubt: outcome === 'unknown' || (before.doubt && !settled),
		accepted: accepted ? identity : before.accepted,
	};
}
