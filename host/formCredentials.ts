import type { CredentialFile } from './n8n';
import type { Owner } from './owner';

/** Protect the forms and webhooks of the workflows: the owner of n8n may use them. */
export function formCredentials({ email, password }: Owner): CredentialFile[] {
	return [
		{
			id: 'rehearsalForms',
			name: 'Forms sign-in',
			type: 'httpBasicAuth',
			data: { user: email, password },
		},
		{
			id: 'rehearsalWebhooks',
			name: 'Webhooks key',
			type: 'httpHeaderAuth',
			data: { name: 'X-Webhook-Key', value: password },
		},
	];
}

/** The Authorization header that the forms ask for. */
export const formAuthorization = ({ email, password }: Owner): string =>
	`Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
