import type {
	ICredentialTestFunctions,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	JsonObject,
} from 'n8n-workflow';

import { neverAborted } from '../contract/clock';
import type { ApiRequest } from '../contract/http';
import { refreshSecrets, type Account, type NodeContext } from './account';
import { buildUrl } from './baseUrl';
import { withDeadline, type RequestDeadline } from './deadline';
import { encodeForm } from './formBody';
import { redactSecretValues } from './redact';
import { classifyError, isResponse, notSent, toApiResponse, type CallResult } from './response';

/** What n8n's HTTP client returns. */
interface FullResponse {
	statusCode: number;
	headers: IDataObject;
	body: unknown;
}

interface SendContext extends RequestDeadline {
	host: NodeContext;
	account: Account;
}

/**
 * Sends one request once. Secrets of the account are removed from whatever comes back, so that no text
 * of a provider can carry one into a message, a log, a list or an error.
 * @returns never throws: what prevents a response is a result, too
 */
export async function sendOnce(context: SendContext, request: ApiRequest): Promise<CallResult> {
	const { host, account } = context;
	const result = await withDeadline(context, async (signal) => {
		const received = await toCallResult(() => {
			const options = requestOptions(context, request, signal);
			const caller = endedBy(signal, host as IExecuteFunctions);
			const { httpRequestWithAuthentication } = host.helpers as IExecuteFunctions['helpers'];
			return async () =>
				(await httpRequestWithAuthentication.call(caller, account.type, options)) as FullResponse;
		});
		// n8n may have renewed the token for this request.
		await refreshSecrets(host, account).catch(() => {});
		return received;
	});
	return withoutSecrets(result, account.secrets);
}

function requestOptions(
	{ account, timeout }: SendContext,
	request: ApiRequest,
	signal: AbortSignal,
): IHttpRequestOptions {
	const { text, headers } = encodeBody(request);
	return {
		method: request.method ?? 'GET',
		url: buildUrl(account, request),
		headers: { ...headers, ...account.headers, ...request.headers },
		timeout,
		json: true,
		returnFullResponse: true,
		// The status decides, not an exception; and without it n8n sends again after a 401.
		ignoreHttpStatusErrors: !account.oAuth2,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
		abortSignal: signal,
		...(text !== undefined && { body: text }),
	};
}

/** n8n replaces a request's own signal by that of the execution wherever the caller has one. */
function endedBy(signal: AbortSignal, host: IExecuteFunctions): IExecuteFunctions {
	const own = { getExecutionCancelSignal: { value: () => signal } };
	return 'getExecutionCancelSignal' in host
		? (Object.create(host, own) as IExecuteFunctions)
		: host;
}

/** Milliseconds that a credential's test waits for its answer. */
const testTimeout = 30_000;

/** Where the request of a credential's test goes, and what signs it. */
export interface CredentialTestContext {
	host: ICredentialTestFunctions;
	baseUrl: string;
	/** Headers that sign it. */
	signed: IDataObject;
	secrets: string[];
}

/**
 * Sends the request of a credential's test once, and to this address only.
 * @returns never throws: what prevents a response is a result, too
 */
export async function sendCredentialTest(
	{ host, baseUrl, signed, secrets }: CredentialTestContext,
	request: ApiRequest,
): Promise<CallResult> {
	const result = await withDeadline(
		{ timeout: testTimeout, signal: neverAborted },
		async () =>
			await toCallResult(() => {
				const { text, headers } = encodeBody(request);
				const options = {
					method: request.method ?? 'GET',
					uri: buildUrl({ baseUrl }, request),
					headers: { ...headers, ...request.headers, ...signed },
					...(text !== undefined && { body: text }),
					json: true,
					timeout: testTimeout,
					resolveWithFullResponse: true,
					// The status decides, not an exception.
					simple: false,
					followRedirect: false,
				};
				// The only way to send that n8n gives a credential's test.
				return async () => (await host.helpers.request(options)) as FullResponse;
			}),
	);
	return withoutSecrets(result, secrets);
}

function withoutSecrets(result: CallResult, secrets: string[]): CallResult {
	if (!isResponse(result)) return { ...result, reason: redactSecretValues(result.reason, secrets) };
	const { headers, body } = redactSecretValues(
		{ headers: result.headers, body: result.body },
		secrets,
	);
	return { ...result, headers, body };
}

/** Builds and sends a request. One that cannot be built is not sent, and trying again cannot help. */
async function toCallResult(build: () => () => Promise<FullResponse>): Promise<CallResult> {
	let send: () => Promise<FullResponse>;
	try {
		send = build();
	} catch (error) {
		const reason = `the request cannot be built (${(error as Error).message})`;
		return notSent(reason, { permanent: true });
	}
	try {
		const { statusCode, headers, body } = await send();
		return toApiResponse(statusCode, headers, body);
	} catch (error) {
		return classifyError(error as JsonObject);
	}
}

/** The body as text, because n8n drops an empty object. */
function encodeBody({ body, form }: ApiRequest): {
	text?: string;
	headers: Record<string, string>;
} {
	if (form) {
		const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
		return { text: encodeForm(form), headers };
	}
	return body
		? { text: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
		: { headers: {} };
}
