import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Item, Options } from './carryOut';
import { email, flag, identifier, type Surroundings } from './fields';
import { digestOf, openLedger, type Ledger } from './ledger';
import { messageFor, Refusal, type Result } from './outcome';
import type { Cancelled } from './wire/pace';
import type { Operation, Provider } from './provider';
import type { Reading } from './reads';
import { openAccount, type Account, type Manner } from './request';
import { redact } from './secrets';

/** One input item: ready to be carried out or fetched, or refused already. */
export interface Ready {
	/** The operation's value and the target, as far as they could be read. */
	name: string;
	target: string;
	index: number;
	refused?: Result;
	account?: Account;
	options: Options;
	item?: Item;
	reading?: Reading;
	/** Equal for items that ask for the same in the same way. */
	twin?: string;
}

export interface Run {
	items: Ready[];
	ledger: Ledger;
	/** Items carried out at the same time. */
	lanes: number;
	manner(ready: Ready, account: Account): Manner;
	/** What is certain of an item after something broke off its way. */
	afterThrow(ready: Ready, thrown: Error): Result;
}

/** The values that a user may leave out. */
const defaults: Options = {
	alreadyCancelled: 'success',
	maxPerExecution: 100,
	maxConcurrency: 5,
	maxAttempts: 4,
	timeout: 30_000,
	includeResponse: true,
};

const bounds: Array<[keyof Options, string, number, number]> = [
	['maxPerExecution', 'Max per Execution', 0, Number.MAX_SAFE_INTEGER],
	['maxConcurrency', 'Max Concurrency', 1, 50],
	['maxAttempts', 'Max Attempts', 1, 10],
	['timeout', 'Timeout', 1, 3_600_000],
	['requestsPerMinute', 'Requests per Minute', 1, Number.MAX_SAFE_INTEGER],
];

/** Reads and checks all items before anything is sent. Never throws: what cannot be read is refused. */
export async function prepare(this: IExecuteFunctions, provider: Provider): Promise<Run> {
	const signal = this.getExecutionCancelSignal?.();
	const cancelled: Cancelled = new Promise((_, reject) => {
		const stop = () =>
			reject(new Refusal('refused', 'The execution was cancelled. Nothing more was sent.'));
		if (signal?.aborted) stop();
		signal?.addEventListener('abort', stop, { once: true });
	});
	cancelled.catch(() => {});

	const run = Number(this.evaluateExpression('{{ $runIndex }}', 0));
	const ledger = openLedger(contextOf(this), run, this.getExecutionId());
	const around: Surroundings = { timeZone: this.getTimezone(), now: new Date() };
	const accounts = new Map<string, Promise<Account>>();
	const inputs = this.getInputData();
	const agent = isAgent(this);

	const node = this.getNode();
	const parameter = reader(this);
	const repeated = this.getMode() === 'retry';

	const one = async (index: number): Promise<Ready> => {
		const ready: Ready = { name: '', target: '', index, options: defaults };
		try {
			ready.name = String(parameter('operation', index, ''));
			const operation = operationOf(provider, ready.name);
			ready.options = optionsOf(parameter('options', index, {}) as IDataObject, agent, around);
			const values = valuesOf(
				parameter,
				{ ...provider.common, ...operation.fields },
				index,
				around,
			);
			ready.target = operation.target(values as never);
			const type = operation.credential?.(values as never) ?? provider.credentials[0];
			const opened = accounts.get(type) ?? openAccount(this, provider, type);
			accounts.set(type, opened);
			const account = (ready.account = await opened);
			const digest = digestOf(account.key, provider.name, ready.name, values);
			const { name, target, options } = ready;
			if (operation.effect === 'read') {
				const all = !operation.next || parameter('returnAll', index, false) === true;
				const limit = all ? undefined : Number(parameter('limit', index, 50));
				const call = operation.request(values as never);
				return { ...ready, reading: { provider, name, operation, target, call, limit } };
			}
			const dryRun = wantsDryRun.parse(parameter('dryRun', index, false), around);
			const key = `n8n-${digestOf(ledger.execution, node.id, digest)}`;
			const item: Item = {
				index,
				provider,
				name,
				operation,
				values,
				options,
				target,
				digest,
				agent,
				dryRun: dryRun || (agent && !options.planToken),
				repeated,
				call: operation.request(values as never, key),
			};
			const { expectedEmail, expectedStatus, planToken } = options;
			const twin = digestOf(digest, item.dryRun, expectedEmail, expectedStatus, planToken);
			return { ...ready, item, twin };
		} catch (thrown) {
			return { ...ready, refused: refusal(ready, thrown as Error, ready.account?.secrets) };
		}
	};
	const items: Ready[] = [];
	for (let index = 0; index < inputs.length; index++) items.push(await one(index));
	refuseTooMany(items, ledger);

	const lanes = items.reduce((most, { options }) => Math.max(most, options.maxConcurrency), 1);
	return {
		items,
		ledger,
		lanes,
		manner: ({ options }, account) => ({
			host: this,
			account,
			cancelled,
			timeout: options.timeout,
			maxAttempts: options.maxAttempts,
			limits: {
				requestsPerMinute: options.requestsPerMinute ?? account.limits.requestsPerMinute,
				burst: account.limits.burst,
				concurrency: Math.min(options.maxConcurrency, account.limits.concurrency ?? 50),
			},
		}),
		afterThrow(ready, thrown) {
			const { item, account } = ready;
			const result = refusal(ready, thrown, account?.secrets);
			if (!item || ledger.earlier(item.index, item.digest) !== 'doubt') return result;
			return {
				...result,
				outcome: 'unknown',
				message: messageFor(item, 'unknown'),
				description: result.message,
			};
		},
	};
}

