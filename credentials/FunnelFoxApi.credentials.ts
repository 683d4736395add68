import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { signWith } from '../nodes/shared/contract/credential';

/** A project of FunnelFox. Source: https://funnelfox.com/docs/develop/api */
export class FunnelFoxApi implements ICredentialType {
	name = 'funnelFoxApi';

	displayName = 'FunnelFox API';

	icon: Icon = {
		light: 'file:../nodes/FunnelFox/icon.svg',
		dark: 'file:../nodes/FunnelFox/icon.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cancellations/n8n-nodes-cancellations/blob/main/docs/funnelfox.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: "The project's secret key, from Project Settings in FunnelFox. FunnelFox sends the same key in its webhooks.",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.funnelfox.io/public/v1',
			description: 'Address of the API. Change only to test against a sandbox.',
		},
	];

	authenticate = signWith(({ secretKey }) => ({ 'Fox-Secret': secretKey }));
}
