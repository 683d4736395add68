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
import { referralsByEmail } from './listSearch';
import { reditus } from './provider';

export class Reditus implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Reditus',
		name: 'reditus',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: nodeSubtitle(reditus),
		description: 'Mark referred customers as churned in Reditus, or look them up',
		defaults: { name: 'Reditus' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'reditusApi', required: true, testedBy: 'reditusApi' }],
		properties: [...nodeProperties(reditus)],
	};

	methods = {
		credentialTest: credentialTests(reditus),
		listSearch: {
			async searchReferrals(this: ILoadOptionsFunctions, filter?: string, page?: string) {
				return await listSearch.call(this, reditus, referralsByEmail, { filter, page });
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, reditus);
	}
}
