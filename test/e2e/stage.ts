import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { formCredentials } from '../../host/formCredentials';
import {
	type CredentialFile,
	type Execution,
	executeWorkflow,
	importCredentials,
	importWorkflows,
	itemsOf,
	type WorkflowFile,
} from '../../host/n8n';
import { type Owner, ownerOf } from '../../host/owner';
import { cacheFolder } from '../../host/paths';
import { sandboxCredentials } from '../../host/sandboxCredentials';
import { type RunningN8n, startN8n } from '../../host/server';
import { type Sandbox, startSandbox } from '../../sandbox/server';

/** The home that every test file starts from. */
export const templateFolder = path.join(cacheFolder, 'n8n', 'e2e-template');

/** An n8n home and a sandbox, made for each other. */
export interface Stage {
	userFolder: string;
	/** Who may sign in, and fill in forms. */
	owner: Owner;
	sandbox: Sandbox;
	/** Imports a workflow and runs it from the command line. */
	run(workflow: WorkflowFile): Promise<Execution>;
	/** Starts n8n as a server; it is ended with the stage. */
	serve(env?: NodeJS.ProcessEnv): Promise<RunningN8n>;
	close(): Promise<void>;
}

/** @param change makes other credentials of the sandbox's own */
export async function stage(
	name: string,
	change: (credential: CredentialFile) => CredentialFile = (credential) => credential,
): Promise<Stage> {
	const userFolder = path.join(cacheFolder, 'n8n', `e2e-${name}`);
	rmSync(userFolder, { recursive: true, force: true });
	cpSync(templateFolder, userFolder, { recursive: true, verbatimSymlinks: true });
	const sandbox = await startSandbox();
	const servers: RunningN8n[] = [];
	const owner = ownerOf(userFolder);
	const accounts = sandboxCredentials(sandbox.url).map(change);
	await importCredentials(userFolder, [...accounts, ...formCredentials(owner)]);
	return {
		userFolder,
		owner,
		sandbox,
		async run(workflow) {
			await importWorkflows(userFolder, [workflow]);
			return await executeWorkflow(userFolder, workflow.id);
		},
		async serve(env) {
			const n8n = await startN8n({ userFolder, env });
			servers.push(n8n);
			return n8n;
		},
		async close() {
			for (const n8n of servers) await n8n.stop();
			await sandbox.close();
		},
	};
}

/** How a node of this package is set up in a test. */
export interface Setup {
	/** Node options, as under `options` in the editor. */
	options?: IDataObject;
	/** Beside, or in place of, those that the workflow has anyway. */
	parameters?: IDataObject;
	/** Default: the error output. */
	onError?: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';
	/** Tries of n8n's own Retry On Fail; without it that is off. */
	retryOnFail?: number;
}

/** The names of the nodes in `cancelling`. */
export const names = { trigger: 'Start', list: 'List', node: 'Cancel' };

/** The credential of the sandbox's account. */
const accounts = {
	funnelFox: { funnelFoxApi: { id: 'rehearsalFunnelFox', name: 'FunnelFox sandbox' } },
	firstPromoter: {
		firstPromoterApi: { id: 'rehearsalFirstPromoter', name: 'FirstPromoter sandbox' },
	},
	reditus: { reditusApi: { id: 'rehearsalReditus', name: 'Reditus sandbox' } },
	smokeball: { smokeballApi: { id: 'rehearsalSmokeball', name: 'Smokeball sandbox' } },
};

/** n8n's own Retry On Fail, in so many tries. */
export const retrying = (maxTries?: number) =>
	maxTries === undefined ? {} : { retryOnFail: true, maxTries, waitBetweenTries: 100 };

/** One of this package's nodes, on the sandbox's account, by the name `Cancel`. */
export function ours(provider: keyof typeof accounts, parameters: IDataObject, setup: Setup = {}) {
	const { options = {}, onError = 'continueErrorOutput', retryOnFail } = setup;
	return {
		...node(names.node, `n8n-nodes-cancellations.${provider}`, 1, {
			additionalFields: {},
			dryRun: false,
			options,
			...parameters,
			...setup.parameters,
		}),
		onError,
		...retrying(retryOnFail),
		credentials: accounts[provider],
	};
}

/** The FunnelFox node that cancels what an expression finds in its item. */
export const foxCancelling = (value: string, setup: Setup = {}) =>
	ours(
		'funnelFox',
		{
			resource: 'subscription',
			operation: 'cancel',
			subscriptionId: { __rl: true, mode: 'id', value },
		},
		setup,
	);

