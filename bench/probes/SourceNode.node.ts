import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

/** Returns as many items as the webhook's body requests, each with an ID. */
export class SourceNode implements INodeType {
	description: INodeType['description'] = {
		displayName: 'Source',
		name: 'sourceNode',
		group: ['input'],
		version: 1,
		description: 'Items with ids',
		defaults: { name: 'Source' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { count, prefix } = this.getInputData()[0].json.body as IDataObject;
		const items = Array.from({ length: Number(count) }, (_, item) => ({
			json: { id: `sub_${String(prefix)}_${String(item + 1).padStart(5, '0')}` },
			pairedItem: { item: 0 },
		}));
		return [items];
	}
}
