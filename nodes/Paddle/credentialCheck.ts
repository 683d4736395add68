import type { IDataObject } from 'n8n-workflow';

import { PaddleCancellationsApi } from '../../credentials/PaddleCancellationsApi.credentials';
import type { CredentialCheck } from '../shared/contract/credential';
import { asObject, errorText, textOf, type ApiResponse } from '../shared/contract/http';
import { isOwnError } from './responses';

const dataOf = ({ body }: ApiResponse): IDataObject => asObject(asObject(body).data);

/** The page is there for everyone; only a valid key is shown its account. */
const accountIn = (response: ApiResponse) => asObject(dataOf(response).caller).account ?? null;

/** Null with a key from before May 2025, which may do everything. */
function mayWrite(response: ApiResponse): boolean {
	const { permissions } = asObject(dataOf(response).caller);
	return permissions === null || (permissions as string[]).includes('subscription.write');
}

const keyPlace = 'Paddle under Developer tools > Authentication';

/** The page at the root of the API. https://developer.paddle.com/api-reference/api-root */
export const credentialCheck: CredentialCheck = {
	credential: PaddleCancellationsApi,
	request: { path: '/' },
	accepts(response) {
		const { permissions } = asObject(dataOf(response).caller);
		const isKnown = permissions === null || Array.isArray(permissions);
		return accountIn(response) !== null && isKnown;
	},
	problem(response, { environment = 'live' }) {
		if (response.status === 403 && isOwnError(response)) {
			return `Paddle did not accept the API key (${errorText(response)}). Check that it belongs to the ${String(environment)} environment and is not revoked, or copy it again from ${keyPlace}.`;
		}
		if (response.status !== 200 || !this.accepts(response)) return undefined;
		const actual = textOf(asObject(dataOf(response).api).environment) ?? '';
		const expected = environment === 'sandbox' ? 'sandbox' : 'production';
		if (actual !== expected) {
			return `The API key is for the environment "${actual}", and the credential for "${String(environment)}". Choose the other environment, or use a key of this one.`;
		}
		return mayWrite(response)
			? undefined
			: `The API key lacks the permission "subscription.write". Add it in ${keyPlace}.`;
	},
	keyLabel: 'API key',
	keyLocation: keyPlace,
};
