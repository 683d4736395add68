import { NodeHelpers, type INode, type INodeParameters } from 'n8n-workflow';

import { load } from '../host/harness';

/** The names of what n8n shows in a panel that holds these values. */
export async function shownIn(name: string, values: INodeParameters): Promise<string[]> {
	const { description } = (await load()).getNode(name).type;
	const { properties } = description as unknown as { properties: never[] };
	const filled = NodeHelpers.getNodeParameters(
		properties,
		values,
		true,
		false,
		{ typeVersion: 1, parameters: values } as INode,
		description as never,
	);
	return Object.keys(filled ?? {});
}
