import type { IDataObject } from 'n8n-workflow';
import type { WorkflowFile } from '../../host/n8n';
import type { N8nSession } from '../../host/server';
import { chainWorkflow, itemListNodes, node, retryingNode } from './n8nInstance';

/** Mode of *Execute Workflow*: once for all items, or once for each. */
export type CallMode = 'once' | 'each';

/** Name of the parent's node that calls the sub-workflow. */
export const caller = 'Call it';

/** A sub-workflow with these nodes after its trigger. */
export const called = (...nodes: Array<Record<string, unknown>>): WorkflowFile =>
	chainWorkflow('called', [
		node('Called', 'n8n-nodes-base.executeWorkflowTrigger', 1.1, { inputSource: 'passthrough' }),
		...nodes,
	]);

/** A workflow that passes these items to a sub-workflow. */
export const calling = (
	workflowId: string,
	items: IDataObject[],
	mode: CallMode,
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

/** Saves both and publishes the sub-workflow, as n8n requires. @returns the parent's ID */
export async function createBoth(
	n8n: N8nSession,
	child: WorkflowFile,
	parent: (childId: string) => WorkflowFile,
): Promise<string> {
	const childId = await n8n.createWorkflow(child);
	await n8n.activate(childId);
	return await n8n.createWorkflow(parent(childId));
}
