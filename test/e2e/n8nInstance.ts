import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import {
	type Execution,
	executeWorkflow,
	importWorkflows,
	itemsOf,
	type WorkflowFile,
} from '../../host/n8n';
import { type Owner, ownerOf } from '../../host/owner';
import { cacheFolder } from '../../host/paths';
import { sampleId as chargebeeId } from '../../sandbox/providers/chargebee/ids';
import { sampleId as paddleId } from '../../sandbox/providers/paddle/ids';
import { sampleId as recurlyId } from '../../sandbox/providers/recurly/ids';
import { sampleId as stripeId } from '../../sandbox/providers/stripe/ids';
import { type N8nSession, openSession, type RunningN8n, startN8n } from '../../host/server';
import { type Sandbox, startSandbox } from '../../sandbox/server';
import { described } from '../providers/httpCancellation/facts';
import { places, sharedFolder, templateFolder } from './places';

/** An n8n home with the credentials of its own sandbox. */
export interface N8nInstance {
	userFolder: string;
	/** The owner, who can sign in and fill in forms. */
	owner: Owner;
	sandbox: Sandbox;
	/** Imports a workflow and runs it from the command line. */
	run(workflow: WorkflowFile): Promise<Execution>;
	/** Starts n8n as a server; `close` stops it. */
	serve(env?: NodeJS.ProcessEnv): Promise<RunningN8n>;
	close(): Promise<void>;
}

/** @param shared the sandbox of another instance, which uses the same accounts */
export async function openInstance(name: string, shared?: Sandbox): Promise<N8nInstance> {
	const userFolder = path.join(cacheFolder, 'n8n', `e2e-${name}`);
	rmSync(userFolder, { recursive: true, force: true });
	cpSync(templateFolder, userFolder, { recursive: true, verbatimSymlinks: true });
	const sandbox = shared ?? (await startSandbox({ port: places.sandboxPort }));
	const servers: RunningN8n[] = [];
	return {
		userFolder,
		owner: ownerOf(userFolder),
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
			if (!shared) await sandbox.close();
		},
	};
}

/** The n8n that several test files use, with the credentials of this file's sandbox. */
export interface SharedN8n {
	n8n: N8nSession;
	owner: Owner;
	sandbox: Sandbox;
	/** Ends the sandbox. */
	close(): Promise<void>;
}

export async function openShared(): Promise<SharedN8n> {
	const sandbox = await startSandbox({ port: places.sandboxPort });
	const n8n = await openSession(places.sharedN8n, sharedFolder);
	return { n8n, owner: ownerOf(sharedFolder), sandbox, close: async () => await sandbox.close() };
}

/** Runs a copy of a workflow that begins with `itemListNodes`. */
export const ranIn = async (n8n: N8nSession, workflow: WorkflowFile): Promise<Execution> =>
	await n8n.finished(await n8n.run(await n8n.createWorkflow(workflow), nodeNames.trigger));

/** Saves workflows in a running n8n, which takes less time than an import, and notes the IDs that it gives them. */
export async function saveAll(n8n: N8nSession, workflows: WorkflowFile[]): Promise<void> {
	for (const workflow of workflows) workflow.id = await n8n.createWorkflow(workflow);
}

/** Settings of a node of this package. */
export interface NodeSetup {
	/** Node options, as under `options` in the editor. */
	options?: IDataObject;
	/** Parameters that complete or replace those of the workflow. */
	parameters?: IDataObject;
	/** Default: the error output. */
	onError?: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';
	/** Attempts of n8n's Retry On Fail. Default: off. */
	retryOnFail?: number;
}

/** The names of the nodes in `cancelling`. */
export const nodeNames = { trigger: 'Start', list: 'List', node: 'Cancel' };

