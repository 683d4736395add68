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
import { paddle } from './provider';

export class Paddle implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Paddle Cancellations',
		name: 'paddle',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: nodeSubtitle(paddle),
		description: "Cancel your customers' subscriptions in Paddle, or look them up",
		defaults: { name: 'Paddle Cancellations' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'paddleCancellationsApi', required: true, testedBy: 'paddleCancellationsApi' },
		],
		properties: [...nodeProperties(paddle)],
	};

	methods = {
		credentialTest: credentialTests(paddle),
		loadOptions: {
			async found(this: ILoadOptionsFunctions) {
				return await matchPreview.call(this, paddle);
			},
		},
		listSearch: {
			async searchSubscriptions(this: ILoadOptionsFunctions, filter?: string, page?: string) {
				return await listSearch.call(this, paddle, subscriptions, { filter, page });
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, paddle);
	}
}
