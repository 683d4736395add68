import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { signWith } from '../nodes/shared/contract/credential';

/** An affiliate program of Reditus. Source: https://docs.getreditus.com/affiliate-program-api/authentication */
export class ReditusApi implements ICredentialType {
	name = 'reditusApi';

	displayName = 'Reditus API';

	icon: Icon = {
		light: 'file:../nodes/Reditus/icon.svg',
		dark: 'file:../nodes/Reditus/icon.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cancellations/n8n-nodes-cancellations/blob/main/docs/reditus.md';

	properties: INodeProperties[] = [
		{
			displayName: 'API Token',
			name: 'apiToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: "From App Settings in Reditus, where your plan includes API access. An affiliate's own token is another one.",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.getreditus.com/api',
			description: 'Address of the API. Change only to test against a sandbox.',
		},
	];

	authenticate = signWith(({ apiToken }) => ({ Authorization: `Bearer ${apiToken}` }));
}
