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
	digestAuth,
	eventsField,
	eventsSubtitle,
	handleWebhook,
	isRegistered,
	optionProperties,
	readTriggerOptions,
	register,
	savedSecretDigest,
	selectedEvents,
	unregister,
	type WebhookApi,
} from '../shared/trigger';
import { chargebee } from './provider';
import { parser, passwordIn, webhooks } from './trigger';

const credential = 'chargebeeCancellationsApi';
const events = eventsField(['scheduled', 'cancelled', 'restored']);
const api: WebhookApi = { provider: chargebee, credential, ...webhooks };

export class ChargebeeTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Chargebee Cancellations Trigger',
		name: 'chargebeeTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: eventsSubtitle(events),
		description: 'Cancel subscriptions in Chargebee, or start a workflow when a customer cancels',
		defaults: { name: 'Chargebee Cancellations Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'chargebeeCancellationsApi', required: true, testedBy: 'chargebeeCancellationsApi' },
		],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		triggerPanel: {
			header: 'Waiting for Chargebee',
			executionsHelp: {
				inactive:
					'<b>To try it out</b>, click "Execute step", then cancel a test subscription in Chargebee. <b>To go live</b>, publish (activate) the workflow: the node then creates a webhook in Chargebee, and removes it when the workflow is unpublished.',
				active:
					'<b>To try it out</b>, click "Execute step", then cancel a test subscription in Chargebee. <b>The workflow is published</b>: every event that Chargebee sends starts it, and is in its list of executions.',
			},
			activationHint:
				'Publish (activate) the workflow: the chosen events in Chargebee start it from then on.',
		},
		eventTriggerDescription: 'Waiting until a customer cancels',
		activationMessage: 'The chosen events now start this workflow.',
		properties: [
			{
				displayName:
					'The webhook is set up in Chargebee automatically. Chargebee must be able to reach this n8n: it needs a public https address on port 443 or 8443.',
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
				options: optionProperties(chargebee, ['ignoreOwn', 'includeRaw', 'readFirst']),
			},
		],
	};

	methods = { credentialTest: credentialTests(chargebee) };

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
		const data = this.getWorkflowStaticData('node');
		return await handleWebhook.call(this, {
			...{ provider: chargebee, credential, parser },
			authenticate: digestAuth(savedSecretDigest(data), 'authorization', passwordIn),
			settings: () => ({
				...readTriggerOptions(this, chargebee),
				outcomes: selectedEvents(this, events),
			}),
		});
	}
}
