import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
} from 'n8n-workflow';
import type { ApiRequest, ApiResponse } from './http';
import { invalid } from './refusal';

/** Whitespace, control characters and invisible ones (zero-width space, byte order mark) at either end. */
const surroundingBlanks = /^[\s\p{Cc}\p{Cf}\p{Zs}]+|[\s\p{Cc}\p{Cf}\p{Zs}]+$/gu;
/** A header holds printable characters of Latin-1 (RFC 9110, 5.5). n8n's HTTP client drops all others. */
const unsendable = /[^\x20-\x7e\xa0-\xff]/;

/**
 * A key as it is sent, compared and redacted: one text for all three, however it was pasted.
 * @param label what the product calls it, such as "secret key"
 * @throws Refusal if no HTTP header can hold it
 */
export function normalizeSecret(secret: string, label = 'key'): string {
	const text = secret.replace(surroundingBlanks, '');
	if (!unsendable.test(text)) return text;
	throw invalid(
		`The ${label} contains a line break or another character that an HTTP header cannot hold.`,
		'Copy it again and paste it into the credential.',
	);
}

/** What is wrong with the form of a key that was pasted, and what to do; undefined: nothing. */
export function problemWithSecret(secret: string, label: string): string | undefined {
	if (/^Bearer\s/i.test(secret)) {
		return `The ${label} begins with "Bearer", which n8n adds itself. Remove it.`;
	}
	return /^(["'`]).*\1$/s.test(secret) ? `The ${label} stands in quotes. Remove them.` : undefined;
}

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
		headers: { ...call.headers, ...headersOf(normalizeValues(values)) },
	});

/** Every text of a credential that is signed with. */
const normalizeValues = (values: ICredentialDataDecryptedObject): Values =>
	Object.fromEntries(
		Object.entries(values).map(([name, value]) => [
			name,
			typeof value === 'string' && !/url$/i.test(name) ? normalizeSecret(value) : value,
		]),
	) as Values;

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
