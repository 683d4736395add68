import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { signWith } from '../nodes/shared/contract/credential';

/** An account of FirstPromoter, API v1. Source: https://docs.firstpromoter.com/api-reference-v1/authentication */
export class FirstPromoterApi implements ICredentialType {
	name = 'firstPromoterApi';

	displayName = 'FirstPromoter V1 API';

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
			hint: 'The V1 (Legacy) API key, from Settings > Integrations > Manage API Keys in FirstPromoter',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://firstpromoter.com/api/v1',
			description: 'Address of the API. Change only to test against a sandbox.',
		},
	];

	authenticate = signWith(({ apiKey }) => ({ 'X-API-KEY': apiKey }));
}
