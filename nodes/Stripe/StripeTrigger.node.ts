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
import { stripe } from './provider';
import { parser, signature, webhooks } from './trigger';

const credential = 'stripeCancellationsApi';
const events = eventsField(['scheduled', 'cancelled', 'restored']);
const api: WebhookApi = { provider: stripe, credential, ...webhooks };

export class StripeTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Stripe Cancellations Trigger',
		name: 'stripeTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: eventsSubtitle(events),
		description: 'Cancel subscriptions in Stripe, or start a workflow when a customer cancels',
		defaults: { name: 'Stripe Cancellations Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'stripeCancellationsApi', required: true, testedBy: 'stripeCancellationsApi' },
		],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		triggerPanel: {
			header: 'Waiting for Stripe',
			executionsHelp: {
				inactive:
					'<b>To try it out</b>, click "Execute step", then cancel a test subscription in Stripe. <b>To go live</b>, publish (activate) the workflow: the node then creates a webhook in Stripe, and removes it when the workflow is unpublished.',
				active:
					'<b>To try it out</b>, click "Execute step", then cancel a test subscription in Stripe. <b>The workflow is published</b>: every event that Stripe sends starts it, and is in its list of executions.',
			},
			activationHint:
				'Publish (activate) the workflow: the chosen events in Stripe start it from then on.',
		},
		eventTriggerDescription: 'Waiting until a customer cancels',
		activationMessage: 'The chosen events now start this workflow.',
		properties: [
			{
				displayName:
					'The webhook is set up in Stripe automatically. Stripe must be able to reach this n8n: it needs a public https address.',
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
				options: optionProperties(stripe, ['ignoreOwn', 'includeRaw', 'includeTest', 'readFirst']),
			},
		],
	};

	methods = { credentialTest: credentialTests(stripe) };

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
			...{ provider: stripe, credential, parser },
			authenticate: registeredSignatureAuth(this, api, signature),
			settings: () => ({
				...readTriggerOptions(this, stripe),
				outcomes: selectedEvents(this, events),
			}),
		});
	}
}
