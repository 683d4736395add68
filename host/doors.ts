import type { CredentialFile } from './n8n';
import type { Owner } from './owner';

/** What opens the forms and webhooks of the ready workflows: who may sign in to n8n may use them. */
export function doorCredentials({ email, password }: Owner): CredentialFile[] {
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
