import {
	type IDataObject,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { credentialTests } from '../shared/credentialTest';
import { chosen, events, receive, shownSwitches, switched } from '../shared/trigger';
import { deliveries, headers } from './trigger';
import { funnelFox } from './provider';

const credential = 'funnelFoxApi';
const outcomes = events('cancelled', 'scheduled');

export class FunnelFoxTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'FunnelFox Trigger',
		name: 'funnelFoxTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow when a customer cancels a subscription in FunnelFox',
		defaults: { name: 'FunnelFox Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'funnelFoxApi', required: true, testedBy: 'funnelFoxApi' }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		triggerPanel: {
			header: 'Waiting for FunnelFox',
			executionsHelp: {
				inactive:
					'<b>To try it out</b>, paste the test URL in FunnelFox under Project Settings > Webhooks, click "Execute step", then cancel a subscription. <b>To go live</b>, paste the production URL there and activate the workflow.',
				active:
					'<b>The workflow is active</b>: what FunnelFox sends to the production URL starts it, and is in its list of executions. <b>To try something out</b>, paste the test URL as the sandbox URL in FunnelFox and click "Execute step".',
			},
			activationHint:
				'Paste the production URL in FunnelFox and activate the workflow: every cancellation starts it from then on.',
		},
		eventTriggerDescription: 'Waiting until a customer cancels',
		activationMessage:
			'Every cancellation that FunnelFox sends to the production URL now starts this workflow.',
		properties: [
			{
				displayName:
					'Copy the <b>Production URL</b> above and paste it in FunnelFox under <b>Project Settings > Webhooks</b>. FunnelFox shows itself by the secret key of the credential; a call without it is turned away.',
				name: 'setup',
				type: 'notice',
				default: '',
			},
			{ name: 'events', required: true, ...outcomes.property },
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: shownSwitches,
			},
		],
	};

	methods = { credentialTest: credentialTests(funnelFox) };

	/** FunnelFox has no calls for webhooks: the address is pasted there by hand. */
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				// What is set wrongly is to show now, and not when the first customer leaves.
				chosen(this, outcomes);
				switched(this);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { secretKey: secret } = await this.getCredentials<IDataObject>(credential);
		const hook = { provider: funnelFox, credential, deliveries };
		return await receive.call(this, hook, { secret, headers }, () => ({
			outcomes: chosen(this, outcomes),
			...switched(this),
		}));
	}
}
