import type { IDataObject } from 'n8n-workflow';
import { createHash } from 'crypto';

import type { Result } from './outcome';

/** What is kept of an accepted item: enough to repeat its outcome, without the answer. */
export type Kept = Pick<
	Result,
	'outcome' | 'effectiveAt' | 'requestedAt' | 'attempts' | 'httpStatus' | 'verified' | 'goesOn'
>;

interface Entry {
	digest: string;
	/** Absent: it was sent, and its answer was never understood. */
	kept?: Kept;
}

interface Book {
	/** The execution that began this; a retry of a saved one goes on under the same id. */
	execution: string;
	/** By run index. `accepted` stays after a clean end, for `maxPerExecution`. */
	runs: Record<string, { accepted: number; entries: Record<string, Entry> }>;
}

/**
 * What this execution has already got accepted. Lives in the node's context, which survives
 * Retry On Fail and is saved with a failed execution for its Retry button.
 */
export interface Ledger {
	/** The id under which this execution began. */
	execution: string;
	/** What is known of an item: accepted, sent without an understood answer, or nothing. */
	earlier(item: number, digest: string): Kept | 'doubt' | undefined;
	/** Call before sending: until an answer is understood, the item is in doubt. */
	sending(item: number, digest: string): void;
	/** It is certain that the item was not accepted. */
	notAccepted(item: number): void;
	/** Call before anything else is done or awaited. */
	accepted(item: number, digest: string, result: Result): void;
	/** Accepted in other runs of this execution (loops). */
	acceptedBefore(): number;
	/** A run that ends clean needs no memory of its items. */
	close(): void;
}

/**
 * @param context the node's context of this execution (`getContext('node')`)
 * @param run the run index: a loop's second round is another run
 */
export function openLedger(context: IDataObject, run: number, execution: string): Ledger {
	const book = (context.cancellations ??= { execution, runs: {} }) as unknown as Book;
	const mine = (book.runs[run] ??= { accepted: 0, entries: {} });
	return {
		execution: book.execution,
		earlier(item, digest) {
			const entry = mine.entries[item];
			return entry?.digest === digest ? (entry.kept ?? 'doubt') : undefined;
		},
		sending(item, digest) {
			mine.entries[item] = { digest };
		},
		notAccepted(item) {
			delete mine.entries[item];
		},
		accepted(item, digest, result) {
			const { outcome, effectiveAt, requestedAt, attempts, httpStatus, verified, goesOn } = result;
			const kept = { outcome, effectiveAt, requestedAt, attempts, httpStatus, verified, goesOn };
			if (mine.entries[item]?.kept === undefined) mine.accepted++;
			mine.entries[item] = { digest, kept };
		},
		acceptedBefore: () =>
			Object.values(book.runs).reduce((sum, { accepted }) => sum + accepted, -mine.accepted),
		close() {
			mine.entries = {};
		},
	};
}

/** A short digest (22 characters, URL-safe) of anything that is JSON. */
export function digestOf(...parts: unknown[]): string {
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}
