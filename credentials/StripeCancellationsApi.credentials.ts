import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { signWith } from '../nodes/shared/contract/credential';
import { apiVersion } from '../nodes/Stripe/apiVersion';

/** Keys of an organization name the account by another header. https://docs.stripe.com/keys */
const isOrganizationKey = (key: string) => /^[sr]k_org_/.test(key);

/** An account of Stripe. Source: https://docs.stripe.com/api/authentication */
export class StripeCancellationsApi implements ICredentialType {
	name = 'stripeCancellationsApi';

	displayName = 'Stripe Cancellations API';

	icon: Icon = {
		light: 'file:../nodes/Stripe/icon.svg',
		dark: 'file:../nodes/Stripe/icon.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cancellations/n8n-nodes-cancellations/blob/main/docs/stripe.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. rk_live_…',
			hint: 'From Developers > API keys in Stripe',
			description:
				'A restricted key is enough: Subscriptions write, Customers read; Invoices read for what a dry run says of money. For the trigger also Webhook Endpoints write.',
		},
		{
			displayName: 'Account ID',
			name: 'accountId',
			type: 'string',
			default: '',
			placeholder: 'e.g. acct_1Nv0FGQ9RKHgCVdK',
			description:
				'The account to act for, with a key of a platform (Connect) or of an organization. Leave it empty for your own account.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.stripe.com',
			description: 'Address of the API. Change only to test against a sandbox.',
		},
	];

	authenticate = signWith(({ secretKey, accountId }) => ({
		Authorization: `Bearer ${secretKey}`,
		'Stripe-Version': apiVersion,
		...(accountId && {
			[isOrganizationKey(secretKey) ? 'Stripe-Context' : 'Stripe-Account']: accountId,
		}),
	}));
}
