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
import {
	eventsField,
	eventsSubtitle,
	handleWebhook,
	optionProperties,
	readTriggerOptions,
	reject,
	selectedEvents,
	sharedSecretAuth,
	type WebhookAuth,
} from '../shared/trigger';
import { parser, secretHeaders } from './trigger';
import { funnelFox } from './provider';

const credential = 'funnelFoxApi';
const events = eventsField(['scheduled', 'cancelled']);

export class FunnelFoxTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'FunnelFox Trigger',
		name: 'funnelFoxTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: eventsSubtitle(events),
		description: 'Cancel subscriptions in FunnelFox, or start a workflow when a customer cancels',
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
					'<b>To try it out</b>, paste the test URL in FunnelFox under Project Settings > Webhooks, click "Execute step", then cancel a subscription. <b>To go live</b>, paste the production URL there and publish (activate) the workflow.',
				active:
					'<b>The workflow is published</b>: every event that FunnelFox sends to the production URL starts it, and is in its list of executions. <b>To try something out</b>, paste the test URL as the sandbox URL in FunnelFox and click "Execute step".',
			},
			activationHint:
				'Paste the production URL in FunnelFox and publish (activate) the workflow: the chosen events start it from then on.',
		},
		eventTriggerDescription: 'Waiting until a customer cancels',
		activationMessage: 'The chosen events now start this workflow.',
		properties: [
			{
				displayName:
					'Open <b>Webhook URLs</b> above, copy the <b>Production URL</b>, and paste it in FunnelFox under <b>Project Settings > Webhooks</b>. Calls without the secret key of this credential are rejected.',
				name: 'setup',
				type: 'notice',
				default: '',
			},
			{ name: 'events', required: true, ...events.property },
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: optionProperties(funnelFox, [
					'ignoreOwn',
					'includeRaw',
					'includeTest',
					'readFirst',
				]),
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
				// A wrong setting is an error on publishing, and not when the first customer cancels.
				selectedEvents(this, events);
				readTriggerOptions(this, funnelFox);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		let authenticate: WebhookAuth;
		try {
			const { secretKey } = await this.getCredentials<IDataObject>(credential);
			authenticate = sharedSecretAuth(secretKey, secretHeaders);
		} catch (error) {
			this.logger.warn(`FunnelFox Trigger rejects every delivery: ${(error as Error).message}`);
			return reject(this, 401, 'There is no usable credential.');
		}
		return await handleWebhook.call(this, {
			...{ provider: funnelFox, credential, parser, authenticate },
			settings: () => ({
				...readTriggerOptions(this, funnelFox),
				outcomes: selectedEvents(this, events),
			}),
		});
	}
}
