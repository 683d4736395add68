import {
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { credentialTests } from '../shared/credentialTest';
import { execute } from '../shared/execute';
import { matchPreview } from '../shared/matchPreview';
import { nodeProperties, nodeSubtitle } from '../shared/nodeProperties';
import { listSearch } from '../shared/listSearch';
import { ordersOfCustomer } from './listSearch';
import { azotte } from './provider';

export class Azotte implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Azotte',
		name: 'azotte',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: nodeSubtitle(azotte),
		description: 'Cancel or reactivate subscriptions in Azotte, with its retention offers',
		defaults: { name: 'Azotte' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'azotteApi', required: true, testedBy: 'azotteApi' }],
		properties: [...nodeProperties(azotte)],
	};

	methods = {
		credentialTest: credentialTests(azotte),
		loadOptions: {
			async found(this: ILoadOptionsFunctions) {
				return await matchPreview.call(this, azotte);
			},
		},
		listSearch: {
			async searchOrders(this: ILoadOptionsFunctions, filter?: string) {
				return await listSearch.call(this, azotte, ordersOfCustomer, { filter });
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, azotte);
	}
}
