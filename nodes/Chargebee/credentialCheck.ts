import { ChargebeeCancellationsApi } from '../../credentials/ChargebeeCancellationsApi.credentials';
import type { CredentialCheck } from '../shared/contract/credential';
import { errorText } from '../shared/contract/http';
import { isUnknownSite, listIn } from './responses';

/** A read-only key passes it, too: only a write would show that it may not write. */
export const credentialCheck: CredentialCheck = {
	credential: ChargebeeCancellationsApi,
	request: { path: '/subscriptions', query: { limit: 1 } },
	accepts: (response) => listIn(response) !== undefined,
	problem: (response, { site }) =>
		isUnknownSite(response)
			? `Chargebee has no site "${String(site)}" (${errorText(response)}). Use the first part of your Chargebee address.`
			: undefined,
	keyLabel: 'API key',
	keyLocation: 'Chargebee under Settings > Configure Chargebee > API Keys',
	keyHint: 'Test and live sites have keys of their own.',
	accessHint: 'Check its permissions: a publishable key cannot read subscriptions.',
};