/** Reads a parameter for an item; one without an expression is the same for all of them and read once. */
function reader(host: IExecuteFunctions) {
	const written = host.getNode().parameters;
	const constant = new Map<string, unknown>();
	return (name: string, index: number, fallback?: unknown, extractValue = false): unknown => {
		if (constant.has(name)) return constant.get(name);
		const value = host.getNodeParameter(name, index, fallback, { extractValue });
		// n8n marks an expression by a leading "=", at any depth.
		if (!JSON.stringify(written[name] ?? '').includes('"=')) constant.set(name, value);
		return value;
	};
}

/** The node's memory of this execution; where the host keeps none, that of this call. */
function contextOf(host: IExecuteFunctions): IDataObject {
	try {
		return host.getContext('node');
	} catch {
		return {};
	}
}

/** Called as a tool: newer hosts say so; on older ones the twin that agents call is named so. */
const isAgent = (host: IExecuteFunctions) =>
	(typeof host.isToolExecution === 'function' && host.isToolExecution()) ||
	host.getNode().type.endsWith('Tool');

function operationOf(provider: Provider, name: string): Operation {
	const operation = Object.hasOwn(provider.operations, name)
		? provider.operations[name]
		: undefined;
	if (operation) return operation;
	const known = Object.values(provider.operations)
		.map((one) => one.name)
		.join(', ');
	throw new Refusal(
		'invalid',
		`The operation "${name}" is not one of this node's. Nothing was sent. Choose one of: ${known}; for any other call use the HTTP Request node.`,
	);
}

const wantsDryRun = flag({ displayName: 'Dry Run', type: 'boolean', default: false });

/** Guards that are switched on: one whose value is missing would guard nothing. */
const guards = {
	expectedEmail: email({ displayName: 'Expected Email', type: 'string', default: '' }),
	expectedStatus: identifier({ displayName: 'Expected Status', type: 'string', default: '' }),
	planToken: identifier({ displayName: 'Plan Token', type: 'string', default: '' }),
};

function optionsOf(given: IDataObject, agent: boolean, around: Surroundings): Options {
	const options = { ...defaults, ...given } as unknown as Record<string, unknown>;
	for (const [name, { parse }] of Object.entries(guards)) {
		// An agent that has no token yet leaves it empty, and gets a dry run.
		if (agent && name === 'planToken' && !/\S{5}/.test(String(given[name] ?? '')))
			delete options[name];
		else if (name in given) options[name] = parse(given[name], around);
	}
	for (const [name, label, least, most] of bounds) {
		const value = options[name];
		if (value === undefined) continue;
		options[name] = Number(value);
		if (
			value !== '' &&
			Number.isInteger(options[name]) &&
			Number(value) >= least &&
			Number(value) <= most
		)
			continue;
		throw new Refusal(
			'invalid',
			`${label} must be a whole number of ${least} or more, but it is "${String(value)}". Nothing was sent.`,
		);
	}
	return options as unknown as Options;
}

/** Reads what n8n shows for this operation, each with the item's index, and checks it. */
function valuesOf(
	parameter: ReturnType<typeof reader>,
	fields: Operation['fields'],
	index: number,
	around: Surroundings,
) {
	const groups: Record<string, IDataObject> = {};
	const values: Record<string, unknown> = {};
	for (const [name, { shown, group, when, onlyThere, parse }] of Object.entries(fields)) {
		const raw = (absent?: unknown) =>
			group
				? (groups[group] ??= parameter(group, index, {}) as IDataObject)[name]
				: parameter(name, index, absent, shown.type === 'resourceLocator');
		const against = Object.entries(when ?? {}).find(
			([other, allowed]) => !allowed.includes(String(values[other])),
		);
		if (!against) {
			values[name] = parse(raw(), around);
			continue;
		}
		const [other, allowed] = against;
		const stray = onlyThere ? String(raw('') ?? '').trim() : '';
		if (stray === '') continue;
		throw new Refusal(
			'invalid',
			`${shown.displayName} is "${stray.slice(0, 60)}", but ${fields[other].shown.displayName} is "${String(values[other])}". Nothing was sent. Leave ${shown.displayName} empty, or use ${allowed.join(' or ')}.`,
		);
	}
	return values;
}

/** A run that would go over the limit sends nothing at all. */
function refuseTooMany(items: Ready[], ledger: Ledger): void {
	const writes = items.filter(({ item }) => item && !item.dryRun);
	const limit = writes.reduce(
		(least, { options }) => Math.min(least, options.maxPerExecution || Infinity),
		Infinity,
	);
	const before = ledger.acceptedBefore();
	const agents = writes.length > 1 && writes.some(({ item }) => item?.agent);
	if (!agents && before + writes.length <= limit) return;
	const message = agents
		? `An AI agent carries out one item a call, but this call has ${writes.length}. Nothing was sent.`
		: `This run has ${writes.length} items to carry out${before > 0 ? `, after ${before} earlier in this execution` : ''}; the limit is ${limit}. Nothing of this run was sent. Check that all of them are meant, then raise Options > Max per Execution.`;
	for (const ready of writes) ready.refused = refusal(ready, new Refusal('refused', message));
}

function refusal({ name, target }: Ready, thrown: Error, secrets: string[] = []): Result {
	const outcome = thrown instanceof Refusal ? thrown.outcome : 'invalid';
	const text =
		thrown instanceof Refusal
			? thrown.message
			: `The item could not be read: ${thrown.message} Nothing was sent.`;
	const description = thrown instanceof Refusal ? thrown.description : undefined;
	return {
		outcome,
		operation: name,
		target,
		attempts: 0,
		message: redact(text, secrets),
		description: redact(description, secrets),
	};
}
