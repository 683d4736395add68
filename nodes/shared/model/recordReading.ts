import type { ApiResponse } from '../contract/http';
import type { Outcome } from '../contract/outcome';
import type { RecordState } from '../contract/verdict';

/** A look was possible and did not succeed: whatever needed it sends nothing. */
export interface ReadFailure {
	outcome: Extract<Outcome, 'unauthorized' | 'rateLimited' | 'refused'>;
	status?: number;
	retryAt?: string;
}

/** What a look found: a record, none, or nothing to go by. `failed`: because it did not succeed. */
export type RecordReading =
	| { state: RecordState }
	| { missing: true; answer?: ApiResponse }
	| { unread: string; failed?: ReadFailure };

export const hasState = (seen: RecordReading): seen is { state: RecordState } => 'state' in seen;
export const stateOf = (seen: RecordReading): RecordState | undefined =>
	hasState(seen) ? seen.state : undefined;
/**
 * The provider itself says that there is no such record. A web page says so of an address, and settles
 * no doubt.
 */
export const isConfirmedMissing = (seen: RecordReading): boolean =>
	'missing' in seen && !/^\s*</.test(String(seen.answer?.body ?? ''));
export const notRead: RecordReading = { unread: 'It was not asked for.' };
