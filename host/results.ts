import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { type Execution, itemsOf, type WorkflowFile } from './n8n';

/** The result of one item in one node of this package. */
export interface Result {
	node: string;
	/** Position in the list at the start of its row in the workflow, from 0. */
	item: number;
	/** 0 is success, 1 the error output. */
	output: number;
	provider: string;
	target: string;
	outcome: string;
	effectiveAt: string | null;
	/** The message of an item on the error output. */
	message?: string;
	duplicateOf?: number;
	/** Of a preview: the expected outcome of the real run. */
	wouldBe?: string;
}

/** The names of the nodes of this package in a workflow. */
export function cancellationNodes({ nodes }: WorkflowFile): string[] {
	return nodes
		.filter(({ type }) => String(type).startsWith('n8n-nodes-cancellations.'))
		.map(({ name }) => String(name));
}

/** The names of the nodes that output a list in a workflow. */
export function listNodes({ nodes }: WorkflowFile): string[] {
	return nodes
		.filter(({ type }) => type === 'n8n-nodes-base.splitOut')
		.map(({ name }) => String(name));
}

/** All output of the nodes of this package, node by node, in the order of the lists. */
export function resultsOf(execution: Execution, workflow: WorkflowFile): Result[] {
	const lists = listNodes(workflow);
	return cancellationNodes(workflow).flatMap((node) =>
		[0, 1]
			.flatMap((output) =>
				itemsOf(execution, node, output).map((given) => {
					const item = originOf(execution, node, given, lists);
					return resultOf(node, item, output, given.json);
				}),
			)
			.sort((one, other) => one.item - other.item),
	);
}

function resultOf(node: string, item: number, output: number, json: IDataObject): Result {
	const facts = (json.error ?? json) as IDataObject;
	const wouldBe = facts.wouldBe as IDataObject | undefined;
	return {
		node,
		item,
		output,
		provider: facts.provider as string,
		target: facts.target as string,
		outcome: facts.outcome as string,
		effectiveAt: ((wouldBe ?? facts).effectiveAt as string | null | undefined) ?? null,
		...(json.error ? { message: json.message as string } : {}),
		...(wouldBe ? { wouldBe: wouldBe.outcome as string } : {}),
		...(typeof facts.duplicateOf === 'number' ? { duplicateOf: facts.duplicateOf } : {}),
	};
}

/**
 * Follows the links between items back to their list, as n8n does for `$('List').item`.
 * @returns the position in the list
 * @throws Error if a link is missing
 */
export function originOf(
	execution: Execution,
	node: string,
	item: INodeExecutionData,
	lists: string[],
): number {
	const { pairedItem } = item;
	const [link] = [pairedItem].flat();
	const [source] = execution.runData[node][0].source;
	if (link === undefined || !source)
		throw new Error(`An item of "${node}" has no link to its input`);
	const position = typeof link === 'number' ? link : link.item;
	if (lists.includes(source.previousNode)) return position;
	const before = itemsOf(execution, source.previousNode, source.previousNodeOutput ?? 0)[position];
	if (!before) throw new Error(`An item of "${node}" is linked to an item that does not exist`);
	return originOf(execution, source.previousNode, before, lists);
}
