import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
} from 'n8n-workflow';
import type { ApiRequest, ApiResponse } from './http';

type Values = Record<string, string>;
type Sign = (
	values: ICredentialDataDecryptedObject,
	call: IHttpRequestOptions,
) => Promise<IHttpRequestOptions>;

export type SigningCredential = ICredentialType & { authenticate: Sign };

/**
 * How a credential signs a call: with these headers, made of its values. A function, because n8n would
 * evaluate an expression again for every call, which takes it as much CPU as all the rest of the call.
 */
export const signWith =
	(headersOf: (values: Values) => Values): Sign =>
	async (values, call) => ({
		...call,
		headers: { ...call.headers, ...headersOf(values as Values) },
	});

/** How a credential is tested: by a request that changes nothing and that only a valid key gets through. */
export interface CredentialCheck {
	/** The credential's class, which signs the request. */
	credential: new () => SigningCredential;
	request: ApiRequest;
	/** Whether a 2xx is this API's response to the request; any other 2xx proves nothing. */
	accepts(response: ApiResponse): boolean;
	/**
	 * What the provider's own response says against the credential, and what to do; undefined: the test's
	 * general sentence for the status is used, or `accepts` decides.
	 */
	problem?(response: ApiResponse, values: ICredentialDataDecryptedObject): string | undefined;
	/** What the product calls its key: "secret key". */
	keyLabel: string;
	/** Where the user finds it: "Project Settings". */
	keyLocation: string;
}
