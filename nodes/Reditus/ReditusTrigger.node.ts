import {
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { credentialTests } from '../shared/credentialTest';
import { optionProperties, poll, readTriggerOptions } from '../shared/trigger';
import { poller } from './trigger';
import { reditus } from './provider';

export class ReditusTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Reditus Trigger',
		name: 'reditusTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: 'churned referrals',
		description: 'Mark referrals as churned in Reditus, or start a workflow when one churns',
		defaults: { name: 'Reditus Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'reditusApi', required: true, testedBy: 'reditusApi' }],
		properties: [
			{
				displayName:
					'Reditus has no churn webhook, so this node checks for new churns. Churns from before publishing are not reported.',
				name: 'setup',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: optionProperties(reditus, ['includeRaw']),
			},
		],
	};

	methods = { credentialTest: credentialTests(reditus) };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const { includeRaw } = readTriggerOptions(this, reditus);
		return await poll.call(this, {
			...{ provider: reditus, credential: 'reditusApi', poller, includeRaw },
			outcomes: ['cancelled'],
		});
	}
}
