import type { IDataObject } from 'n8n-workflow';

import { adoptDoubt, beginDoubt, laterDoubt, type Doubt } from '../model/doubt';
import type { WriteItem } from '../model/item';
import type { ItemResult } from '../model/result';

/** Columns that are kept of an item that is done, accepted or found done: enough to repeat its result. */
const settledColumns = [
	'outcome',
	'effectiveAt',
	'requestedAt',
	'attempts',
	'httpStatus',
	'verified',
	'planContinues',
	'description',
	'clause',
	'email',
] as const;
export type SettledResult = Pick<ItemResult, (typeof settledColumns)[number]>;

type Entry =
	/** A request was sent, and its result is not known. */
	| { kind: 'inDoubt'; doubt: Doubt }
	| {
			kind: 'settled';
			result: SettledResult;
			/** The account and the request that it was accepted for, hashed. */
			account: string;
			request: string;
			/** The record cannot be read, so that this entry is the only evidence. */
			onlyEvidence?: true;
	  };
type Entries = Record<string, Entry>;

/** One run of the node: a loop's second round and an agent's second call are other runs. */
interface RunData {
	accepted: number;
	entries: Entries;
	/** The run has ended; what it did is known by its records. */
	over?: true;
}

/** What n8n saves with the execution, by node; JSON. */
export interface LedgerData {
	/** The execution that began it; a retry of a saved one goes on under the same ID. */
	execution: string;
	/** Accepted in runs that are archived. */
	accepted: number;
	/** By run index. */
	runs: Record<string, RunData>;
	/** Of archived runs: what is in doubt, and what only the ledger tells. */
	archive: Entries;
	/** How often an identity with an idempotency key was accepted: its next request has another key. */
	acceptances: Record<string, number>;
}

/** What the ledger knows of an item before it is worked on. */
export type PriorState =
	| { kind: 'none' }
	| { kind: 'inDoubt'; doubt: Doubt }
	/** It was accepted with another credential, so nothing tells whether for the same account. */
	| { kind: 'settledElsewhere' }
	/**
	 * `sameRequest`: in this run, with the same requested end; `otherEnd`: in this run, with another one;
	 * `earlierRun`: in an earlier run of the execution.
	 */
	| {
			kind: 'settled';
			result: SettledResult;
			request: 'sameRequest' | 'otherEnd' | 'earlierRun';
	  };

type LedgerItem = Pick<WriteItem, 'identity' | 'requestHash' | 'accountHash'>;

/**
 * What this execution has settled or has in doubt, by identity. It lives in the node's context, which
 * survives Retry On Fail and is saved with a failed execution for its Retry button.
 *
 * Doubts stay until a clear response or the record ends them. Results stay while their run may be
 * retried: after a run in which nothing failed (`close`), only counts remain, and the results that no
 * record can tell (`onlyEvidence`).
 */
export class Ledger {
	private readonly data: LedgerData;
	private readonly current: RunData;

	/**
	 * @param context the node's context of this execution (`getContext('node')`)
	 * @param run the run index
	 */
	constructor(context: IDataObject, run: number, execution: string) {
		this.data = (context.cancellations ??= emptyLedger(execution)) as unknown as LedgerData;
		for (const [index, other] of Object.entries(this.data.runs)) {
			if (other.over && Number(index) !== run) this.archiveRun(index, other);
		}
		this.current = this.data.runs[run] ??= { accepted: 0, entries: {} };
		delete this.current.over;
		for (const entries of this.allEntries()) adoptDoubts(entries);
	}

	/** The ID under which this execution began. */
	get execution(): string {
		return this.data.execution;
	}

	/** How often the provider has accepted this identity in this execution. */
	acceptances(identity: string): number {
		return this.data.acceptances[identity] ?? 0;
	}

	lookup(item: LedgerItem): PriorState {
		const entries = this.allEntries().flatMap((all) => all[item.identity] ?? []);
		const doubt = this.doubtOf(item);
		if (doubt) return { kind: 'inDoubt', doubt };
		const own = this.current.entries[item.identity] ?? entries.at(-1);
		if (own?.kind !== 'settled') return { kind: 'none' };
		if (own.account !== item.accountHash) return { kind: 'settledElsewhere' };
		const { result } = own;
		if (own !== this.current.entries[item.identity]) {
			return { kind: 'settled', result, request: 'earlierRun' };
		}
		const isSame = own.request === item.requestHash;
		return { kind: 'settled', result, request: isSame ? 'sameRequest' : 'otherEnd' };
	}

