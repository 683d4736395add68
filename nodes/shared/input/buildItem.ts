import { now } from '../contract/clock';
import type { Operation, WriteOperation } from '../contract/provider';
import {
	shortHash,
	canonicalTarget,
	type ItemBase,
	type WriteItem,
	type ReadItem,
	type SearchItem,
} from '../model/item';
import type { Situation } from '../run/executionContext';
import { stateOf } from '../model/recordReading';

export const isWrite = (made: WriteItem | ReadItem): made is WriteItem => 'identity' in made;

interface AboutWrite {
	operation: WriteOperation;
	dryRun: boolean;
	situation: Situation;
	node: string;
}

/** A write on a target whose ID is known. */
export function buildWriteItem(
	asked: ItemBase,
	{ operation, dryRun, situation, node }: AboutWrite,
): WriteItem {
	const { account, provider, operationName, values, options } = asked;
	const target = operation.target(values as never);
	const who = [account.key, provider.name, operationName];
	const wish = operation.variant?.(values as never) ?? null;
	const identity = shortHash(...who, canonicalTarget(target), wish);
	const unplanned = options.planToken === undefined;
	const { agent, repeated, ledger } = situation;
	const key = `n8n-${shortHash(ledger.execution, node, identity)}`;
	return {
		...asked,
		target,
		operation,
		identity,
		digest: shortHash(...who, values),
		dryRun: dryRun || (unplanned && (agent || options.requirePlanToken)),
		agent,
		mayBeReplay: repeated,
		request: operation.request(values as never, key),
	};
}

/** @param make what a target becomes as soon as its ID is known */
export function buildSearchItem(
	asked: ItemBase,
	operation: Operation,
	{ field, mode, value }: { field: string; mode: string; value: string },
	dryRun: boolean,
	make: (about: ItemBase) => WriteItem | ReadItem,
): SearchItem {
	return {
		...asked,
		operation,
		dryRun,
		by: value,
		find: operation.searches![mode](value, asked.values as never),
		found(id, merged, seen) {
			const values = { ...asked.values, ...merged, [field]: id };
			const email = stateOf(seen)?.email ?? asked.email;
			const made = make({ ...asked, values, email, target: id, foundBy: value });
			return isWrite(made) ? { ...made, record: seen, recordReadAt: now() } : made;
		},
	};
}
