import type { IDataObject } from 'n8n-workflow';
import { createHash } from 'crypto';

import type { Call } from '../contract/call';
import type { Provider, ReadOperation, Repeat, WriteOperation } from '../contract/provider';
import type { Find, State } from '../contract/verdict';
import type { Options } from '../fields/options';
import { isEmail } from '../fields/text';
import type { Account } from '../wire/account';
import type { Seen } from './seen';

/** What every item knows of itself as soon as it could be read. */
export interface Asked {
	/** Of the input item. */
	index: number;
	provider: Provider;
	/** The operation's value: `cancel`. */
	name: string;
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
export interface Item extends Asked {
	operation: WriteOperation;
	dryRun: boolean;
	/** Called by an AI agent. */
	agent: boolean;
	/** This execution may repeat an earlier one, whose ledger is not at hand. */
	repeated: boolean;
	/** Account, operation, target and wish: what the ledger, twins and the key go by. */
	identity: string;
	/** Of everything that was typed: what a plan token is bound to. */
	digest: string;
	call: Call;
	/** What the search that found it showed. */
	seen?: Seen;
	/** When it did, ms since 1970. */
	seenAt?: number;
}

/** A read, ready to be fetched. */
export interface Reading extends Asked {
	operation: ReadOperation;
	call: Call;
	/** Rows at most; undefined: all of them. */
	limit?: number;
}

/** The target is still to be found; `by` is what by. */
export interface Search extends Asked {
	operation: WriteOperation | ReadOperation;
	find: Find;
	by: string;
	dryRun: boolean;
	/** Known by its ID from now on, with what the search showed of it. */
	found(id: string, merged: IDataObject, seen: Seen): Item | Reading;
}

/** A short digest (22 characters, URL-safe) of anything that is JSON. */
export function digestOf(...parts: unknown[]): string {
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** Alike for all that may mean the same: two IDs in capitals and in small letters follow one another. */
export const sameTarget = (target: string) => target.trim().toLowerCase();
/** Where writes on this target follow one another. */
export const doorOf = ({ account, target }: Asked) => `${account.key} ${sameTarget(target)}`;
/** Alike for all that mean the same: an address in capitals is one, an ID in capitals may be another's. */
export const sameCustomer = (target: string) => (isEmail(target) ? sameTarget(target) : target);

const repeatFor = ({ operation: { repeat }, values }: Item): Repeat =>
	typeof repeat === 'function' ? repeat(values as never) : repeat;

/** It asks, and changes nothing: any try may be repeated, and nothing is remembered of it. */
export const onlyAsks = (item: Item) => repeatFor(item) === 'harmless';
/** The provider drops a second call with the same key. */
export const isDeduplicated = (item: Item) => repeatFor(item) === 'deduplicated';
/** Nothing that may be a repetition is sent. */
export const isNeverRepeated = (item: Item) => repeatFor(item) === 'never';
/** A record that has not changed means that nothing has happened. */
export const tellsAll = (item: Item, { lags }: State) => repeatFor(item) !== 'never' && !lags;
/** Nothing is left to do for this target. */
export const isDone = ({ operation }: Pick<Item | Search, 'operation'>, { active }: State) =>
	active === (operation.effect === 'restore');
