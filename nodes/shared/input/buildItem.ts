import type { ApiRequest } from '../contract/http';
import type { Operation, ReadOperation, WriteOperation } from '../contract/provider';
import { invalid } from '../contract/refusal';
import type { Account } from '../http/account';
import {
	canonicalTarget,
	shortHash,
	toKey,
	type Found,
	type ItemBase,
	type ReadItem,
	type SearchItem,
	type WriteItem,
} from '../model/item';
import type { ExecutionContext } from '../run/executionContext';

type Situation = Pick<ExecutionContext, 'ledger' | 'nodeId' | 'agent' | 'mayBeReplay'>;

/** A write on a target whose ID is known. */
export function buildWriteItem(
	base: ItemBase & { operation: WriteOperation },
	{ ledger, nodeId, agent, mayBeReplay }: Situation,
): WriteItem {
	const { account, provider, operationName, operation, values } = base;
	const target = operation.target(values);
	// Not of the credential: after its key was rotated, a retry must find what it has sent.
	const subject = [provider.name, account.baseUrl, operationName];
	const variant = operation.variant?.(values) ?? null;
	const identity = shortHash(...subject, canonicalTarget({ operation, values, target }), variant);
	const idempotencyKey = toKey(ledger.execution, nodeId, identity, ledger.acceptances(identity));
	const request = operation.request(values, idempotencyKey);
	rejectHeaderClash(request, account);
	return {
		...base,
		kind: 'write',
		target,
		identity,
		accountHash: shortHash(account.key).slice(0, 8),
		requestHash: shortHash(identity, operation.requestedEnd?.(values) ?? null),
		digest: shortHash(account.key, provider.name, operationName, values),
		dryRun: isDryRun(base, agent),
		agent,
		mayBeReplay,
		hasRecord: operation.recordQuery(values, { email: false }).kind !== 'unreadable',
		idempotencyKey,
		request,
	};
}

/** Without a plan token an AI agent gets a dry run, and so does every caller where the user says so. */
export const isDryRun = (
	{ dryRun, options }: Pick<ItemBase, 'dryRun' | 'options'>,
	agent: boolean,
) => dryRun || (options.planToken === undefined && (agent || options.requirePlanToken));

/** Of two headers with one name the API would get either. @throws Refusal */
function rejectHeaderClash({ headers = {} }: ApiRequest, { ownHeaders }: Account): void {
	const clash = Object.keys(headers).find((name) => ownHeaders.includes(name.toLowerCase()));
	if (clash === undefined) return;
	throw invalid(
		`The header "${clash}" is set by the credential and by the node.`,
		'Use another name in the node, or remove it from the credential.',
	);
}

export const buildReadItem = (
	base: ItemBase & { operation: ReadOperation },
	limit: number | undefined,
): ReadItem => ({ ...base, kind: 'read', limit, request: base.operation.request(base.values) });

/** @param lookup the field that holds something to find the target by, and its value */
export function buildSearchItem(
	base: ItemBase & { operation: Operation },
	lookup: { field: string; mode: string; value: string },
	limit: number | undefined,
): SearchItem {
	const { field, mode, value } = lookup;
	const search = base.operation.searches?.[mode]?.(value, base.values);
	if (!search) throw new Error(`There is no search by ${mode}.`);
	return { ...base, kind: 'search', by: value, field, search, limit };
}

/** What a search becomes with one of its candidates. */
function foundBase(search: SearchItem, found: Found): ItemBase {
	const { index, provider, operationName, options, account, by, field, ...more } = search;
	const { customer, reason, dryRun } = more;
	return {
		...{ index, provider, operationName, options, account, customer, reason, dryRun },
		values: { ...search.values, ...found.values, [field]: found.id },
		email: found.state.email ?? search.email,
		target: found.id,
		foundBy: by,
	};
}

/** The write on a candidate that a search has brought up. */
export function buildFoundWrite(
	search: SearchItem & { operation: WriteOperation },
	found: Found,
	situation: Situation,
): WriteItem {
	const { operation } = search;
	const item = buildWriteItem({ ...foundBase(search, found), operation }, situation);
	return { ...item, searched: { state: found.state, readAt: found.readAt } };
}
