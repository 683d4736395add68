import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { signWith } from '../nodes/shared/contract/credential';

/**
 * A firm's account, with an access token that was got elsewhere.
 * Source: https://docs.smokeball.com/docs/api-docs/ivmfjbc61tvjs-making-requests
 */
export class SmokeballApi implements ICredentialType {
	name = 'smokeballApi';

	displayName = 'Smokeball API';

	icon: Icon = {
		light: 'file:../nodes/Smokeball/icon.svg',
		dark: 'file:../nodes/Smokeball/icon.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cancellations/n8n-nodes-cancellations/blob/main/docs/smokeball.md';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: "From the app's details in the Smokeball Developer Console",
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'Without "Bearer". Valid for one hour; use Smokeball OAuth2 API to have it renewed.',
		},
		{
			displayName: 'Region',
			name: 'baseUrl',
			type: 'options',
			default: 'https://api.smokeball.com',
			description: 'Region and environment of the firm; the key and the token must be of the same',
			options: [
				{ name: 'Australia', value: 'https://api.smokeball.com.au' },
				{ name: 'Australia (Staging)', value: 'https://stagingapi.smokeball.com.au' },
				{ name: 'Other Address', value: 'custom' },
				{ name: 'United Kingdom', value: 'https://api.smokeball.co.uk' },
				{ name: 'United Kingdom (Staging)', value: 'https://stagingapi.smokeball.co.uk' },
				{ name: 'United States', value: 'https://api.smokeball.com' },
				{ name: 'United States (Staging)', value: 'https://stagingapi.smokeball.com' },
			],
		},
		{
			displayName: 'Address',
			name: 'customBaseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://api.smokeball.com/your-account-ID',
			description:
				'Address of the API: to test against a sandbox, or with the account ID for an app that covers several accounts',
			displayOptions: { show: { baseUrl: ['custom'] } },
		},
	];

	authenticate = signWith(({ apiKey, accessToken }) => ({
		'x-api-key': apiKey,
		Authorization: `Bearer ${accessToken}`,
	}));
}
