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
import { nodeProperties, nodeSubtitle } from '../shared/nodeProperties';
import { listSearch } from '../shared/listSearch';
import { subscriptions } from './listSearch';
import { smokeball } from './provider';

export class Smokeball implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Smokeball',
		name: 'smokeball',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: nodeSubtitle(smokeball),
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
		properties: [...nodeProperties(smokeball)],
	};

	methods = {
		credentialTest: credentialTests(smokeball),
		listSearch: {
			async searchSubscriptions(this: ILoadOptionsFunctions, filter?: string) {
				return await listSearch.call(this, smokeball, subscriptions, { filter });
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, smokeball);
	}
}
