import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ParseContext } from '../contract/field';
import type { Operation, Provider, ReadOperation } from '../contract/provider';
import { invalid, Refusal } from '../contract/refusal';
import * as common from '../fields/panelProperties';
import { loadAccount, type Account } from '../http/account';
import { redact } from '../http/redact';
import { type ItemBase, type WriteItem, type ReadItem, type SearchItem } from '../model/item';
import { isWrite, buildSearchItem, buildWriteItem } from './buildItem';
import type { Situation } from '../run/executionContext';
import { refusalResult, type ItemHeader, type ItemResult } from '../model/result';
import { parameterReader, parseOptions, parseFields } from './parameters';

/** One input item: refused already, or ready to be found, carried out or fetched. */
export type Step =
	| { index: number; refused: ItemResult }
	| { index: number; search: SearchItem }
	| { index: number; item: WriteItem }
	| { index: number; reading: ReadItem };

/** Reads and checks all items before anything is sent. Never throws: what cannot be read is refused. */
export async function readItems(
	host: IExecuteFunctions,
	provider: Provider,
	situation: Situation,
): Promise<Step[]> {
	const parameter = parameterReader(host);
	const accounts = new Map<string, Promise<Account>>();
	const open = async (type: string) => {
		const opened = accounts.get(type) ?? loadAccount(host, provider, type);
		accounts.set(type, opened);
		return await opened;
	};

	/** What an item becomes as soon as its target is known. */
	const becoming = (
		operation: Operation,
		index: number,
	): { dryRun: boolean; make: (about: ItemBase) => WriteItem | ReadItem } => {
		const { around } = situation;
		if (operation.effect === 'read') {
			const limit = limitOf(parameter, operation, index, around);
			const call = ({ values }: ItemBase) => operation.request(values as never);
			return {
				dryRun: false,
				make: (about) => ({ ...about, operation, limit, request: call(about) }),
			};
		}
		const dryRun = common.dryRun.parse(parameter('dryRun', index, true), around);
		const node = host.getNode().id;
		return {
			dryRun,
			make: (about) => buildWriteItem(about, { operation, dryRun, situation, node }),
		};
	};

	const one = async (index: number): Promise<Step> => {
		const known: ItemHeader = { operationName: '', target: '', email: null };
		let secrets: string[] = [];
		try {
			known.operationName = String(parameter('operation', index, ''));
			const operation = operationOf(provider, known.operationName);
			const given = parameter('options', index, {}) as IDataObject;
			const options = parseOptions(given, operation, provider.rateLimits, situation);
			const fields = { ...provider.nodeFields, ...operation.fields };
			const { values, lookup } = parseFields(parameter, fields, index, situation.around);
			known.target = lookup?.value ?? operation.target(values as never);
			known.email = operation.email?.(values as never) ?? null;
			const account = await open(
				operation.credential?.(values as never) ?? provider.credentials[0],
			);
			({ secrets } = account);
			const asked: ItemBase = { index, provider, options, account, values, ...known };
			const { dryRun, make } = becoming(operation, index);
			if (lookup) return { index, search: buildSearchItem(asked, operation, lookup, dryRun, make) };
			const made = make(asked);
			return isWrite(made) ? { index, item: made } : { index, reading: made };
		} catch (thrown) {
			return { index, refused: redact(refusalResult(known, toRefusal(thrown as Error)), secrets) };
		}
	};
	const all: Step[] = [];
	for (let index = 0; index < host.getInputData().length; index++) all.push(await one(index));
	return all;
}

/** What broke off an item before it was sent. */
const toRefusal = (thrown: Error): Refusal =>
	thrown instanceof Refusal
		? thrown
		: new Refusal('invalid', `The item could not be read: ${thrown.message.replace(/\.$/, '')}.`);

function operationOf({ operations }: Provider, name: string): Operation {
	const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
	if (operation) return operation;
	const known = Object.values(operations).map((one) => one.name);
	throw invalid(
		`The operation "${name}" is not one of this node's.`,
		`Choose one of: ${known.join(', ')}; for any other call use the HTTP Request node.`,
	);
}

function limitOf(
	parameter: ReturnType<typeof parameterReader>,
	{ nextPage }: ReadOperation,
	index: number,
	around: ParseContext,
): number | undefined {
	if (!nextPage || common.returnAll.parse(parameter('returnAll', index, false), around))
		return undefined;
	return common.limit.parse(parameter('limit', index, 50), around);
}
