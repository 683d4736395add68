import {
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { credentialTests } from '../shared/credentialTest';
import { chosen, events, poll } from '../shared/trigger';
import { lookout } from './trigger';
import { authentication } from './fields';
import { credential, smokeball } from './provider';

const outcomes = events('cancelled', 'restored', 'scheduled');

export class SmokeballTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Smokeball Trigger',
		name: 'smokeballTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: "Starts the workflow when your firm's own Smokeball plan is cancelled or restored",
		defaults: { name: 'Smokeball Trigger' },
		polling: true,
		inputs: [],
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
		properties: [
			{
				displayName:
					"This is about your firm's own Smokeball plan, not a client's matter. Smokeball has no event for it, so the node compares the plans each time it looks.",
				name: 'setup',
				type: 'notice',
				default: '',
			},
			{ name: 'authentication', ...authentication.property },
			{ name: 'events', required: true, ...outcomes.property },
		],
	};

	methods = { credentialTest: credentialTests(smokeball) };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const type = credential({ authentication: this.getNodeParameter('authentication') });
		return await poll.call(this, smokeball, type, lookout, chosen(this, outcomes));
	}
}
