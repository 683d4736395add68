import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { type Execution, itemsOf, type WorkflowFile } from './n8n';

/** What one of our nodes made of one customer. */
export interface Result {
	node: string;
	/** Position in the list that the workflow began with, from 0. */
	customer: number;
	/** 0 is success, 1 the error output. */
	output: number;
	provider: string;
	target: string;
	outcome: string;
	effectiveAt: string | null;
	/** The message of an item on the error output. */
	message?: string;
	duplicateOf?: number;
}

/** The names of the nodes of this package in a workflow. */
export function cancellationNodes({ nodes }: WorkflowFile): string[] {
	return nodes
		.filter(({ type }) => String(type).startsWith('n8n-nodes-cancellations.'))
		.map(({ name }) => String(name));
}

/**
 * Everything that these nodes gave out, in the order of the list.
 * @param list the node that gave out the list
 */
export function resultsOf(execution: Execution, nodes: string[], list: string): Result[] {
	return nodes.flatMap((node) =>
		[0, 1]
			.flatMap((output) =>
				itemsOf(execution, node, output).map((item) => {
					const customer = originOf(execution, node, item, list);
					return resultOf(node, customer, output, item.json);
				}),
			)
			.sort((one, other) => one.customer - other.customer),
	);
}

function resultOf(node: string, customer: number, output: number, json: IDataObject): Result {
	const facts = (json.error ?? json) as IDataObject;
	return {
		node,
		customer,
		output,
		provider: facts.provider as string,
		target: facts.target as string,
		outcome: facts.outcome as string,
		effectiveAt: (facts.effectiveAt as string | null | undefined) ?? null,
		...(json.error ? { message: json.message as string } : {}),
		...(typeof facts.duplicateOf === 'number' ? { duplicateOf: facts.duplicateOf } : {}),
	};
}

/**
 * Follows the links between items back to the list, as n8n does for `$('List').item`.
 * @returns the position in the list
 * @throws Error if a link is missing
 */
export function originOf(
	execution: Execution,
	node: string,
	item: INodeExecutionData,
	list: string,
): number {
	const { pairedItem } = item;
	const [link] = [pairedItem].flat();
	const [source] = execution.runData[node][0].source;
	if (link === undefined || !source)
		throw new Error(`An item of "${node}" has no link to its input`);
	const position = typeof link === 'number' ? link : link.item;
	if (source.previousNode === list) return position;
	const before = itemsOf(execution, source.previousNode, source.previousNodeOutput ?? 0)[position];
	if (!before) throw new Error(`An item of "${node}" is linked to an item that does not exist`);
	return originOf(execution, source.previousNode, before, list);
}
