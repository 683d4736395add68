import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IDataObject,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import {
	normalizeCredential,
	normalizeSecret,
	secretProblem,
	type CredentialCheck,
	type SigningCredential,
} from './contract/credential';
import { errorText, isWebPage, type ApiRequest, type ApiResponse } from './contract/http';
import type { Provider } from './contract/provider';
import { validateBaseUrl } from './http/baseUrl';
import { secretsOf } from './http/account';
import { redact } from './http/redact';
import { isResponse } from './http/response';
import { sendCredentialTest } from './http/sendRequest';

type TestedProvider = Pick<Provider, 'displayName' | 'baseUrl' | 'credentialChecks' | 'secrets'>;
type CredentialTest = (
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
) => Promise<INodeCredentialTestResult>;

/**
 * The tests of a node's credentials, for its `methods`; each has the name of the credential type that
 * it tests. They send as the node sends, after the same checks, and follow no redirect.
 */
export function credentialTests(provider: TestedProvider): Record<string, CredentialTest> {
	return Object.fromEntries(
		provider.credentialChecks.map((check) => [
			new check.credential().name,
			async function (this: ICredentialTestFunctions, { data = {} }: ICredentialsDecrypted) {
				const problem = await problemWith(this, provider, check, data);
				return problem === undefined
					? { status: 'OK', message: 'Connection successful!' }
					: { status: 'Error', message: redact(problem, secretsOf(provider, data as IDataObject)) };
			},
		]),
	);
}

/** What is wrong with the credential, and what to do; undefined: nothing. */
async function problemWith(
	host: ICredentialTestFunctions,
	provider: TestedProvider,
	check: CredentialCheck,
	data: ICredentialDataDecryptedObject,
): Promise<string | undefined> {
	const { displayName } = provider;
	const type = new check.credential();
	const pasted = pastedWrongly(type, check, data);
	if (pasted) return `${pasted} Nothing was sent. Copy it again from ${check.keyLocation}.`;
	const credential = normalizeCredential(data as IDataObject) as ICredentialDataDecryptedObject;
	let baseUrl: string;
	let signed: IDataObject;
	let request: ApiRequest;
	try {
		const address = provider.baseUrl(credential as IDataObject, type.name);
		baseUrl = validateBaseUrl(address, `the ${displayName} credential`);
		request =
			typeof check.request === 'function'
				? check.request(credential as IDataObject)
				: check.request;
		({ headers: signed = {} } = await type.authenticate(credential, { url: baseUrl }));
	} catch (error) {
		return (error as Error).message;
	}
	const secrets = secretsOf(provider, data as IDataObject);
	const result = await sendCredentialTest({ host, baseUrl, signed, secrets }, request);
	return isResponse(result)
		? (check.problem?.(result, credential) ??
				problemInResponse(result, { displayName, baseUrl, check }))
		: `${displayName} could not be reached at ${baseUrl}: ${result.reason}. Check the base URL, and that n8n may connect to it.`;
}

/** Says of the first key that was not pasted as it is what is wrong with it. */
function pastedWrongly(
	{ properties }: SigningCredential,
	{ secretIsHeader }: CredentialCheck,
	data: ICredentialDataDecryptedObject,
): string | undefined {
	const problems = properties
		// A key that is not required may be left empty.
		.filter(
			({ typeOptions, required, name }) =>
				typeOptions?.password && (required || normalizeSecret(data[name]) !== ''),
		)
		.map(({ name, displayName }) => ({
			displayName,
			problem: secretProblem(data[name], secretIsHeader),
		}));
	const first = problems.find(({ problem }) => problem !== undefined);
	return first && `The ${first.displayName} ${first.problem}.`;
}

interface CheckedAddress {
	displayName: string;
	baseUrl: string;
	check: CredentialCheck;
}

function problemInResponse(response: ApiResponse, checked: CheckedAddress): string | undefined {
	const { status, headers } = response;
	const { baseUrl, check } = checked;
	const { keyLabel } = check;
	if (status >= 200 && status < 300) {
		return check.accepts(response)
			? undefined
			: `What answers at ${baseUrl} does not confirm the ${keyLabel} (${errorText(response)}). Check the base URL, then the ${keyLabel}.`;
	}
	if (status >= 300 && status < 400) {
		const to = headers.location ?? 'another address';
		return `${baseUrl} answered with a redirect to ${to}, which was not followed. Check the base URL.`;
	}
	return (status === 401 || status === 403) && isWebPage(response)
		? `${baseUrl} answered with a web page instead of an API answer (HTTP ${status}), which says nothing about the ${keyLabel}. Check the base URL, and whether a proxy or a bot protection stands in front of the API.`
		: problemInRefusal(response, checked);
}

function problemInRefusal(
	response: ApiResponse,
	{ displayName, baseUrl, check: { keyLabel, keyLocation, keyHint, accessHint } }: CheckedAddress,
): string {
	const { status } = response;
	switch (status) {
		case 401:
			return `${displayName} did not accept the ${keyLabel}. Copy it again from ${keyLocation}.${keyHint ? ` ${keyHint}` : ''}`;
		case 403:
			return `${displayName} does not let this ${keyLabel} use the API. ${accessHint ?? 'Check its permissions, and that your plan includes the API.'}`;
		case 404:
			return `No ${displayName} API found at ${baseUrl}. Check the base URL.`;
		case 429:
			return `${displayName} takes no more calls for now (${errorText(response)}). Test again in a few minutes.`;
		default:
			return `${displayName} did not confirm the ${keyLabel} (${errorText(response)}). ${status >= 500 ? 'Test again later.' : 'Check the base URL.'}`;
	}
}
