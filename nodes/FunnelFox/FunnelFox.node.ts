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
import { subscriptionsByEmail } from './picker';
import { funnelFox } from './provider';

export class FunnelFox implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'FunnelFox',
		name: 'funnelFox',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: subtitleOf(funnelFox),
		description: "Cancel your customers' subscriptions in FunnelFox, or look them up",
		defaults: { name: 'FunnelFox' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'funnelFoxApi', required: true, testedBy: 'funnelFoxApi' }],
		properties: [...properties(funnelFox)],
	};

	methods = {
		credentialTest: credentialTests(funnelFox, keyTests),
		loadOptions: {
			async found(this: ILoadOptionsFunctions) {
				return await found.call(this, funnelFox);
			},
		},
		listSearch: {
			async searchSubscriptions(this: ILoadOptionsFunctions, filter?: string, page?: string) {
				return await search.call(this, funnelFox, subscriptionsByEmail, filter, page);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, funnelFox);
	}
}
