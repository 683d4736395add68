import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestOptions,
} from 'n8n-workflow';
import type { ApiRequest, ApiResponse } from './http';

type Values = Record<string, string>;
type Sign = (
	values: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
) => Promise<IHttpRequestOptions>;

export type SigningCredential = ICredentialType & { authenticate: Sign };

/** Blanks, control characters and invisible characters. */
const invisible = '[\\s\\p{C}\\p{Z}\\p{Default_Ignorable_Code_Point}\\u2800]';
const invisibleEdges = new RegExp(`^${invisible}+|${invisible}+$`, 'gu');
const isInvisible = new RegExp(`^${invisible}$`, 'u');

/**
 * The one form of a key in which it is sent, compared and redacted: without the blanks and invisible
 * characters that a copy brings along at its edges.
 */
export const normalizeSecret = (secret: unknown): string =>
	typeof secret === 'string' ? secret.replace(invisibleEdges, '') : '';

/** Whether a field of a credential holds a secret: by its name, addresses and kinds excepted. */
export const isSecretField = (name: string): boolean =>
	/key|token|secret|password/i.test(name) && !/(url|type)$/i.test(name);

/** A credential whose secrets have their one form; everything else stays as it is. */
export const normalizeCredential = <T extends IDataObject>(credential: T): T =>
	Object.fromEntries(
		Object.entries(credential).map(([name, value]) => [
			name,
			typeof value === 'string' && isSecretField(name) ? normalizeSecret(value) : value,
		]),
	) as T;

const prefix = /^bearer(\s+|:\s*)/i;
const quotes = /^["'`´‘’“”„«»]+|["'`´‘’“”„«»]+$/g;

/** A key without "Bearer " before it and quotes around it. */
export const bareSecret = (secret: string): string =>
	normalizeSecret(secret.replace(quotes, '').replace(prefix, '').replace(quotes, ''));

/** Characters that no header can hold (RFC 9110, 5.5): HTTP clients drop them, so that another key is sent. */
const outsideHeaders = /[^\t\x20-\x7e\x80-\xff]/u;

/** Why no header can hold this key; undefined: one can. In words that follow the name of the key. */
export function unsendableReason(secret: string): string | undefined {
	const [character] = outsideHeaders.exec(normalizeSecret(secret)) ?? [];
	if (character === undefined) return undefined;
	const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
	if (/[\r\n]/.test(character)) return 'holds a line break';
	return isInvisible.test(character)
		? `holds an invisible character (${code})`
		: `holds the character "${character}" (${code}), which no key has`;
}

/**
 * Why a key was pasted wrongly; undefined: nothing shows that it was. In words that follow its name.
 * @param isHeader it is the whole value of a header, to which a scheme such as Bearer belongs
 */
export function secretProblem(secret: unknown, isHeader = false): string | undefined {
	const key = normalizeSecret(secret);
	if (key === '') return 'is empty';
	const unquoted = key.replace(quotes, '');
	if (!isHeader && prefix.test(unquoted)) {
		return 'starts with "Bearer", which is added by itself: it is not a part of the key';
	}
	if (unquoted !== key) return 'stands in quotes, which are not a part of it';
	return unsendableReason(key);
}

/**
 * Signs requests with headers that are made of the credential's values. A function, because n8n would
 * evaluate an expression again for every request, at the cost of all the rest of the request.
 * The function that signs throws where a header cannot hold one of the values: nothing is sent then.
 */
export const signWith =
	(headersOf: (values: Values) => Values): Sign =>
	async (values, request) => {
		const normalized = Object.fromEntries(
			Object.entries(values).map(([name, value]) => [
				name,
				typeof value === 'string' ? normalizeSecret(value) : value,
			]),
		);
		const headers = headersOf(normalized as Values);
		Object.entries(headers).forEach(([name, value]) => assertSendable(name, String(value)));
		return { ...request, headers: { ...request.headers, ...headers } };
	};

/** @throws Error where no header can hold the value */
function assertSendable(header: string, value: string): void {
	const problem = unsendableReason(value);
	if (problem) throw new Error(`What the credential gives for the header ${header} ${problem}`);
}

/**
 * A key as HTTP Basic authentication sends it (RFC 7617), for APIs whose user name is the key.
 * @throws Error where the key was pasted with characters that no key has, which base64 would hide
 */
export function basicAuthorization(user: string, password = ''): string {
	[user, password].forEach((part) => assertSendable('Authorization', part));
	return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** How a credential is tested: by a request that changes nothing and that only a valid key gets through. */
export interface CredentialCheck {
	/** The credential's class, which signs the request. */
	credential: new () => SigningCredential;
	/** A function where the user chooses the request. @throws Refusal where there is none to send */
	request: ApiRequest | ((credential: IDataObject) => ApiRequest);
	/** The secret is the whole value of a header, to which a scheme such as Bearer belongs. */
	secretIsHeader?: true;
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
	/** Added to that advice: what else may be wrong with the key. */
	keyHint?: string;
	/** What to check where the key may not use the API; absent: its permissions and the plan. */
	accessHint?: string;
}
