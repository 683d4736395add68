import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { signWith } from '../nodes/shared/contract/credential';

/** An account of Paddle Billing. Source: https://developer.paddle.com/api-reference/about/authentication */
export class PaddleCancellationsApi implements ICredentialType {
	name = 'paddleCancellationsApi';

	displayName = 'Paddle Cancellations API';

	icon: Icon = {
		light: 'file:../nodes/Paddle/icon.svg',
		dark: 'file:../nodes/Paddle/icon.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cancellations/n8n-nodes-cancellations/blob/main/docs/paddle.md';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. pdl_live_apikey_…',
			hint: 'From Developer tools > Authentication in Paddle',
			description:
				'A key of Paddle Billing, not of Paddle Classic. It needs the permissions subscription.write and customer.read; for the trigger also notification_setting.write.',
		},
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			default: 'live',
			description: 'Each has keys and records of its own',
			options: [
				{ name: 'Live', value: 'live' },
				{ name: 'Sandbox', value: 'sandbox' },
			],
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://api.paddle.com',
			description:
				'Leave empty: the environment decides. Fill in only to test against a sandbox of your own.',
		},
	];

	authenticate = signWith(({ apiKey }) => ({
		Authorization: `Bearer ${apiKey}`,
		'Paddle-Version': '1',
	}));
}
