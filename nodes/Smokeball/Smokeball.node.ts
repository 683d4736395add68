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
import { properties, subtitleOf } from '../shared/properties';
import { search } from '../shared/search';
import { keyTests } from './keyTests';
import { subscriptions } from './picker';
import { smokeball } from './provider';

export class Smokeball implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Smokeball',
		name: 'smokeball',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: subtitleOf(smokeball),
		description: "Cancel or resume your firm's own Smokeball plan",
		defaults: { name: 'Smokeball' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'smokeballApi',
				required: true,
				testedBy: 'smokeballApi',
				displayOptions: { show: { authentication: ['accessToken'] } },
			},
			{
				name: 'smokeballOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
		],
		properties: [...properties(smokeball)],
	};

	methods = {
		credentialTest: credentialTests(smokeball, keyTests),
		listSearch: {
			async searchSubscriptions(this: ILoadOptionsFunctions, filter?: string) {
				return await search.call(this, smokeball, subscriptions, filter);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, smokeball);
	}
}
