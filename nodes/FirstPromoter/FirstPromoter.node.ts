import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { credentialTests } from '../shared/credentialTest';
import { execute } from '../shared/execute';
import { nodeProperties, nodeSubtitle } from '../shared/nodeProperties';
import { firstPromoter } from './provider';

export class FirstPromoter implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'FirstPromoter',
		name: 'firstPromoter',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: nodeSubtitle(firstPromoter),
		description: 'Track or undo the cancellation of referred customers in FirstPromoter',
		defaults: { name: 'FirstPromoter' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'firstPromoterApi',
				required: true,
				testedBy: 'firstPromoterApi',
				displayOptions: { show: { apiVersion: ['v1'] } },
			},
			{
				name: 'firstPromoterV2Api',
				required: true,
				testedBy: 'firstPromoterV2Api',
				displayOptions: { show: { apiVersion: ['v2'] } },
			},
		],
		properties: [...nodeProperties(firstPromoter)],
	};

	methods = { credentialTest: credentialTests(firstPromoter) };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, firstPromoter);
	}
}