/** A workflow in which these nodes follow one another. */
export function inLine(id: string, nodes: Array<Record<string, unknown>>): WorkflowFile {
	const chain = nodes.map(({ name }) => String(name));
	return {
		id,
		name: id,
		nodes,
		connections: Object.fromEntries(
			chain
				.slice(0, -1)
				.map((name, index) => [
					name,
					{ main: [[{ node: chain[index + 1], type: 'main', index: 0 }]] },
				]),
		),
		settings: { executionOrder: 'v1' },
		active: false,
	};
}

/** The nodes that begin a workflow by hand and hand out these items. */
export function listing(items: IDataObject[]) {
	const json = JSON.stringify({ events: items });
	return [
		node(names.trigger, 'n8n-nodes-base.manualTrigger', 1, {}),
		node('Data', 'n8n-nodes-base.set', 3.4, { mode: 'raw', jsonOutput: json, options: {} }),
		node(names.list, 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'events', options: {} }),
	];
}

/** A workflow that cancels a list of FunnelFox subscriptions. */
export const cancelling = (ids: string[], setup: Setup = {}): WorkflowFile =>
	inLine('cancelling', [
		...listing(ids.map((id) => ({ id }))),
		foxCancelling('={{ $json.id }}', setup),
	]);

/** When a webhook is answered: at once, or when all is done. */
export type Answers = 'onReceived' | 'lastNode';

/** A workflow in which a webhook's body goes to a node, or several in line, an execution each. */
export const hooked = (
	path: string,
	behind: Array<Record<string, unknown>>,
	responseMode: Answers = 'onReceived',
): WorkflowFile =>
	inLine(path, [
		{
			...node('Hook', 'n8n-nodes-base.webhook', 2, {
				httpMethod: 'POST',
				path,
				responseMode,
				options: {},
			}),
			webhookId: path,
		},
		...behind,
	]);

/** A workflow that cancels the FunnelFox subscription that a webhook names. */
export const onWebhook = (path: string, answers?: Answers): WorkflowFile =>
	hooked(
		path,
		[
			foxCancelling('={{ $json.body.id }}', {
				options: { requestsPerMinute: 1200 },
				onError: 'stopWorkflow',
			}),
		],
		answers,
	);

/** Twenty subscriptions, and the workflow that stops at the one whose cancellation is refused. */
export function stopping(sandbox: Sandbox, prefix: string, setup: Setup = {}) {
	sandbox.seed({ bulk: { provider: 'funnelfox', count: 20, prefix } });
	const ids = bulkIds(prefix, 20);
	const target = ids[11];
	sandbox.fault({ provider: 'funnelfox', kind: 'badGateway', target, times: 0 });
	const options = { maxAttempts: 1, maxConcurrency: 2 };
	return { ids, target, workflow: cancelling(ids, { ...setup, options, onError: 'stopWorkflow' }) };
}

/** A node of n8n's own. */
export function node(name: string, type: string, typeVersion: number, parameters: IDataObject) {
	return { id: name, name, type, typeVersion, position: [0, 0], parameters };
}

/** `sub_x_00001` and so on: the subscriptions that a bulk seed with this prefix makes. */
export function bulkIds(prefix: string, count: number): string[] {
	return Array.from(
		{ length: count },
		(_, index) => `sub_${prefix}_${String(index + 1).padStart(5, '0')}`,
	);
}

/** How often each subscription was really cancelled, by id. */
export function acceptedPerTarget(sandbox: Sandbox): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { record } of sandbox.journal('funnelFox')) counts[record] = (counts[record] ?? 0) + 1;
	return counts;
}

/** How often a cancellation was sent for each id, accepted or not; those met by a 429 left out. */
export function sentPerTarget(sandbox: Sandbox): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { effect, target, status } of sandbox.requests('funnelFox')) {
		if (effect !== 'write' || target === undefined || status === 429) continue;
		counts[target] = (counts[target] ?? 0) + 1;
	}
	return counts;
}

/** Each of these ids once: what the two counts above should come to. */
export function once(ids: string[]): Record<string, number> {
	return Object.fromEntries(ids.map((id) => [id, 1]));
}

/** What the cancelling node said on its success output. */
export function successes(execution: Execution): IDataObject[] {
	return itemsOf(execution, names.node, 0).map(({ json }) => json);
}

/** What it said on its error output. */
export function failures(execution: Execution): Array<{ message: string; error: IDataObject }> {
	return itemsOf(execution, names.node, 1).map(
		({ json }) => json as unknown as { message: string; error: IDataObject },
	);
}
