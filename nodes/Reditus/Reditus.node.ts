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
import { referralsByEmail } from './picker';
import { reditus } from './provider';

export class Reditus implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Reditus',
		name: 'reditus',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: subtitleOf(reditus),
		description: 'Mark referred customers as churned in Reditus, or look them up',
		defaults: { name: 'Reditus' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'reditusApi', required: true, testedBy: 'reditusApi' }],
		properties: [...properties(reditus)],
	};

	methods = {
		credentialTest: credentialTests(reditus, keyTests),
		listSearch: {
			async searchReferrals(this: ILoadOptionsFunctions, filter?: string, page?: string) {
				return await search.call(this, reditus, referralsByEmail, filter, page);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute.call(this, reditus);
	}
}
