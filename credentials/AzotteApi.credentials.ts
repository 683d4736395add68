import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { signWith } from '../nodes/shared/contract/credential';

/** A project of Azotte. Source: https://azotte.com/academy/developers/API/C2A/overview */
export class AzotteApi implements ICredentialType {
	name = 'azotteApi';

	displayName = 'Azotte API';

	icon: Icon = {
		light: 'file:../nodes/Azotte/icon.svg',
		dark: 'file:../nodes/Azotte/icon.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cancellations/n8n-nodes-cancellations/blob/main/docs/azotte.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Project Name',
			name: 'projectName',
			type: 'string',
			default: '',
			placeholder: 'e.g. acme',
			description: 'The first part of your Azotte address: "acme" in acme.azotte.com',
		},
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			default: 'live',
			description: 'Keys of one environment do not work in the other',
			options: [
				{ name: 'Live', value: 'live' },
				{ name: 'Sandbox', value: 'sandbox' },
			],
		},
		{
			displayName: 'Tenant ID',
			name: 'tenantId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. e2a1c7b2-4f3a-4b8e-9c2d-1a2b3c4d5e6f',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'From Settings > Developers > API Keys in the Azotte portal',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://acme.azotte.com/api/v1/c2a',
			description:
				'Leave empty for the address of the project. Fill in only to test against a sandbox.',
		},
	];

	authenticate = signWith(({ apiKey, tenantId }) => ({
		'x-api-key': apiKey,
		'x-tn': tenantId,
	}));
}
