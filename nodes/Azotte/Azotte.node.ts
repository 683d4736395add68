import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { credentialTests } from '../shared/credentialTest';
import { execute } from '../shared/execute';
import { found } from '../shared/found';
import { properties, subtitleOf } from '../shared/properties';
import { search } from '../shared/search';
import { keyTests } from './keyTests';
import { ordersOfCustomer } from './picker';
import { azotte } from './provider';

export class Azotte implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Azotte',
		name: 'azotte',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: subtitleOf(azotte),
		description:
			"Cancel or reactivate your customers' subscriptions in Azotte, and see which offer comes first",
		defaults: { name: 'Azotte' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'azotteApi', required: true, testedBy: 'azotteApi' }],
		properties: [...properties(azotte)],
	};

	methods = {
		credentialTest: credentialTests(azotte, keyTests),
		loadOptions: {
			async found(this: ILoadOptionsFunctions) {
				return await found.call(this, azotte);
			},
		},
		listSearch: {
			async searchOrders(this: ILoadOptionsFunctions, filter?: string) {
				return await search.call(this, azotte, ordersOfCustomer, filter);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, azotte);
	}
}
