import {
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
	isRegistered,
	optionProperties,
	readTriggerOptions,
	register,
	registeredSignatureAuth,
	selectedEvents,
	unregister,
	type WebhookApi,
} from '../shared/trigger';
import { paddle } from './provider';
import { parser, signature, webhooks } from './trigger';

const credential = 'paddleCancellationsApi';
const events = eventsField(['scheduled', 'cancelled', 'restored']);
const api: WebhookApi = { provider: paddle, credential, ...webhooks };

export class PaddleTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Paddle Cancellations Trigger',
		name: 'paddleTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: eventsSubtitle(events),
		description: 'Cancel subscriptions in Paddle, or start a workflow when a customer cancels',
		defaults: { name: 'Paddle Cancellations Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'paddleCancellationsApi', required: true, testedBy: 'paddleCancellationsApi' },
		],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		triggerPanel: {
			header: 'Waiting for Paddle',
			executionsHelp: {
				inactive:
					'<b>To try it out</b>, click "Execute step", then cancel a test subscription in Paddle. <b>To go live</b>, publish (activate) the workflow: the node then creates a webhook in Paddle, and removes it when the workflow is unpublished.',
				active:
					'<b>To try it out</b>, click "Execute step", then cancel a test subscription in Paddle. <b>The workflow is published</b>: every event that Paddle sends starts it, and is in its list of executions.',
			},
			activationHint:
				'Publish (activate) the workflow: the chosen events in Paddle start it from then on.',
		},
		eventTriggerDescription: 'Waiting until a customer cancels',
		activationMessage: 'The chosen events now start this workflow.',
		properties: [
			{
				displayName:
					'The webhook is set up in Paddle automatically. Paddle must be able to reach this n8n: it needs a public https address.',
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
				options: optionProperties(paddle, ['includeRaw', 'readFirst']),
			},
		],
	};

	methods = { credentialTest: credentialTests(paddle) };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await isRegistered(this, api, selectedEvents(this, events));
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await register(this, api, selectedEvents(this, events));
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await unregister(this, api);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await handleWebhook.call(this, {
			...{ provider: paddle, credential, parser },
			authenticate: registeredSignatureAuth(this, api, signature),
			settings: () => ({
				...readTriggerOptions(this, paddle),
				outcomes: selectedEvents(this, events),
			}),
		});
	}
}
