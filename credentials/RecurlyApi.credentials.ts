import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { webhookKey } from '../nodes/Recurly/webhookKey';
import { basicAuthorization, signWith } from '../nodes/shared/contract/credential';

/** A site of Recurly. Source: the package "recurly" 4.81.0, openapi/api.yaml */
export class RecurlyApi implements ICredentialType {
	name = 'recurlyApi';

	displayName = 'Recurly API';

	icon: Icon = {
		light: 'file:../nodes/Recurly/icon.svg',
		dark: 'file:../nodes/Recurly/icon.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cancellations/n8n-nodes-cancellations/blob/main/docs/recurly.md';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'From Integrations > API Credentials in Recurly',
			description:
				'A private key of the site. It has no permissions of its own and may do everything; keep one for n8n alone.',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			default: 'us',
			description: 'Where Recurly keeps the site',
			options: [
				{ name: 'European Union', value: 'eu' },
				{ name: 'United States', value: 'us' },
			],
		},
		{
			displayName: 'Webhook Key',
			name: webhookKey,
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: 'Only for the trigger: from Integrations > Webhooks in Recurly, at the endpoint',
			description: 'The key with which Recurly signs its webhooks',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://v3.recurly.com',
			description:
				'Leave empty: the region decides. Fill in only to test against a sandbox of your own.',
		},
	];

	/** Recurly refuses a request that names no version of the API. */
	authenticate = signWith(({ apiKey }) => ({
		Authorization: basicAuthorization(apiKey),
		Accept: 'application/vnd.recurly.v2021-02-25',
	}));
}