	/** The doubt about this item; undefined where none is. */
	doubtOf({ identity }: Pick<LedgerItem, 'identity'>): Doubt | undefined {
		return this.allEntries()
			.map((all) => all[identity])
			.reduce<Doubt | undefined>(
				(doubt, entry) => (entry?.kind === 'inDoubt' ? laterDoubt(doubt, entry.doubt) : doubt),
				undefined,
			);
	}

	/**
	 * Call right before an attempt is sent: until a response is understood, the item is in doubt.
	 * @param timeout of the attempt, ms
	 */
	markSending(item: LedgerItem, timeout: number): Doubt {
		const doubt = beginDoubt(timeout, this.doubtOf(item));
		this.current.entries[item.identity] = { kind: 'inDoubt', doubt };
		return doubt;
	}

	/** It is certain that nothing of this item was accepted. */
	clear({ identity }: LedgerItem): void {
		for (const entries of this.allEntries()) delete entries[identity];
	}

	/**
	 * The item is done, because the provider accepted it or there was nothing to do. Call before anything
	 * else is done or awaited.
	 * @param evidence `onlyEvidence`: no record tells of it; `hasKey`: its request has an idempotency key
	 */
	markSettled(
		item: LedgerItem,
		result: ItemResult,
		{ onlyEvidence, hasKey }: { onlyEvidence: boolean; hasKey: boolean },
	): void {
		const before = this.current.entries[item.identity];
		this.clear(item);
		if (result.accepted && before?.kind !== 'settled') {
			this.current.accepted++;
			if (hasKey) this.data.acceptances[item.identity] = this.acceptances(item.identity) + 1;
		}
		this.current.entries[item.identity] = {
			kind: 'settled',
			result: toSettledResult(result),
			account: item.accountHash,
			request: item.requestHash,
			...(onlyEvidence && { onlyEvidence }),
		};
	}

	/** How many other items of this execution were accepted in other runs, or are in doubt there. */
	countEarlier(items: Array<Pick<LedgerItem, 'identity'>>): number {
		const others = Object.values(this.data.runs).filter((run) => run !== this.current);
		const own = new Set(items.map(({ identity }) => identity));
		const doubts = [...others.map(({ entries }) => entries), this.data.archive].flatMap((entries) =>
			Object.keys(entries).filter((identity) => entries[identity].kind === 'inDoubt'),
		);
		const inDoubt = new Set(doubts.filter((identity) => !own.has(identity)));
		return others.reduce((sum, { accepted }) => sum + accepted, this.data.accepted + inDoubt.size);
	}

	/**
	 * The run has ended.
	 * @param clean no item failed, is unknown or was skipped, so that no retry asks for its items
	 */
	close(clean: boolean): void {
		this.current.over = true;
		if (clean) this.current.entries = stillNeeded(this.current.entries);
	}

	private allEntries(): Entries[] {
		return [...Object.values(this.data.runs).map(({ entries }) => entries), this.data.archive];
	}

	private archiveRun(index: string, { accepted, entries }: RunData): void {
		this.data.accepted += accepted;
		Object.assign(this.data.archive, stillNeeded(entries));
		delete this.data.runs[index];
	}
}

const emptyLedger = (execution: string): IDataObject => ({
	execution,
	accepted: 0,
	runs: {},
	archive: {},
	acceptances: {},
});

export const toSettledResult = (result: ItemResult): SettledResult =>
	Object.fromEntries(settledColumns.map((column) => [column, result[column]])) as SettledResult;

/** Doubts, and what no record tells: all that later runs need of an earlier one. */
const stillNeeded = (entries: Entries): Entries =>
	Object.fromEntries(
		Object.entries(entries).filter(
			([, entry]) => entry.kind === 'inDoubt' || entry.onlyEvidence === true,
		),
	);

function adoptDoubts(entries: Entries): void {
	for (const [identity, entry] of Object.entries(entries)) {
		if (entry.kind === 'inDoubt') {
			entries[identity] = { kind: 'inDoubt', doubt: adoptDoubt(entry.doubt) };
		}
	}
}
