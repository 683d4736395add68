import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { errorText, type ApiResponse } from './contract/http';
import type { CredentialCheck } from './contract/credential';
import type { Provider } from './contract/provider';
import { validateBaseUrl } from './http/baseUrl';
import { redact, collectSecrets } from './http/redact';
import { isResponse } from './http/response';
import { sendCredentialTest } from './http/sendRequest';

type TestedProvider = Pick<Provider, 'displayName' | 'baseUrl' | 'credentialChecks'>;
type CredentialTest = (
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
) => Promise<INodeCredentialTestResult>;

/**
 * The tests of a node's credentials, for its `methods`; each has the name of the credential type that
 * it tests. They go where the node goes, by the same check of the address, and follow no redirect.
 */
export function credentialTests(provider: TestedProvider): Record<string, CredentialTest> {
	return Object.fromEntries(
		provider.credentialChecks.map((test) => [
			new test.credential().name,
			async function (this: ICredentialTestFunctions, { data = {} }: ICredentialsDecrypted) {
				const against = await problemWith(this, provider, test, data);
				return against === undefined
					? { status: 'OK', message: 'Connection successful!' }
					: { status: 'Error', message: redact(against, collectSecrets(data)) };
			},
		]),
	);
}

/** What speaks against the credential, and what to do; undefined: nothing. */
async function problemWith(
	host: ICredentialTestFunctions,
	provider: TestedProvider,
	test: CredentialCheck,
	data: ICredentialDataDecryptedObject,
): Promise<string | undefined> {
	const { displayName } = provider;
	const type = new test.credential();
	let baseUrl: string;
	try {
		baseUrl = validateBaseUrl(provider.baseUrl(data, type.name), `the ${displayName} credential`);
	} catch (refusal) {
		return (refusal as Error).message;
	}
	const { headers = {} } = await type.authenticate(data, { url: baseUrl });
	const answer = await sendCredentialTest(host, baseUrl, headers, test.request);
	if (!isResponse(answer)) {
		return `${displayName} could not be reached at ${baseUrl}: ${answer.reason}. Check the base URL, and that n8n may connect to it.`;
	}
	return test.problem?.(answer, data) ?? problemInResponse(answer, displayName, baseUrl, test);
}

function problemInResponse(
	reply: ApiResponse,
	product: string,
	baseUrl: string,
	test: CredentialCheck,
) {
	const { status } = reply;
	const { keyLabel, keyLocation } = test;
	if (status >= 200 && status < 300) {
		return test.accepts(reply)
			? undefined
			: `What answers at ${baseUrl} does not confirm the ${keyLabel} (${errorText(reply)}). Check the base URL, then the ${keyLabel}.`;
	}
	if (status >= 300 && status < 400) {
		const to = reply.headers.location ?? 'another address';
		return `${baseUrl} answered with a redirect to ${to}, which was not followed. Check the base URL.`;
	}
	switch (status) {
		case 401:
			return `${product} did not accept the ${keyLabel}. Copy it again from ${keyLocation}.`;
		case 403:
			return `${product} does not let this ${keyLabel} use the API. Check its permissions, and that your plan includes the API.`;
		case 404:
			return `There is no API of ${product} at ${baseUrl}. Check the base URL.`;
		case 429:
			return `${product} takes no more calls for now (${errorText(reply)}). Test again in a few minutes.`;
		default:
			return `${product} did not confirm the ${keyLabel} (${errorText(reply)}). ${status >= 500 ? 'Test again later.' : 'Check the base URL.'}`;
	}
}
