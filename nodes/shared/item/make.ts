import type { Surroundings } from '../contract/field';
import type { Operation, WriteOperation } from '../contract/provider';
import { digestOf, sameCustomer, type Asked, type Item, type Reading, type Search } from './item';
import type { Ledger } from './ledger';
import { stateOf } from './seen';

/** What an execution is, as far as its items need to know. */
export interface Situation {
	ledger: Ledger;
	/** Called by an AI agent. */
	agent: boolean;
	/** It may repeat an earlier execution. */
	repeated: boolean;
	around: Surroundings;
}

export const isWrite = (made: Item | Reading): made is Item => 'identity' in made;

interface AboutWrite {
	operation: WriteOperation;
	dryRun: boolean;
	situation: Situation;
	node: string;
}

/** A write on a target whose ID is known. */
export function writeOf(asked: Asked, { operation, dryRun, situation, node }: AboutWrite): Item {
	const { account, provider, name, values, options } = asked;
	const target = operation.target(values as never);
	const who = [account.key, provider.name, name];
	const wish = operation.wish?.(values as never) ?? null;
	const identity = digestOf(...who, sameCustomer(target), wish);
	const unplanned = options.planToken === undefined;
	const { agent, repeated, ledger } = situation;
	const key = `n8n-${digestOf(ledger.execution, node, identity)}`;
	return {
		...asked,
		target,
		operation,
		identity,
		digest: digestOf(...who, values),
		dryRun: dryRun || (unplanned && (agent || options.requirePlanToken)),
		agent,
		repeated,
		call: operation.request(values as never, key),
	};
}

/** @param make what a target becomes as soon as its ID is known */
export function searchFor(
	asked: Asked,
	operation: Operation,
	{ field, mode, value }: { field: string; mode: string; value: string },
	dryRun: boolean,
	make: (about: Asked) => Item | Reading,
): Search {
	return {
		...asked,
		operation,
		dryRun,
		by: value,
		find: operation.find![mode](value, asked.values as never),
		found(id, merged, seen) {
			const values = { ...asked.values, ...merged, [field]: id };
			const email = stateOf(seen)?.email ?? asked.email;
			const made = make({ ...asked, values, email, target: id, foundBy: value });
			return isWrite(made) ? { ...made, seen, seenAt: Date.now() } : made;
		},
	};
}
