import type { Reply } from '../contract/call';
import type { Outcome } from '../contract/outcome';
import type { State } from '../contract/verdict';

/** A look was possible and did not succeed: whatever needed it sends nothing. */
export interface Failure {
	outcome: Extract<Outcome, 'unauthorized' | 'rateLimited' | 'refused'>;
	status?: number;
	comeBackAt?: string;
}

/** What a look found: a record, none, or nothing to go by. `failed`: because it did not succeed. */
export type Seen =
	| { state: State }
	| { missing: true; answer?: Reply }
	| { unread: string; failed?: Failure };

export const hasState = (seen: Seen): seen is { state: State } => 'state' in seen;
export const stateOf = (seen: Seen): State | undefined => (hasState(seen) ? seen.state : undefined);
/**
 * The provider itself says that there is no such record. A web page says so of an address, and settles
 * no doubt.
 */
export const isMissing = (seen: Seen): boolean =>
	'missing' in seen && !/^\s*</.test(String(seen.answer?.body ?? ''));
export const notAsked: Seen = { unread: 'It was not asked for.' };
