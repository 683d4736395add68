import type { IDataObject } from 'n8n-workflow';
import { createHash } from 'crypto';

import type { ApiRequest } from '../contract/http';
import type { Provider, ReadOperation, RetrySafety, WriteOperation } from '../contract/provider';
import type { TargetSearch, RecordState } from '../contract/verdict';
import type { Options } from '../fields/options';
import { isEmail } from '../fields/string';
import type { Account } from '../http/account';
import type { RecordReading } from './recordReading';

/** What every item knows of itself as soon as it could be read. */
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
	/** The customer's e-mail address, as far as the fields know it. */
	email: string | null;
	options: Options;
	account: Account;
	values: Record<string, unknown>;
}

/** A write, ready to be carried out: everything that could be refused without a look has been. */
export interface WriteItem extends ItemBase {
	operation: WriteOperation;
	dryRun: boolean;
	/** Called by an AI agent. */
	agent: boolean;
	/** This execution may repeat an earlier one, whose ledger is not at hand. */
	mayBeReplay: boolean;
	/** Account, operation, target and wish: what the ledger, twins and the key go by. */
	identity: string;
	/** Of everything that was typed: what a plan token is bound to. */
	digest: string;
	request: ApiRequest;
	/** What the search that found it showed. */
	record?: RecordReading;
	/** When it did, ms since 1970. */
	recordReadAt?: number;
}

/** A read, ready to be fetched. */
export interface ReadItem extends ItemBase {
	operation: ReadOperation;
	request: ApiRequest;
	/** Rows at most; undefined: all of them. */
	limit?: number;
}

/** The target is still to be found; `by` is what by. */
export interface SearchItem extends ItemBase {
	operation: WriteOperation | ReadOperation;
	find: TargetSearch;
	by: string;
	dryRun: boolean;
	/** Known by its ID from now on, with what the search showed of it. */
	found(id: string, merged: IDataObject, seen: RecordReading): WriteItem | ReadItem;
}

/** A short digest (22 characters, URL-safe) of anything that is JSON. */
export function shortHash(...parts: unknown[]): string {
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** Alike for all that may mean the same: two IDs in capitals and in small letters follow one another. */
export const foldCase = (target: string) => target.trim().toLowerCase();
/** Where writes on this target follow one another. */
export const lockKey = ({ account, target }: ItemBase) => `${account.key} ${foldCase(target)}`;
/** Alike for all that mean the same: an address in capitals is one, an ID in capitals may be another's. */
export const canonicalTarget = (target: string) => (isEmail(target) ? foldCase(target) : target);

const retrySafetyOf = ({ operation: { retrySafety }, values }: WriteItem): RetrySafety =>
	typeof retrySafety === 'function' ? retrySafety(values as never) : retrySafety;

/** It asks, and changes nothing: any try may be repeated, and nothing is remembered of it. */
export const isSafe = (item: WriteItem) => retrySafetyOf(item) === 'harmless';
/** The provider drops a second call with the same key. */
export const isIdempotent = (item: WriteItem) => retrySafetyOf(item) === 'deduplicated';
/** Nothing that may be a repetition is sent. */
export const isNeverRetried = (item: WriteItem) => retrySafetyOf(item) === 'never';
/** A record that has not changed means that nothing has happened. */
export const recordIsConclusive = (item: WriteItem, { eventuallyConsistent }: RecordState) =>
	retrySafetyOf(item) !== 'never' && !eventuallyConsistent;
/** Nothing is left to do for this target. */
export const isDone = (
	{ operation }: Pick<WriteItem | SearchItem, 'operation'>,
	{ active }: RecordState,
) => active === (operation.effect === 'restore');