/** The credential of the sandbox's account. */
const accounts = {
	funnelFox: { funnelFoxApi: { id: 'rehearsalFunnelFox', name: 'FunnelFox sandbox' } },
	firstPromoter: {
		firstPromoterApi: { id: 'rehearsalFirstPromoter', name: 'FirstPromoter sandbox' },
	},
	reditus: { reditusApi: { id: 'rehearsalReditus', name: 'Reditus sandbox' } },
	smokeball: { smokeballApi: { id: 'rehearsalSmokeball', name: 'Smokeball sandbox' } },
	stripe: { stripeCancellationsApi: { id: 'rehearsalStripe', name: 'Stripe sandbox' } },
	chargebee: {
		chargebeeCancellationsApi: { id: 'rehearsalChargebee', name: 'Chargebee sandbox' },
	},
	paddle: { paddleCancellationsApi: { id: 'rehearsalPaddle', name: 'Paddle sandbox' } },
	recurly: { recurlyApi: { id: 'rehearsalRecurly', name: 'Recurly sandbox' } },
	httpCancellation: {
		httpCancellationApi: { id: 'rehearsalHttpCancellation', name: 'Own API sandbox' },
	},
};

/** The IDs that a bulk seed gives the subscriptions of its customers. */
const idOf = {
	funnelFox: (name: string) => `sub_${name}`,
	stripe: (name: string) => stripeId('sub', name),
	chargebee: (name: string) => chargebeeId('sub', name),
	paddle: (name: string) => paddleId('sub', name),
	recurly: (name: string) => recurlyId('subscription', name),
	httpCancellation: (name: string) => `own_${name}`,
};

/** A provider whose subscriptions the suites cancel in numbers. */
export type BulkProvider = keyof typeof idOf;

/** Node settings of n8n's Retry On Fail. */
export const retryingNode = (maxTries?: number) =>
	maxTries === undefined ? {} : { retryOnFail: true, maxTries, waitBetweenTries: 100 };

/** A node of this package named `Cancel`, with the sandbox's credential. */
export function packageNode(
	provider: keyof typeof accounts,
	parameters: IDataObject,
	setup: NodeSetup = {},
) {
	const { options = {}, onError = 'continueErrorOutput', retryOnFail } = setup;
	return {
		...node(nodeNames.node, `n8n-nodes-cancellations.${provider}`, 1, {
			additionalFields: {},
			dryRun: false,
			options,
			...parameters,
			...setup.parameters,
		}),
		onError,
		...retryingNode(retryOnFail),
		credentials: accounts[provider],
	};
}

/** The node that cancels the subscription of an expression: its ID, or its customer's e-mail address. */
const cancelNode = (
	provider: BulkProvider,
	mode: 'id' | 'email',
	value: string,
	setup: NodeSetup = {},
) =>
	packageNode(
		provider,
		{
			resource: 'subscription',
			operation: 'cancel',
			subscriptionId: { __rl: true, mode, value },
		},
		setup,
	);

/** The FunnelFox node that cancels the subscription of an expression. */
export const funnelFoxCancelNode = (value: string, setup: NodeSetup = {}) =>
	cancelNode('funnelFox', 'id', value, setup);

/** The HTTP Cancellation node that cancels the target of an expression at the sandbox's own API. */
const httpCancelNode = (value: string, setup: NodeSetup = {}) =>
	packageNode(
		'httpCancellation',
		{ resource: 'request', operation: 'cancel', targetId: value, ...described },
		setup,
	);

/** A workflow with these nodes in a chain. */
export function chainWorkflow(id: string, nodes: Array<Record<string, unknown>>): WorkflowFile {
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

/** A manual trigger and the nodes that return these items. */
export function itemListNodes(items: IDataObject[]) {
	const json = JSON.stringify({ events: items });
	return [
		node(nodeNames.trigger, 'n8n-nodes-base.manualTrigger', 1, {}),
		node('Data', 'n8n-nodes-base.set', 3.4, { mode: 'raw', jsonOutput: json, options: {} }),
		node(nodeNames.list, 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'events', options: {} }),
	];
}

/** A workflow that cancels a list of subscriptions by their IDs. */
export const cancelWorkflow = (
	ids: string[],
	setup: NodeSetup = {},
	provider: BulkProvider = 'funnelFox',
): WorkflowFile =>
	chainWorkflow('cancelling', [
		...itemListNodes(ids.map((id) => ({ id }))),
		provider === 'httpCancellation'
			? httpCancelNode('={{ $json.id }}', setup)
			: cancelNode(provider, 'id', '={{ $json.id }}', setup),
	]);

