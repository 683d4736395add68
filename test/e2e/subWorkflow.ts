import type { IDataObject } from 'n8n-workflow';
import type { WorkflowFile } from '../../host/n8n';
import type { RunningN8n } from '../../host/server';
import { chainWorkflow, itemListNodes, node, retryingNode } from './n8nInstance';

/** How *Execute Workflow* calls another one: for all items at once, or once for each. */
export type Calls = 'once' | 'each';

/** The node by which the parent calls it. */
export const caller = 'Call it';

/** The workflow that another one calls, with these nodes behind its trigger. */
export const called = (...nodes: Array<Record<string, unknown>>): WorkflowFile =>
	chainWorkflow('called', [
		node('Called', 'n8n-nodes-base.executeWorkflowTrigger', 1.1, { inputSource: 'passthrough' }),
		...nodes,
	]);

/** A workflow that has another one work on these items. */
export const calling = (
	workflowId: string,
	items: IDataObject[],
	mode: Calls,
	tries?: number,
): WorkflowFile =>
	chainWorkflow('calling', [
		...itemListNodes(items),
		{
			...node(caller, 'n8n-nodes-base.executeWorkflow', 1.2, {
				source: 'database',
				workflowId: { __rl: true, mode: 'id', value: workflowId },
				workflowInputs: { mappingMode: 'defineBelow', value: {}, schema: [] },
				mode,
				options: { waitForSubWorkflow: true },
			}),
			...retryingNode(tries),
		},
	]);

/** Saves both; n8n calls the one only where it is published. @returns the parent's id */
export async function createBoth(
	n8n: RunningN8n,
	child: WorkflowFile,
	parent: (childId: string) => WorkflowFile,
): Promise<string> {
	const childId = await n8n.createWorkflow(child);
	await n8n.activate(childId);
	return await n8n.createWorkflow(parent(childId));
}
