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
	chosen,
	events,
	isRegistered,
	receive,
	register,
	type Registry,
	secretIn,
	typesIn,
	unregister,
} from '../shared/trigger';
import { deliveries, webhooks } from './trigger';
import { firstPromoter } from './provider';

const credential = 'firstPromoterV2Api';
const outcomes = events('cancelled', 'restored');
const registry: Registry = { provider: firstPromoter, credential, ...webhooks };

export class FirstPromoterTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'FirstPromoter Trigger',
		name: 'firstPromoterTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow when a referred customer cancels, or is active again',
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
					'<b>To try it out</b>, click "Execute step", then cancel a test referral in FirstPromoter. <b>To go live</b>, activate the workflow: the node then registers a webhook of its own in FirstPromoter, and removes it when the workflow is deactivated.',
				active:
					'<b>To try it out</b>, click "Execute step", then cancel a test referral in FirstPromoter. <b>The workflow is active</b>: what FirstPromoter sends starts it, and is in its list of executions.',
			},
			activationHint:
				'Activate the workflow, and every cancellation in FirstPromoter starts it from then on.',
		},
		eventTriggerDescription: 'Waiting until a referred customer cancels',
		activationMessage: 'FirstPromoter now tells this workflow of every cancellation.',
		properties: [
			{
				displayName:
					'The node registers its webhook in FirstPromoter by itself. That needs an n8n that FirstPromoter can reach: a public https address.',
				name: 'setup',
				type: 'notice',
				default: '',
			},
			{ name: 'events', required: true, ...outcomes.property },
		],
	};

	methods = { credentialTest: credentialTests(firstPromoter) };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await isRegistered(this, registry, chosen(this, outcomes));
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await register(this, registry, chosen(this, outcomes));
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await unregister(this, registry);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const data = this.getWorkflowStaticData('node');
		const door = { secret: secretIn(data), headers: [registry.secretHeader] };
		const hook = { provider: firstPromoter, credential, deliveries: deliveries(typesIn(data)) };
		return await receive.call(this, hook, door, () => ({
			outcomes: chosen(this, outcomes),
			readFirst: true,
			ignoreOwn: false,
			includeTest: false,
		}));
	}
}
