import {
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { credentialTests } from '../shared/credentialTest';
import { poll } from '../shared/trigger';
import { lookout } from './trigger';
import { reditus } from './provider';

export class ReditusTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Reditus Trigger',
		name: 'reditusTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: 'churned referrals',
		description: 'Starts the workflow when a referral churns in Reditus',
		defaults: { name: 'Reditus Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'reditusApi', required: true, testedBy: 'reditusApi' }],
		properties: [
			{
				displayName:
					'Reditus sends nothing when a referral churns, so the node asks for what is new. The first time it only notes where to begin.',
				name: 'setup',
				type: 'notice',
				default: '',
			},
		],
	};

	methods = { credentialTest: credentialTests(reditus) };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll.call(this, reditus, 'reditusApi', lookout, ['cancelled']);
	}
}
