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

	documentationUrl = 'https://docs.smokeball.com/docs/api-docs/ivmfjbc61tvjs-making-requests';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: "From the app's details in the Smokeball Developer Console",
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Without "Bearer". Smokeball lets a token live for one hour; the Smokeball OAuth2 API credential renews it by itself.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'options',
			default: 'https://api.smokeball.com',
			description: 'Region and environment of the firm; the key and the token must be of the same',
			options: [
				{ name: 'Australia', value: 'https://api.smokeball.com.au' },
				{ name: 'Australia (Staging)', value: 'https://stagingapi.smokeball.com.au' },
				{ name: 'Custom', value: 'custom' },
				{ name: 'United Kingdom', value: 'https://api.smokeball.co.uk' },
				{ name: 'United Kingdom (Staging)', value: 'https://stagingapi.smokeball.co.uk' },
				{ name: 'United States', value: 'https://api.smokeball.com' },
				{ name: 'United States (Staging)', value: 'https://stagingapi.smokeball.com' },
			],
		},
		{
			displayName: 'Custom Base URL',
			name: 'customBaseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://api.smokeball.com/your-account-ID',
			description:
				'Where the API lives: to rehearse against a sandbox, or with the account ID for an app that covers several accounts',
			displayOptions: { show: { baseUrl: ['custom'] } },
		},
	];

	authenticate = signWith(({ apiKey, accessToken }) => ({
		'x-api-key': apiKey,
		Authorization: `Bearer ${accessToken}`,
	}));
}
