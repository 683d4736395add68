import { createHash } from 'crypto';

import type { ApiRequest } from '../contract/http';
import type { Provider, ReadOperation, RetrySafety, WriteOperation } from '../contract/provider';
import type { Candidate, RecordState, TargetSearch } from '../contract/record';
import type { Options } from '../fields/options';
import type { Account } from '../http/account';

/** What every item knows of itself as soon as its parameters are read. */
export interface ItemBase {
	/** Of the input item. */
	index: number;
	provider: Provider;
	/** The operation's value: `cancel`. */
	operationName: string;
	/** What is addressed, as text. */
	target: string;
	/** What the target was found by, where that is not its ID. */
	foundBy?: string;
	/** Another name of the customer, as far as the fields know it. */
	customer?: string;
	/** The customer's e-mail address, as far as the fields or the lookup know it. */
	email: string | null;
	/** The customer's reason, where the operation has one. */
	reason: string | null;
	/** Nothing is sent that changes anything; false for reads. */
	dryRun: boolean;
	options: Options;
	account: Account;
	values: Record<string, unknown>;
}

/** A write, ready to be carried out: everything that could be refused without a request has been. */
export interface WriteItem extends ItemBase {
	kind: 'write';
	operation: WriteOperation;
	/** Called by an AI agent. */
	agent: boolean;
	/** This execution may repeat an earlier one, whose ledger is not at hand. */
	mayBeReplay: boolean;
	/** The provider has a record of the target that can be read; without one only the ledger tells of a write. */
	hasRecord: boolean;
	/** Of provider, base URL, operation, target and variant: what the ledger and the idempotency key go by. */
	identity: string;
	/** Of the account: an entry of the ledger made with another credential is no evidence. */
	accountHash: string;
	/** Of identity and requested end: what duplicates go by. */
	requestHash: string;
	/** Of all parameters: what a plan token goes by. */
	digest: string;
	/** The same for all attempts and re-runs of this request. */
	idempotencyKey: string;
	request: ApiRequest;
	/** The record that the search showed; `readAt`: monotonic ms, before the search was sent. */
	searched?: { state: RecordState; readAt: number };
}

/** A read, ready to be fetched. */
export interface ReadItem extends ItemBase {
	kind: 'read';
	operation: ReadOperation;
	request: ApiRequest;
	/** Rows at most; undefined: all of them. */
	limit?: number;
}

/** The target is still to be found; `by` is what it is searched by. */
export interface SearchItem extends ItemBase {
	kind: 'search';
	operation: WriteOperation | ReadOperation;
	search: TargetSearch;
	by: string;
	/** The field that takes the ID that is found. */
	field: string;
	/** Rows at most, of a read. */
	limit?: number;
}

/** A candidate of a search, with when the search was sent, monotonic ms. */
export interface Found extends Candidate {
	readAt: number;
}

/** A short hash (22 characters, URL-safe) of anything that is JSON. */
export function shortHash(...parts: unknown[]): string {
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** An idempotency key: 26 characters. */
export const toKey = (...parts: unknown[]): string => `n8n-${shortHash(...parts)}`;

const foldCase = (text: string) => text.trim().toLowerCase();

/**
 * Where writes on this target follow one another. Without regard to capitals: two IDs that differ
 * in capitals wait for each other, and what is known of one is not said of the other.
 */
export const lockKey = ({ account, target }: ItemBase) => `${account.key} ${foldCase(target)}`;

/** Where writes on this record follow one another, by whatever its target is addressed. */
export const recordLockKey = ({ account }: ItemBase, recordId: string) =>
	`${account.key} record ${recordId}`;

/** Equal for all spellings of one target: capitals count in an ID, and not in an e-mail address. */
export function canonicalTarget({ operation, values, target }: WriteItemParts): string {
	return operation.email?.(values) === target ? foldCase(target) : target;
}
type WriteItemParts = Pick<WriteItem, 'operation' | 'values' | 'target'>;

const retrySafetyOf = ({ operation: { retrySafety }, values }: WriteItem): RetrySafety =>
	typeof retrySafety === 'function' ? retrySafety(values) : retrySafety;

/** The request changes nothing: any attempt may be repeated, and the ledger does not hold it. */
export const changesNothing = (item: WriteItem) => retrySafetyOf(item) === 'safe';
/** The provider drops a second request with the same idempotency key. */
export const isDeduplicated = (item: WriteItem) => retrySafetyOf(item) === 'deduplicated';
/** Nothing that may be a repetition is sent. */
export const isNeverRetried = (item: WriteItem) => retrySafetyOf(item) === 'never';
/** A record that has not changed means that nothing has happened. */
export const unchangedMeansNothingHappened = (
	item: WriteItem,
	{ eventuallyConsistent }: RecordState,
) => retrySafetyOf(item) !== 'never' && !eventuallyConsistent;

/**
 * The request, in the spelling under which the record is known.
 * @param usedKeys idempotency keys of the item that are used up
 */
export function requestFor(
	{ operation, values, idempotencyKey, request }: WriteItem,
	state: RecordState | undefined,
	usedKeys = 0,
): ApiRequest {
	const known = state?.values;
	if (!known && usedKeys === 0) return request;
	const key = usedKeys === 0 ? idempotencyKey : toKey(idempotencyKey, usedKeys);
	return operation.request({ ...values, ...known }, key);
}

/** Nothing is left to do for this target. */
export const isDone = (
	{ operation }: Pick<WriteItem | SearchItem, 'operation'>,
	{ phase }: RecordState,
) => (operation.effect === 'restore' ? phase === 'active' : phase !== 'active');
