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
	optionProperties,
	pastedSignatureAuth,
	readTriggerOptions,
	requirePastedSecret,
	selectedEvents,
} from '../shared/trigger';
import { recurly } from './provider';
import { parser, signature } from './trigger';
import { webhookKey } from './webhookKey';

const credential = 'recurlyApi';
const key = { credential, field: webhookKey };
const events = eventsField(['scheduled', 'cancelled', 'restored']);
const noKey =
	'The credential has no Webhook Key, without which no call of Recurly can be checked. Copy it from Recurly under Integrations > Webhooks, at the endpoint with the URL of this node.';

export class RecurlyTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Recurly Cancellations Trigger',
		name: 'recurlyTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: eventsSubtitle(events),
		description: 'Cancel subscriptions in Recurly, or start a workflow when a customer cancels',
		defaults: { name: 'Recurly Cancellations Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'recurlyApi', required: true, testedBy: 'recurlyApi' }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		triggerPanel: {
			header: 'Waiting for Recurly',
			executionsHelp: {
				inactive:
					'<b>To try it out</b>, add an endpoint with the test URL in Recurly under Integrations > Webhooks, click "Execute step", then cancel a subscription. <b>To go live</b>, add an endpoint with the production URL there and publish (activate) the workflow.',
				active:
					'<b>The workflow is published</b>: every event that Recurly sends to the production URL starts it, and is in its list of executions. <b>To try something out</b>, add an endpoint with the test URL in Recurly and click "Execute step".',
			},
			activationHint:
				'Add an endpoint with the production URL in Recurly and publish (activate) the workflow: the chosen events start it from then on.',
		},
		eventTriggerDescription: 'Waiting until a customer cancels',
		activationMessage: 'The chosen events now start this workflow.',
		properties: [
			{
				displayName:
					'Open <b>Webhook URLs</b> above, copy the <b>Production URL</b>, and add an endpoint with it in Recurly under <b>Integrations > Webhooks</b>: JSON, with the subscription events Canceled, Expired and Reactivated. Copy the key of the endpoint into <b>Webhook Key</b> of this credential: calls without its signature are rejected.',
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
				// The record is always read: a delivery holds nothing of the subscription's state.
				options: optionProperties(recurly, ['includeRaw']),
			},
		],
	};

	methods = { credentialTest: credentialTests(recurly) };

	/** Recurly has no calls for webhooks: the address is pasted there by hand. */
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				// A wrong setting is an error on publishing, and not when the first customer cancels.
				selectedEvents(this, events);
				readTriggerOptions(this, recurly);
				await requirePastedSecret(this, key, noKey);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await handleWebhook.call(this, {
			...{ provider: recurly, credential, parser },
			authenticate: pastedSignatureAuth(this, key, signature),
			settings: () => ({
				...readTriggerOptions(this, recurly),
				outcomes: selectedEvents(this, events),
			}),
		});
	}
}
