import {
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { credentialTests } from '../shared/credentialTest';
import {
	eventsField,
	eventsSubtitle,
	optionProperties,
	poll,
	readTriggerOptions,
	selectedEvents,
} from '../shared/trigger';
import { poller } from './trigger';
import { authentication } from './fields';
import { credential, smokeball } from './provider';

const events = eventsField(['scheduled', 'cancelled', 'restored']);

export class SmokeballTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Smokeball Trigger',
		name: 'smokeballTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: eventsSubtitle(events),
		description:
			"Cancel or resume your firm's own Smokeball plan, or start a workflow when that happens",
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
					"About your firm's own plan. Smokeball has no webhook for it, so this node checks the plans for changes.",
				name: 'setup',
				type: 'notice',
				default: '',
			},
			{ name: 'authentication', ...authentication.property },
			{ name: 'events', required: true, ...events.property },
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: optionProperties(smokeball, ['includeRaw']),
			},
		],
	};

	methods = { credentialTest: credentialTests(smokeball) };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const type = credential({ authentication: this.getNodeParameter('authentication') });
		const { includeRaw } = readTriggerOptions(this, smokeball);
		const outcomes = selectedEvents(this, events);
		return await poll.call(this, {
			...{ provider: smokeball, credential: type, poller },
			...{ outcomes, includeRaw },
		});
	}
}
