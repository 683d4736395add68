import {
	Workflow,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { camel, type Plain } from './signing';

export interface Setting {
	/** The node's class: `FunnelFoxTrigger` in nodes/FunnelFox. */
	node: string;
	parameters?: IDataObject;
	credentials: Plain;
	/** The node's ID: by it a process remembers. Another one is as good as a restart. */
	id?: string;
}

/** A customer leaves at a provider by themselves: the items that a trigger starts an execution with. */
export type Leaves = () => Promise<INodeExecutionData[] | undefined>;

/** Each test has a workflow and accounts of its own, and so a pace and a memory of its own. */
let test = 0;
beforeEach(() => void test++);

/**
 * The workflow that holds nothing but the trigger, as n8n makes it for each call.
 * @param saved its static data
 */
export function workflowOf(
	type: INodeType,
	{ node, credentials, id = 'n' }: Setting,
	parameters: IDataObject,
	saved: IDataObject,
): Workflow {
	const own: INode = {
		id,
		name: 'Trigger',
		type: `n8n-nodes-cancellations.${camel(node)}`,
		typeVersion: 1,
		position: [0, 0],
		webhookId: 'a-webhook',
		parameters: parameters as INodeParameters,
		credentials: Object.fromEntries(
			Object.keys(credentials).map((name) => [camel(name), { id: `${test}-${name}`, name }]),
		),
	};
	return new Workflow({
		id: `w${test}`,
		name: 'w',
		nodes: [own],
		connections: {},
		active: true,
		nodeTypes: {
			getByName: () => type,
			getByNameAndVersion: () => type,
			getKnownTypes: () => ({}),
		},
		staticData: JSON.parse(JSON.stringify(saved)) as IDataObject,
		settings: { timezone: 'UTC' },
	});
}

/** What n8n knows beside the workflow. */
export const additionalDataOf = (helper: object, more: object = {}) =>
	({
		credentialsHelper: helper,
		webhookBaseUrl: 'https://n8n.example/webhook',
		webhookTestBaseUrl: 'https://n8n.example/webhook-test',
		variables: {},
		...more,
	}) as unknown as IWorkflowExecuteAdditionalData;
