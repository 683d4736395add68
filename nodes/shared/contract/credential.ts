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

/** How a credential is tested: by a call that changes nothing, and whose answer only a good key gets. */
export interface CredentialCheck {
	/** The credential's class, which says how a call is signed. */
	credential: new () => SigningCredential;
	request: ApiRequest;
	/** Asked of a 2xx only: is it what this call is answered with? Anything else proves nothing. */
	accepts(reply: ApiResponse): boolean;
	/** What the product calls its key: "secret key". */
	keyLabel: string;
	/** Where the user finds it: "Project Settings". */
	keyLocation: string;
}
