import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Surroundings } from '../contract/field';
import type { Operation, Provider, ReadOperation } from '../contract/provider';
import { invalid, Refusal } from '../contract/refusal';
import * as common from '../fields/common';
import { openAccount, type Account } from '../wire/account';
import { redact } from '../wire/secrets';
import { type Asked, type Item, type Reading, type Search } from './item';
import { isWrite, searchFor, writeOf, type Situation } from './make';
import { refusedResult, type RefusedItem, type Result } from './result';
import { parametersOf, typedOptions, typedValues } from './values';

/** One input item: refused already, or ready to be found, carried out or fetched. */
export type Ready =
	| { index: number; refused: Result }
	| { index: number; search: Search }
	| { index: number; item: Item }
	| { index: number; reading: Reading };

/** Reads and checks all items before anything is sent. Never throws: what cannot be read is refused. */
export async function intake(
	host: IExecuteFunctions,
	provider: Provider,
	situation: Situation,
): Promise<Ready[]> {
	const parameter = parametersOf(host);
	const accounts = new Map<string, Promise<Account>>();
	const open = async (type: string) => {
		const opened = accounts.get(type) ?? openAccount(host, provider, type);
		accounts.set(type, opened);
		return await opened;
	};

	/** What an item becomes as soon as its target is known. */
	const becoming = (
		operation: Operation,
		index: number,
	): { dryRun: boolean; make: (about: Asked) => Item | Reading } => {
		const { around } = situation;
		if (operation.effect === 'read') {
			const limit = limitOf(parameter, operation, index, around);
			const call = ({ values }: Asked) => operation.request(values as never);
			return {
				dryRun: false,
				make: (about) => ({ ...about, operation, limit, call: call(about) }),
			};
		}
		const dryRun = common.dryRun.parse(parameter('dryRun', index, true), around);
		const node = host.getNode().id;
		return { dryRun, make: (about) => writeOf(about, { operation, dryRun, situation, node }) };
	};

	const one = async (index: number): Promise<Ready> => {
		const known: RefusedItem = { name: '', target: '', email: null };
		let secrets: string[] = [];
		try {
			known.name = String(parameter('operation', index, ''));
			const operation = operationOf(provider, known.name);
			const given = parameter('options', index, {}) as IDataObject;
			const options = typedOptions(given, operation, provider.limits, situation);
			const fields = { ...provider.common, ...operation.fields };
			const { values, sought } = typedValues(parameter, fields, index, situation.around);
			known.target = sought?.value ?? operation.target(values as never);
			known.email = operation.email?.(values as never) ?? null;
			const account = await open(
				operation.credential?.(values as never) ?? provider.credentials[0],
			);
			({ secrets } = account);
			const asked: Asked = { index, provider, options, account, values, ...known };
			const { dryRun, make } = becoming(operation, index);
			if (sought) return { index, search: searchFor(asked, operation, sought, dryRun, make) };
			const made = make(asked);
			return isWrite(made) ? { index, item: made } : { index, reading: made };
		} catch (thrown) {
			return { index, refused: redact(refusedResult(known, asRefusal(thrown as Error)), secrets) };
		}
	};
	const all: Ready[] = [];
	for (let index = 0; index < host.getInputData().length; index++) all.push(await one(index));
	return all;
}

/** What broke off an item before it was sent. */
const asRefusal = (thrown: Error): Refusal =>
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
	parameter: ReturnType<typeof parametersOf>,
	{ next }: ReadOperation,
	index: number,
	around: Surroundings,
): number | undefined {
	if (!next || common.returnAll.parse(parameter('returnAll', index, false), around))
		return undefined;
	return common.limit.parse(parameter('limit', index, 50), around);
}
