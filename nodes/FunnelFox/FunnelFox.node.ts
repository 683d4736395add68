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
import { subscriptionsByEmail } from './listSearch';
import { funnelFox } from './provider';

export class FunnelFox implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'FunnelFox',
		name: 'funnelFox',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: nodeSubtitle(funnelFox),
		description: "Cancel your customers' subscriptions in FunnelFox, or look them up",
		defaults: { name: 'FunnelFox' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'funnelFoxApi', required: true, testedBy: 'funnelFoxApi' }],
		properties: [...nodeProperties(funnelFox)],
	};

	methods = {
		credentialTest: credentialTests(funnelFox),
		loadOptions: {
			async found(this: ILoadOptionsFunctions) {
				return await matchPreview.call(this, funnelFox);
			},
		},
		listSearch: {
			async searchSubscriptions(this: ILoadOptionsFunctions, filter?: string, page?: string) {
				return await listSearch.call(this, funnelFox, subscriptionsByEmail, { filter, page });
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, funnelFox);
	}
}
