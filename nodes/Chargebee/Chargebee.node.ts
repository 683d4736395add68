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
import { chargebee } from './provider';

export class Chargebee implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Chargebee Cancellations',
		name: 'chargebee',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: nodeSubtitle(chargebee),
		description: "Cancel your customers' subscriptions in Chargebee, or look them up",
		defaults: { name: 'Chargebee Cancellations' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'chargebeeCancellationsApi', required: true, testedBy: 'chargebeeCancellationsApi' },
		],
		properties: [...nodeProperties(chargebee)],
	};

	methods = {
		credentialTest: credentialTests(chargebee),
		loadOptions: {
			async found(this: ILoadOptionsFunctions) {
				return await matchPreview.call(this, chargebee);
			},
		},
		listSearch: {
			async searchSubscriptions(this: ILoadOptionsFunctions, filter?: string, page?: string) {
				return await listSearch.call(this, chargebee, subscriptions, { filter, page });
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, chargebee);
	}
}
