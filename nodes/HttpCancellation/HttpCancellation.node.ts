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
import { httpCancellation } from './provider';

export class HttpCancellation implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HTTP Cancellation',
		name: 'httpCancellation',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: nodeSubtitle(httpCancellation),
		description: 'Cancel at any other API: each target once, with a clear outcome',
		defaults: { name: 'HTTP Cancellation' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'httpCancellationApi', required: true, testedBy: 'httpCancellationApi' }],
		properties: [...nodeProperties(httpCancellation)],
	};

	methods = {
		credentialTest: credentialTests(httpCancellation),
		loadOptions: {
			async found(this: ILoadOptionsFunctions) {
				return await matchPreview.call(this, httpCancellation);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, httpCancellation);
	}
}
