import type { IDataObject } from 'n8n-workflow';
import type { WorkflowFile } from '../../host/n8n';

type Node = Record<string, unknown> & { name: string; parameters: IDataObject };

/** A copy with changed nodes; `change` returns the fields to replace. */
export function mapNodes(workflow: WorkflowFile, change: (node: Node) => object): WorkflowFile {
	const nodes = workflow.nodes.map((node) => ({
		...node,
		...change(structuredClone(node) as Node),
	}));
	return { ...workflow, nodes };
}

const isOurs = ({ type }: Record<string, unknown>): boolean =>
	String(type).startsWith('n8n-nodes-cancellations.');

/** A copy without rate limits, because the sandbox has none; optionally with more options. */
export const withoutRateLimit = (workflow: WorkflowFile, more: IDataObject = {}): WorkflowFile =>
	mapNodes(workflow, (node) => {
		const { options, ...parameters } = node.parameters;
		const pace = { requestsPerMinute: 60_000, maxConcurrency: 20, ...more };
		return isOurs(node) && !String(node.type).endsWith('Trigger')
			? { parameters: { ...parameters, options: { ...(options as IDataObject), ...pace } } }
			: {};
	});

/** Name of the trigger that `withInput` adds. */
export const inputTrigger = 'Feed';

/** A copy that passes these items to a node. */
export function withInput(workflow: WorkflowFile, node: string, items: object[]): WorkflowFile {
	const chain = [
		{ name: inputTrigger, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
		{
			name: 'Fed data',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ items }), options: {} },
		},
		{
			name: 'Fed items',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'items', options: {} },
		},
	];
	const names = [...chain.map(({ name }) => name), node];
	const links = chain.map(({ name }, index) => [
		name,
		{ main: [[{ node: names[index + 1], type: 'main', index: 0 }]] },
	]);
	return {
		...workflow,
		nodes: [...workflow.nodes, ...chain.map((one) => ({ ...one, id: one.name, position: [0, 0] }))],
		connections: { ...workflow.connections, ...(Object.fromEntries(links) as object) },
	};
}

/** A copy whose form has another path. */
export const withFormPath = (workflow: WorkflowFile, path: string): WorkflowFile =>
	mapNodes(workflow, ({ type, parameters, webhookId }) => {
		if (webhookId === undefined) return {};
		const moved = { webhookId: `${path}-${String(webhookId)}` };
		return type === 'n8n-nodes-base.formTrigger'
			? { ...moved, parameters: { ...parameters, options: { path } } }
			: moved;
	});
