import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { signWith } from '../nodes/shared/contract/credential';

/** An account of FirstPromoter, API v2. Source: https://docs.firstpromoter.com/api-reference-v2/api-admin/authentication */
export class FirstPromoterV2Api implements ICredentialType {
	name = 'firstPromoterV2Api';

	displayName = 'FirstPromoter V2 API';

	icon: Icon = {
		light: 'file:../nodes/FirstPromoter/icon.svg',
		dark: 'file:../nodes/FirstPromoter/icon.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cancellations/n8n-nodes-cancellations/blob/main/docs/firstpromoter.md';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'From Settings > Integrations > Manage API Keys in FirstPromoter, which shows it once',
		},
		{
			displayName: 'Account ID',
			name: 'accountId',
			type: 'string',
			required: true,
			default: '',
			description: 'From Settings > Integrations in FirstPromoter',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.firstpromoter.com/api/v2',
			description: 'Address of the API. Change only to test against a sandbox.',
		},
	];

	authenticate = signWith(({ apiKey, accountId }) => ({
		Authorization: `Bearer ${apiKey}`,
		'ACCOUNT-ID': accountId,
	}));
}
