import type { IDataObject } from 'n8n-workflow';
import type { WorkflowFile } from '../host/n8n';
import { keys } from '../sandbox/keys';

/** A node under measure. */
export type NodeConfig = Record<string, unknown> & { name: string };

function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: IDataObject,
): NodeConfig {
	return { id: name, name, type, typeVersion, position: [0, 0], parameters };
}

const account = (id: string) => ({ credentials: { funnelFoxApi: { id, name: id } } });

/** Names the node's run in an execution's data. */
export const measuredNode = 'Cancel';

/** The FunnelFox node. Nothing is set but the options that are given. */
export function cancelNode(
	credential: string,
	options: IDataObject,
	more: { dryRun?: boolean; id?: string; byEmail?: boolean; fields?: IDataObject } = {},
): NodeConfig {
	const { dryRun = false, id = '={{ $json.id }}', byEmail = false, fields = {} } = more;
	return {
		...node(measuredNode, 'n8n-nodes-cancellations.funnelFox', 1, {
			resource: 'subscription',
			operation: 'cancel',
			subscriptionId: byEmail
				? { __rl: true, mode: 'email', value: `${id}@example.com` }
				: { __rl: true, mode: 'id', value: id },
			additionalFields: fields,
			dryRun,
			options,
		}),
		...account(credential),
	};
}

/** n8n's helper and nothing else. */
export const bareNode = (credential: string, lanes: number, read = false): NodeConfig => ({
	...node(measuredNode, 'n8n-nodes-bench.bareNode', 1, { lanes, read, id: '={{ $json.id }}' }),
	...account(credential),
});

/** What people use today: n8n's HTTP Request node with the same credential. */
export const httpRequestNode = (
	credential: string,
	baseUrl: string,
	options: IDataObject = {},
): NodeConfig => ({
	...node(measuredNode, 'n8n-nodes-base.httpRequest', 4.2, {
		method: 'POST',
		url: `=${baseUrl}/subscriptions/{{ $json.id }}/cancel`,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'funnelFoxApi',
		options,
	}),
	...account(credential),
});

/** So many requests, then a pause of so many milliseconds. */
export const batching = (batchSize: number, batchInterval: number): IDataObject => ({
	batching: { batch: { batchSize, batchInterval } },
});

const webhookNode = (name: string, parameters: IDataObject): NodeConfig => ({
	...node('Hook', 'n8n-nodes-base.webhook', 2, { httpMethod: 'POST', path: name, ...parameters }),
	webhookId: name,
});
const respondAtEnd = { responseMode: 'lastNode', options: {} };
const sourceNode = node('Source', 'n8n-nodes-bench.sourceNode', 1, {});
const timingNode = (at: 'start' | 'end' | 'peak') =>
	node(at, 'n8n-nodes-bench.timingNode', 1, { at });

/** A call of the webhook makes the items, runs the node between two meters, and gets what it took. */
export const timedWorkflow = (name: string, side: NodeConfig): WorkflowFile =>
	chain(
		name,
		[webhookNode(name, respondAtEnd), sourceNode, timingNode('start'), side, timingNode('end')],
		{
			saveDataSuccessExecution: 'none',
		},
	);

/** A call of the webhook runs the node; the execution is saved, as n8n does by default. */
export const savedWorkflow = (name: string, side: NodeConfig): WorkflowFile =>
	chain(name, [webhookNode(name, respondAtEnd), sourceNode, side]);

/** A call of the webhook is answered at once and handled in an execution of its own. */
export const webhookWorkflow = (name: string, side: NodeConfig): WorkflowFile =>
	chain(name, [webhookNode(name, { responseMode: 'onReceived', options: {} }), side]);

/** Tells the most memory that this n8n has had, in MiB. */
export const peakMemoryWorkflow = (name: string): WorkflowFile =>
	chain(name, [webhookNode(name, respondAtEnd), timingNode('peak')]);

function chain(name: string, nodes: NodeConfig[], settings: IDataObject = {}): WorkflowFile {
	const to = (index: number) => ({
		main: [[{ node: nodes[index + 1].name, type: 'main', index: 0 }]],
	});
	return {
		id: name,
		name,
		nodes,
		connections: Object.fromEntries(nodes.slice(0, -1).map((one, index) => [one.name, to(index)])),
		settings: { executionOrder: 'v1', ...settings },
		active: false,
	};
}

/** An account for the credentials file: the sandbox's key opens the bare API, too. */
export const credential = (id: string, baseUrl: string) => ({
	id,
	name: id,
	type: 'funnelFoxApi',
	data: { secretKey: keys.funnelFox.secretKey, baseUrl },
});
