import type { Outcome } from '../contract/outcome';
import type { RecordState } from '../contract/record';

/** Reading was possible and failed: whatever needed the record sends nothing. */
export interface ReadFailure {
	outcome: Extract<Outcome, 'unauthorized' | 'rateLimited' | 'refused'>;
	status?: number;
	/** When the provider allows requests again, UTC ISO 8601. */
	retryAt?: string;
}

/** What reading the record has shown. */
export type RecordReading =
	| { kind: 'found'; state: RecordState }
	/** The provider itself says that there is no such record. */
	| { kind: 'missing'; description?: string }
	/** Several records match; names of them. */
	| { kind: 'ambiguous'; candidates: string[] }
	/** The request for it failed; `reason` is a sentence. */
	| { kind: 'failed'; reason: string; failure: ReadFailure }
	/** The provider cannot show it; `reason` is a sentence. */
	| { kind: 'unreadable'; reason: string }
	| { kind: 'notRead' };

export const notRead: RecordReading = { kind: 'notRead' };

export const stateOf = (reading: RecordReading): RecordState | undefined =>
	reading.kind === 'found' ? reading.state : undefined;

/** The credential may not read the record. */
export const isCredentialRejected = (reading: RecordReading): boolean =>
	reading.kind === 'failed' && reading.failure.outcome === 'unauthorized';

/** Why there is no record, a sentence; '' where there is one. */
export function reasonOf(reading: RecordReading): string {
	switch (reading.kind) {
		case 'failed':
		case 'unreadable':
			return reading.reason;
		case 'missing':
			return 'There is no such record.';
		case 'ambiguous':
			return `Several records match: ${reading.candidates.join('; ')}.`;
		case 'notRead':
			return 'The record was not read.';
		case 'found':
			return '';
	}
}
