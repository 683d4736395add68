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
import { stripe } from './provider';

export class Stripe implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Stripe Cancellations',
		name: 'stripe',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: nodeSubtitle(stripe),
		description: "Cancel your customers' subscriptions in Stripe, or look them up",
		defaults: { name: 'Stripe Cancellations' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'stripeCancellationsApi', required: true, testedBy: 'stripeCancellationsApi' },
		],
		properties: [...nodeProperties(stripe)],
	};

	methods = {
		credentialTest: credentialTests(stripe),
		loadOptions: {
			async found(this: ILoadOptionsFunctions) {
				return await matchPreview.call(this, stripe);
			},
		},
		listSearch: {
			async searchSubscriptions(this: ILoadOptionsFunctions, filter?: string, page?: string) {
				return await listSearch.call(this, stripe, subscriptions, { filter, page });
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, stripe);
	}
}
