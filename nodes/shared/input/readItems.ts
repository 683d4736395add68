import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ParseContext } from '../contract/field';
import {
	findOperation,
	type Operation,
	type Provider,
	type ReadOperation,
} from '../contract/provider';
import { invalid, Refusal } from '../contract/refusal';
import { dryRun, limit, returnAll } from '../fields/panelProperties';
import { isEmail } from '../fields/string';
import { loadAccount, type Account } from '../http/account';
import { redact } from '../http/redact';
import type { ItemBase, ReadItem, SearchItem, WriteItem } from '../model/item';
import { refusalResult, type ItemHeader, type ItemOutput, type ItemResult } from '../model/result';
import type { ExecutionContext } from '../run/executionContext';
import { buildReadItem, buildSearchItem, buildWriteItem, isDryRun } from './buildItem';
import {
	parameterReader,
	parseFields,
	parseOptions,
	type ParameterReader,
	type TargetLookup,
} from './parameters';
import { typedHeader } from './typedHeader';

/** What is next for one input item. */
export type Step = { index: number } & (
	| { kind: 'refused'; result: ItemResult }
	| { kind: 'search'; item: SearchItem }
	| { kind: 'write'; item: WriteItem }
	| { kind: 'read'; item: ReadItem }
	| { kind: 'done'; output: ItemOutput }
);

/** Reads and checks all items before anything is sent. Never throws: what cannot be read is refused. */
export async function readItems(host: IExecuteFunctions, run: ExecutionContext): Promise<Step[]> {
	const reader = new ItemReader(host, run);
	const steps: Step[] = [];
	for (let index = 0; index < host.getInputData().length; index++) {
		steps.push(await reader.read(index));
	}
	return steps;
}

class ItemReader {
	private readonly parameter: ParameterReader;
	private readonly accounts = new Map<string, Promise<Account>>();

	constructor(
		private readonly host: IExecuteFunctions,
		private readonly run: ExecutionContext,
	) {
		this.parameter = parameterReader(host);
	}

	async read(index: number): Promise<Step> {
		const header: ItemHeader = {
			...{ operationName: '', target: '', email: null, reason: null },
			dryRun: false,
		};
		let secrets: string[] = [];
		try {
			const { operation, base, searchBy } = await this.readBase(index, header, (account) => {
				({ secrets } = account);
			});
			if (operation.effect === 'read') {
				const rows = this.rowLimit(operation, index);
				if (!searchBy) {
					return { kind: 'read', index, item: buildReadItem({ ...base, operation }, rows) };
				}
				const search = { ...base, operation };
				return { kind: 'search', index, item: buildSearchItem(search, searchBy, rows) };
			}
			const write = { ...base, operation };
			return searchBy
				? { kind: 'search', index, item: buildSearchItem(write, searchBy, undefined) }
				: { kind: 'write', index, item: buildWriteItem(write, this.run) };
		} catch (thrown) {
			const known = header.target === '' ? { ...header, ...this.typed(header, index) } : header;
			const result = refusalResult(known, toRefusal(thrown as Error));
			return { kind: 'refused', index, result: redact(result, secrets) };
		}
	}

	/** What can be told of an item whose fields or options could not be parsed. */
	private typed({ operationName }: ItemHeader, index: number): Partial<ItemHeader> {
		const { provider, agent } = this.run;
		const operation = findOperation(provider.operations, operationName);
		if (!operation) return {};
		const fields = { ...provider.nodeFields, ...operation.fields };
		const typed = typedHeader(this.parameter, operation, fields, index);
		return { ...typed, dryRun: operation.effect !== 'read' && (agent || this.isDry(index)) };
	}

	/** False where Dry Run is neither true nor false: such an item is refused. */
	private isDry(index: number): boolean {
		try {
			return dryRun.parse(this.parameter('dryRun', index, true), this.run.parseContext);
		} catch {
			return false;
		}
	}

	/** @param header filled in as far as the item could be read, for the message of what is refused */
	private async readBase(index: number, header: ItemHeader, onAccount: (account: Account) => void) {
		const { provider, parseContext } = this.run;
		header.operationName = String(this.parameter('operation', index, ''));
		const operation = operationOf(provider, header.operationName);
		const given = this.parameter('options', index, {}) as IDataObject;
		const options = parseOptions(given, operation, provider.rateLimits, {
			agent: this.run.agent,
			around: parseContext,
		});
		const fields = { ...provider.nodeFields, ...operation.fields };
		const { values, searchBy } = parseFields(this.parameter, fields, index, parseContext);
		operation.validate?.(values);
		if (operation.effect !== 'read') {
			const isDry = dryRun.parse(this.parameter('dryRun', index, true), parseContext);
			header.dryRun = isDryRun({ dryRun: isDry, options }, this.run.agent);
		}
		Object.assign(header, headerOf(operation, values, searchBy));
		const account = await this.account(operation.credential?.(values) ?? provider.credentials[0]);
		onAccount(account);
		const base: ItemBase = { index, provider, options, account, values, ...header };
		return { operation, base, searchBy };
	}

	private async account(type: string): Promise<Account> {
		const account = this.accounts.get(type) ?? loadAccount(this.host, this.run.provider, type);
		this.accounts.set(type, account);
		return await account;
	}

	/** Rows at most; undefined: all of them. */
	private rowLimit({ nextPage }: ReadOperation, index: number): number | undefined {
		const context: ParseContext = this.run.parseContext;
		if (!nextPage || returnAll.parse(this.parameter('returnAll', index, false), context)) {
			return undefined;
		}
		return limit.parse(this.parameter('limit', index, 50), context);
	}
}

/** What fields that could be parsed tell of an item. */
const headerOf = (
	operation: Operation,
	values: Record<string, unknown>,
	searchBy: TargetLookup | undefined,
) => ({
	target: searchBy?.value ?? operation.target(values),
	email: operation.email?.(values) ?? emailIn(searchBy?.value),
	customer: operation.customer?.(values),
	reason: (values.reason ?? values.comment ?? null) as string | null,
});

const emailIn = (lookedUp: string | undefined): string | null =>
	lookedUp !== undefined && isEmail(lookedUp) ? lookedUp : null;

/** What kept an item from being sent. */
const toRefusal = (thrown: Error): Refusal =>
	thrown instanceof Refusal
		? thrown
		: new Refusal('invalid', `The item could not be read: ${thrown.message.replace(/\.$/, '')}.`);

function operationOf({ operations }: Provider, name: string): Operation {
	const operation = findOperation(operations, name);
	if (operation) return operation;
	const known = Object.values(operations).map((one) => one.name);
	throw invalid(
		`The operation "${name}" is not one of this node's.`,
		`Choose one of: ${known.join(', ')}; for any other call use the HTTP Request node.`,
	);
}