/** A workflow that cancels the subscriptions of the customers of a bulk seed by their e-mail addresses. */
export const cancelByEmailWorkflow = (
	provider: BulkProvider,
	names: string[],
	setup: NodeSetup = {},
): WorkflowFile =>
	chainWorkflow('cancelling', [
		...itemListNodes(names.map((name) => ({ email: `${name}@example.com` }))),
		cancelNode(provider, 'email', '={{ $json.email }}', setup),
	]);

/** When a webhook responds: at once, or at the end. */
export type ResponseMode = 'onReceived' | 'lastNode';

/** A workflow that passes a webhook's body to these nodes. */
export const webhookWorkflow = (
	path: string,
	behind: Array<Record<string, unknown>>,
	responseMode: ResponseMode = 'onReceived',
): WorkflowFile =>
	chainWorkflow(path, [
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
export const cancelOnWebhook = (path: string, answers?: ResponseMode): WorkflowFile =>
	webhookWorkflow(
		path,
		[
			funnelFoxCancelNode('={{ $json.body.id }}', {
				options: { requestsPerMinute: 1200 },
				onError: 'stopWorkflow',
			}),
		],
		answers,
	);

/** Twenty subscriptions, and a workflow that fails at the twelfth. */
export function failingWorkflow(
	sandbox: Sandbox,
	prefix: string,
	setup: NodeSetup = {},
	provider: BulkProvider = 'funnelFox',
) {
	sandbox.seed({ bulk: { provider, count: 20, prefix } });
	const ids = bulkIds(prefix, 20, provider);
	const target = ids[11];
	sandbox.fault({ provider, kind: 'badGateway', target, times: 0 });
	const options = { maxAttempts: 1, maxConcurrency: 2, timeout: 1000 };
	return {
		ids,
		target,
		workflow: cancelWorkflow(ids, { ...setup, options, onError: 'stopWorkflow' }, provider),
	};
}

/** A node of any type. */
export function node(name: string, type: string, typeVersion: number, parameters: IDataObject) {
	return { id: name, name, type, typeVersion, position: [0, 0], parameters };
}

/** `x_00001` and so on: the customers that a bulk seed with this prefix makes. */
export function bulkNames(prefix: string, count: number): string[] {
	return Array.from(
		{ length: count },
		(_, index) => `${prefix}_${String(index + 1).padStart(5, '0')}`,
	);
}

/** The IDs of their subscriptions; at FunnelFox `sub_x_00001` and so on. */
export const bulkIds = (
	prefix: string,
	count: number,
	provider: BulkProvider = 'funnelFox',
): string[] => bulkNames(prefix, count).map(idOf[provider]);

/** Accepted cancellations by subscription ID. */
export function acceptedPerTarget(
	sandbox: Sandbox,
	provider: BulkProvider = 'funnelFox',
): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { record } of sandbox.journal(provider)) counts[record] = (counts[record] ?? 0) + 1;
	return counts;
}

/** Sent cancellations by subscription ID, without those that got a 429. */
export function sentPerTarget(
	sandbox: Sandbox,
	provider: BulkProvider = 'funnelFox',
): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { effect, target, status } of sandbox.requests(provider)) {
		if (effect !== 'write' || target === undefined || status === 429) continue;
		counts[target] = (counts[target] ?? 0) + 1;
	}
	return counts;
}

/** The expected counts if each ID occurs once. */
export function oncePerId(ids: string[]): Record<string, number> {
	return Object.fromEntries(ids.map((id) => [id, 1]));
}

/** Items of the cancelling node's success output. */
export function successes(execution: Execution): IDataObject[] {
	return itemsOf(execution, nodeNames.node, 0).map(({ json }) => json);
}

/** Items of the cancelling node's error output. */
export function failures(execution: Execution): Array<{ message: string; error: IDataObject }> {
	return itemsOf(execution, nodeNames.node, 1).map(
		({ json }) => json as unknown as { message: string; error: IDataObject },
	);
}
