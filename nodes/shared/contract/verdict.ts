import type { ApiRequest, ApiResponse } from './http';
import type { Outcome } from './outcome';
import { isFuture, timeOf, type End, type RecordState } from './record';

/** What a response means. */
export interface Verdict {
	outcome: Outcome;
	/** When it ends or ended, UTC ISO 8601; null or absent where the provider does not say. */
	effectiveAt?: string | null;
	/** The customer's address, where the response tells it. */
	email?: string | null;
	/** The provider's own words, where they say more than the outcome. */
	description?: string;
	/**
	 * Ends the sentence about the customer in place of the outcome's words: "never became a paying
	 * referral, nothing to churn".
	 */
	clause?: string;
	/** What it would charge and credit, by the provider's preview; stands in a dry run's summary. */
	money?: string;
	/** The record is read before this is believed: see the table of `reconcile`. */
	verify?: boolean;
	/**
	 * The provider repeats this response for the idempotency key, and another request may succeed: while
	 * the record is unchanged, it is sent again with another key.
	 */
	needsNewKey?: boolean;
	/** The record was read and bears it out. */
	verified?: boolean;
	/** Carried out, but the target itself goes on (Smokeball ended only its trials): not `ended`. */
	planContinues?: boolean;
}

/** A call of the provider that changes nothing and says what would happen. */
export interface ProviderPreview {
	request: ApiRequest;
	/** What the write would bring about; an outcome other than a success ends the item there. */
	interpret: (response: ApiResponse) => Verdict | undefined;
	/** True: asked before every write, and anything but `readyToConfirm` is where the item ends. */
	required?: boolean;
}

/** What a cancellation with this end has come to. */
export function endVerdict(end: End): Verdict {
	const effectiveAt = timeOf(end);
	const isScheduled = end.kind === 'unknown' || isFuture(effectiveAt);
	return { outcome: isScheduled ? 'scheduled' : 'cancelled', effectiveAt };
}

/** A 2xx whose record contradicts it: the record is read again. */
export const contradictedBy = (record: string, status: string): Verdict => ({
	outcome: 'unknown',
	description: `The ${record} in the response still says "${status}".`,
	verify: true,
});

/** What a 2xx to a cancellation means that holds the subscription; undefined: the state cannot be told. */
export function cancelVerdict(state: RecordState | undefined): Verdict | undefined {
	if (state?.phase === 'active') return contradictedBy('subscription', state.status);
	return state && endVerdict(state.end);
}

/** What a 2xx to an undo means that holds the subscription; undefined: the state cannot be told. */
export function resumeVerdict(state: RecordState | undefined): Verdict | undefined {
	if (state?.phase === 'active') return { outcome: 'restored' };
	return state && contradictedBy('subscription', state.status);
}
