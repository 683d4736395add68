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

	documentationUrl = 'https://funnelfox.com/docs/develop/api';

	properties: INodeProperties[] = [
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				"The project's secret key, from Project Settings in FunnelFox. FunnelFox sends the same key in its webhooks.",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.funnelfox.io/public/v1',
			description: 'Where the API lives. Change it only to rehearse against a sandbox.',
		},
	];

	authenticate = signWith(({ secretKey }) => ({ 'Fox-Secret': secretKey }));
}
