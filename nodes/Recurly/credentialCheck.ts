import { RecurlyApi } from '../../credentials/RecurlyApi.credentials';
import type { CredentialCheck } from '../shared/contract/credential';
import { errorText, textOf } from '../shared/contract/http';
import { isOwnError, listIn } from './responses';

/** The site that the key belongs to. Source: the package "recurly" 4.81.0, openapi/api.yaml, list_sites */
export const credentialCheck: CredentialCheck = {
	credential: RecurlyApi,
	request: { path: '/sites', query: { limit: 1 } },
	accepts: (response) =>
		listIn(response)?.some(({ subdomain }) => textOf(subdomain) !== null) === true,
	problem(response, { region = 'us' }) {
		if (![401, 403].includes(response.status) || !isOwnError(response)) return undefined;
		const name = region === 'eu' ? 'European Union' : 'United States';
		return `Recurly did not accept the API key (${errorText(response)}). Check that its site is in the region "${name}", or copy it again from Recurly under Integrations > API Credentials.`;
	},
	keyLabel: 'API key',
	// Of both keys.
	keyLocation: 'Recurly under Integrations',
};
