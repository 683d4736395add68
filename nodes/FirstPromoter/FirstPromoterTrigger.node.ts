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
	savedEventTypes,
	savedSecretDigest,
	selectedEvents,
	unregister,
	type WebhookApi,
} from '../shared/trigger';
import { parserOf, secretHeader, webhooks } from './trigger';
import { firstPromoter } from './provider';

const credential = 'firstPromoterV2Api';
const events = eventsField(['cancelled', 'restored'], {
	cancelled: { name: 'Referral Cancelled', description: 'A referred customer has cancelled' },
	restored: {
		name: 'Referral Active Again',
		description: 'A referred customer who had cancelled is active again',
	},
});
const api: WebhookApi = { provider: firstPromoter, credential, ...webhooks };

export class FirstPromoterTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'FirstPromoter Trigger',
		name: 'firstPromoterTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: eventsSubtitle(events),
		description:
			'Record cancellations in FirstPromoter, or start a workflow when a referred customer cancels',
		defaults: { name: 'FirstPromoter Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'firstPromoterV2Api', required: true, testedBy: 'firstPromoterV2Api' }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		triggerPanel: {
			header: 'Waiting for FirstPromoter',
			executionsHelp: {
				inactive:
					'<b>To try it out</b>, click "Execute step", then cancel a test referral in FirstPromoter. <b>To go live</b>, publish (activate) the workflow: the node then creates a webhook in FirstPromoter, and removes it when the workflow is unpublished.',
				active:
					'<b>To try it out</b>, click "Execute step", then cancel a test referral in FirstPromoter. <b>The workflow is published</b>: every event that FirstPromoter sends starts it, and is in its list of executions.',
			},
			activationHint:
				'Publish (activate) the workflow: the chosen events in FirstPromoter start it from then on.',
		},
		eventTriggerDescription: 'Waiting until a referred customer cancels',
		activationMessage: 'The chosen events now start this workflow.',
		properties: [
			{
				displayName:
					'The webhook is set up in FirstPromoter automatically. FirstPromoter must be able to reach this n8n: it needs a public https address.',
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
				options: optionProperties(firstPromoter, ['includeRaw']),
			},
		],
	};

	methods = { credentialTest: credentialTests(firstPromoter) };

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
			provider: firstPromoter,
			credential,
			parser: parserOf(savedEventTypes(data)),
			authenticate: digestAuth(savedSecretDigest(data), secretHeader),
			settings: () => ({
				...readTriggerOptions(this, firstPromoter),
				outcomes: selectedEvents(this, events),
			}),
		});
	}
}
