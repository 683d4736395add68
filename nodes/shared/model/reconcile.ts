/** What the answer to a write came to, where it is not believed without the record. */
export type ResponseClaim =
	/** It says that it was carried out, or that there was nothing left. */
	| 'done'
	/** It says no. */
	| 'no'
	/** No answer, a 5xx, or a 2xx that is no record of it. */
	| 'doubt';

/** What the record shows afterwards. */
export type RecordEvidence =
	/** Nothing is left to do for this target. */
	| 'done'
	/** Unchanged, and a change would show. */
	| 'open'
	/** Unchanged, but a change may show later. */
	| 'lags'
	| 'missing'
	| 'unread';

export type Reconciliation =
	/** It was carried out, as the record shows. */
	| 'verified'
	/** It was over before: there was nothing left to do. */
	| 'nothingLeft'
	/** The answer stands. */
	| 'asSaid'
	| 'notFound'
	| 'notCancellable'
	| 'unknown'
	/** Nothing has happened: the call may go out again, where tries are left. */
	| 'again';

interface Row {
	said: ResponseClaim;
	/** A try of this item was in doubt. */
	doubted: boolean;
	shown: RecordEvidence;
	settled: Reconciliation;
}

const rows = (
	said: ResponseClaim,
	doubted: boolean,
	by: Record<RecordEvidence, Reconciliation>,
): Row[] =>
	Object.entries(by).map(([shown, settled]) => ({
		said,
		doubted,
		shown: shown as RecordEvidence,
		settled,
	}));

/** Every case there is; docs/safety.md prints this table. */
export const table: Row[] = [
	...rows('doubt', true, {
		done: 'verified',
		open: 'again',
		lags: 'unknown',
		missing: 'notFound',
		unread: 'unknown',
	}),
	...rows('no', false, {
		done: 'nothingLeft',
		open: 'asSaid',
		lags: 'asSaid',
		missing: 'notFound',
		unread: 'asSaid',
	}),
	...rows('no', true, {
		done: 'verified',
		open: 'asSaid',
		lags: 'unknown',
		missing: 'notFound',
		unread: 'unknown',
	}),
	...rows('done', false, {
		done: 'nothingLeft',
		open: 'notCancellable',
		lags: 'notCancellable',
		missing: 'notFound',
		unread: 'asSaid',
	}),
	...rows('done', true, {
		done: 'verified',
		open: 'notCancellable',
		lags: 'unknown',
		missing: 'notFound',
		unread: 'unknown',
	}),
];

/**
 * What an answer and the record together come to. Pure.
 * @param doubted a try of this item was in doubt, this one included
 */
export function reconcile(
	said: ResponseClaim,
	doubted: boolean,
	shown: RecordEvidence,
): Reconciliation {
	const own = doubted || said === 'doubt';
	const row = table.find((one) => one.said === said && one.doubted === own && one.shown === shown);
	// The table names every case; a gap in it must not cancel anything twice.
	return row?.settled ?? 'unknown';
}
