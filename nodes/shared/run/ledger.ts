import type { IDataObject } from 'n8n-workflow';

import { now } from '../contract/clock';
import type { ItemResult } from '../model/result';

/** What is kept of an accepted item: enough to repeat its outcome, without the answer. */
export type AcceptedResult = Pick<
	ItemResult,
	| 'outcome'
	| 'effectiveAt'
	| 'requestedAt'
	| 'attempts'
	| 'httpStatus'
	| 'verified'
	| 'goesOn'
	| 'email'
>;

/** Absent `kept`: it was sent, and its answer was never understood. */
interface Entry {
	/** When the first try that is in doubt left, ms since 1970. */
	sentAt?: number;
	kept?: AcceptedResult;
	/** The record cannot be read, so that this memory is all there is. */
	blind?: true;
}

interface RunData {
	accepted: number;
	entries: Record<string, Entry>;
	/** It has come to its end; what it did is known by its records. */
	over?: true;
}

interface LedgerData {
	/** The execution that began this; a retry of a saved one goes on under the same id. */
	execution: string;
	/** Accepted in rounds that are no longer kept. */
	accepted: number;
	/** By run index: a loop's second round and an agent's second call are other runs. */
	rounds: Record<string, RunData>;
	/** Of rounds that are no longer kept: what was in doubt, and what only this memory tells. */
	past: Record<string, Entry>;
}

/** What is known of an item: in doubt, accepted in this round, or accepted in an earlier one. */
export type PriorState = 'doubt' | { kept: AcceptedResult; now: boolean };

interface HasIdentity {
	identity: string;
}

/**
 * What this execution has already got accepted or has in doubt, by identity. Lives in the node's
 * context, which survives Retry On Fail and is saved with a failed execution for its Retry button.
 */
export interface Ledger {
	/** The id under which this execution began. */
	execution: string;
	lookup(item: HasIdentity): PriorState | undefined;
	/** When the first try that is in doubt left, ms since 1970; undefined where none is. */
	sentAt(item: HasIdentity): number | undefined;
	/** Call right before a try leaves: until an answer is understood, the item is in doubt. */
	markSending(item: HasIdentity): void;
	/** It is certain that the item was not accepted. */
	clear(item: HasIdentity): void;
	/** Call before anything else is done or awaited. `blind`: nothing else will tell. */
	markAccepted(item: HasIdentity, result: ItemResult, blind: boolean): void;
	/** Accepted in other rounds of this execution, or in doubt there and none of these. */
	countEarlier(these: HasIdentity[]): number;
	/** The round is over; `clean`: nothing failed, so that no retry will ask for its items. */
	close(clean: boolean): void;
}

/**
 * @param context the node's context of this execution (`getContext('node')`)
 * @param run the run index
 */
export function openLedger(context: IDataObject, run: number, execution: string): Ledger {
	const book = (context.cancellations ??= {}) as unknown as LedgerData;
	// One that an older version of this package has saved lacks parts.
	book.execution ??= execution;
	book.accepted ??= 0;
	book.rounds ??= {};
	book.past ??= {};
	for (const [index, round] of Object.entries(book.rounds)) {
		if (round.over && Number(index) !== run) archive(book, index, round);
	}
	const mine = (book.rounds[run] ??= { accepted: 0, entries: {} });
	delete mine.over;
	const others = () => Object.values(book.rounds).filter((round) => round !== mine);
	return {
		execution: book.execution,
		lookup({ identity }) {
			const own = mine.entries[identity];
			if (own) return own.kept ? { kept: own.kept, now: true } : 'doubt';
			const elsewhere = [...others().map(({ entries }) => entries), book.past]
				.map((entries) => entries[identity])
				.filter(Boolean);
			if (elsewhere.some(({ kept }) => !kept)) return 'doubt';
			const kept = elsewhere.at(-1)?.kept;
			return kept && { kept, now: false };
		},
		sentAt({ identity }) {
			const all = [...Object.values(book.rounds).map(({ entries }) => entries), book.past];
			// Each of them was given the first one.
			return all.map((entries) => entries[identity]?.sentAt).find(Boolean);
		},
		markSending({ identity }) {
			mine.entries[identity] = { sentAt: this.sentAt({ identity }) ?? now() };
		},
		clear({ identity }) {
			for (const { entries } of Object.values(book.rounds)) delete entries[identity];
			delete book.past[identity];
		},
		markAccepted({ identity }, result, blind) {
			const { outcome, effectiveAt, requestedAt, attempts } = result;
			const { httpStatus, verified, goesOn, email } = result;
			const kept = { outcome, effectiveAt, requestedAt, attempts };
			const before = mine.entries[identity]?.kept;
			this.clear({ identity });
			if (result.accepted && !before) mine.accepted++;
			mine.entries[identity] = {
				kept: { ...kept, httpStatus, verified, goesOn, email },
				...(blind && { blind }),
			};
		},
		countEarlier(these) {
			const doubts = [...others().map(({ entries }) => entries), book.past].flatMap((entries) =>
				Object.keys(entries).filter((identity) => !entries[identity].kept),
			);
			const open = new Set(doubts);
			for (const { identity } of these) open.delete(identity);
			return others().reduce((sum, { accepted }) => sum + accepted, book.accepted + open.size);
		},
		close(clean) {
			mine.over = true;
			if (clean) mine.entries = stillNeeded(mine.entries);
		},
	};
}

/** Doubts, and what no record tells: all that later rounds need of an earlier one. */
const stillNeeded = (entries: RunData['entries']) =>
	Object.fromEntries(Object.entries(entries).filter(([, { kept, blind }]) => !kept || blind));

function archive(book: LedgerData, index: string, { accepted, entries }: RunData): void {
	book.accepted += accepted;
	Object.assign(book.past, stillNeeded(entries));
	delete book.rounds[index];
}
