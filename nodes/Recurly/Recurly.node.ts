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
import { subscriptions } from './listSearch';
import { recurly } from './provider';

export class Recurly implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Recurly Cancellations',
		name: 'recurly',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: nodeSubtitle(recurly),
		description: "Cancel your customers' subscriptions in Recurly, or look them up",
		defaults: { name: 'Recurly Cancellations' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'recurlyApi', required: true, testedBy: 'recurlyApi' }],
		properties: [...nodeProperties(recurly)],
	};

	methods = {
		credentialTest: credentialTests(recurly),
		loadOptions: {
			async found(this: ILoadOptionsFunctions) {
				return await matchPreview.call(this, recurly);
			},
		},
		listSearch: {
			async searchSubscriptions(this: ILoadOptionsFunctions, filter?: string, page?: string) {
				return await listSearch.call(this, recurly, subscriptions, { filter, page });
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, recurly);
	}
}
