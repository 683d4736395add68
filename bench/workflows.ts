import type { IDataObject } from 'n8n-workflow';
import type { WorkflowFile } from '../host/n8n';
import { keys } from '../sandbox/keys';

/** A node of a workflow. */
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

/** Name of the measured node in an execution. */
export const measuredNode = 'Cancel';

/** The FunnelFox node with the given options and default values. */
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

/** The node that only calls n8n's helper. */
export const bareNode = (
	credential: string,
	lanes: number,
	{ read = false, calls = 1 } = {},
): NodeConfig => ({
	...node(measuredNode, 'n8n-nodes-bench.bareNode', 1, {
		...{ lanes, read, calls },
		id: '={{ $json.id }}',
	}),
	...account(credential),
});

/** n8n's HTTP Request node with the same credential. */
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

/** HTTP Request's batching: number of requests, then a pause in ms. */
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

/** A webhook creates the items, runs the node between two timing nodes, and returns the measurements. */
export const timedWorkflow = (name: string, side: NodeConfig): WorkflowFile =>
	chain(
		name,
		[webhookNode(name, respondAtEnd), sourceNode, timingNode('start'), side, timingNode('end')],
		{
			saveDataSuccessExecution: 'none',
		},
	);

/** A webhook runs the node; n8n saves the execution, as by default. */
export const savedWorkflow = (name: string, side: NodeConfig): WorkflowFile =>
	chain(name, [webhookNode(name, respondAtEnd), sourceNode, side]);

/** A webhook responds at once, and an execution of its own handles it. */
export const webhookWorkflow = (name: string, side: NodeConfig): WorkflowFile =>
	chain(name, [webhookNode(name, { responseMode: 'onReceived', options: {} }), side]);

/** Returns the peak memory of this n8n in MiB. */
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

/** A credential; the bare API accepts the sandbox's key, too. */
export const credential = (id: string, baseUrl: string) => ({
	id,
	name: id,
	type: 'funnelFoxApi',
	data: { secretKey: keys.funnelFox.secretKey, baseUrl },
});
