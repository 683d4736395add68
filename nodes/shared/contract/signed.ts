import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
} from 'n8n-workflow';

type Values = Record<string, string>;
type Sign = (
	values: ICredentialDataDecryptedObject,
	call: IHttpRequestOptions,
) => Promise<IHttpRequestOptions>;

export type Signing = ICredentialType & { authenticate: Sign };

/**
 * How a credential signs a call: with these headers, made of its values. A function, because n8n would
 * evaluate an expression again for every call, which takes it as much CPU as all the rest of the call.
 */
export const signedBy =
	(headersOf: (values: Values) => Values): Sign =>
	async (values, call) => ({
		...call,
		headers: { ...call.headers, ...headersOf(values as Values) },
	});
