import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { words, type Reply } from './contract/call';
import type { KeyTest } from './contract/keyTest';
import type { Provider } from './contract/provider';
import { checkedAddress } from './wire/address';
import { redact, secretsOf } from './wire/secrets';
import { isReply } from './wire/silence';
import { tryOut } from './wire/tryOut';

type Tested = Pick<Provider, 'displayName' | 'baseUrl'>;
type CredentialTest = (
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
) => Promise<INodeCredentialTestResult>;

/**
 * The tests of a node's credentials, for its `methods`; each has the name of the credential type that
 * it tests. They go where the node goes, by the same check of the address, and follow no redirect.
 */
export function credentialTests(
	provider: Tested,
	tests: KeyTest[],
): Record<string, CredentialTest> {
	return Object.fromEntries(
		tests.map((test) => [
			new test.credential().name,
			async function (this: ICredentialTestFunctions, { data = {} }: ICredentialsDecrypted) {
				const against = await doubt(this, provider, test, data);
				return against === undefined
					? { status: 'OK', message: 'Connection successful!' }
					: { status: 'Error', message: redact(against, secretsOf(data)) };
			},
		]),
	);
}

/** What speaks against the credential, and what to do; undefined: nothing. */
async function doubt(
	host: ICredentialTestFunctions,
	provider: Tested,
	test: KeyTest,
	data: ICredentialDataDecryptedObject,
): Promise<string | undefined> {
	const { displayName } = provider;
	const type = new test.credential();
	let baseUrl: string;
	try {
		baseUrl = checkedAddress(provider.baseUrl(data, type.name), `the ${displayName} credential`);
	} catch (refusal) {
		return (refusal as Error).message;
	}
	const { headers = {} } = await type.authenticate(data, { url: baseUrl });
	const answer = await tryOut(host, baseUrl, headers, test.call);
	if (!isReply(answer)) {
		return `${displayName} could not be reached at ${baseUrl}: ${answer.reason}. Check the base URL, and that n8n may connect to it.`;
	}
	return against(answer, displayName, baseUrl, test);
}

function against(reply: Reply, product: string, baseUrl: string, test: KeyTest) {
	const { status } = reply;
	const { secret, from } = test;
	if (status >= 200 && status < 300) {
		return test.proves(reply)
			? undefined
			: `What answers at ${baseUrl} does not confirm the ${secret} (${words(reply)}). Check the base URL, then the ${secret}.`;
	}
	if (status >= 300 && status < 400) {
		const to = reply.headers.location ?? 'another address';
		return `${baseUrl} answered with a redirect to ${to}, which was not followed. Check the base URL.`;
	}
	switch (status) {
		case 401:
			return `${product} did not accept the ${secret}. Copy it again from ${from}.`;
		case 403:
			return `${product} does not let this ${secret} use the API. Check its permissions, and that your plan includes the API.`;
		case 404:
			return `There is no API of ${product} at ${baseUrl}. Check the base URL.`;
		case 429:
			return `${product} takes no more calls for now (${words(reply)}). Test again in a few minutes.`;
		default:
			return `${product} did not confirm the ${secret} (${words(reply)}). ${status >= 500 ? 'Test again later.' : 'Check the base URL.'}`;
	}
}
