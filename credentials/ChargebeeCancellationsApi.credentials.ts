import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { basicAuthorization, signWith } from '../nodes/shared/contract/credential';

/** A site of Chargebee. Source: https://apidocs.chargebee.com/docs/api/auth */
export class ChargebeeCancellationsApi implements ICredentialType {
	name = 'chargebeeCancellationsApi';

	displayName = 'Chargebee Cancellations API';

	icon: Icon = {
		light: 'file:../nodes/Chargebee/icon.svg',
		dark: 'file:../nodes/Chargebee/icon.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cancellations/n8n-nodes-cancellations/blob/main/docs/chargebee.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Site',
			name: 'site',
			type: 'string',
			default: '',
			placeholder: 'e.g. acme-test',
			description: 'The first part of your Chargebee address: "acme" in acme.chargebee.com',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. live_…',
			hint: 'From Settings > Configure Chargebee > API Keys in Chargebee',
			description:
				'A full-access key: a read-only key can look subscriptions up, but not cancel them. Test sites have keys of their own.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://acme.chargebee.com/api/v2',
			description:
				'Leave empty for the address of the site. Fill in only to test against a sandbox.',
		},
	];

	/** The key is the user name; the password is empty. */
	authenticate = signWith(({ apiKey }) => ({ Authorization: basicAuthorization(apiKey) }));
}
