import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	JsonObject,
	ICredentialTestFunctions,
} from 'n8n-workflow';

import type { ApiRequest } from '../contract/http';
import type { Account, NodeContext } from './account';
import { buildUrl } from './baseUrl';
import { toApiResponse, classifyError, type CallResult } from './response';

/** One HTTP call, once; `timeout` in milliseconds. Never throws: silence is an answer. */
export async function sendOnce(
	{ host, account, timeout }: { host: NodeContext; account: Account; timeout: number },
	call: ApiRequest,
): Promise<CallResult> {
	const { text, headers } = encodeBody(call);
	const options: IHttpRequestOptions = {
		method: call.method ?? 'GET',
		url: buildUrl(account, call),
		headers: { ...headers, ...account.headers, ...call.headers },
		timeout,
		json: true,
		returnFullResponse: true,
		// The status decides, not an exception; and without it n8n sends again after a 401.
		ignoreHttpStatusErrors: !account.oAuth2,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
		...(text !== undefined && { body: text }),
	};
	try {
		const { helpers } = host as IExecuteFunctions;
		const full = (await helpers.httpRequestWithAuthentication.call(
			host as IExecuteFunctions,
			account.type,
			options,
		)) as { statusCode: number; headers: IDataObject; body: unknown };
		return toApiResponse(full.statusCode, full.headers, full.body);
	} catch (thrown) {
		return classifyError(thrown as JsonObject);
	}
}

/** Milliseconds after which a test gives up. */
const timeout = 30_000;

/**
 * One HTTP call of a credential's test, once, and nowhere else than to this address. Never throws:
 * silence is an answer.
 * @param headers what signs it
 */
export async function sendCredentialTest(
	host: ICredentialTestFunctions,
	baseUrl: string,
	headers: IDataObject,
	call: ApiRequest,
): Promise<CallResult> {
	// The one way to send that n8n gives a credential's test.
	const { helpers } = host;
	const { text, headers: contentType } = encodeBody(call);
	try {
		const full = (await helpers.request({
			method: call.method ?? 'GET',
			uri: buildUrl({ baseUrl }, call),
			headers: { ...contentType, ...call.headers, ...headers },
			...(text !== undefined && { body: text }),
			json: true,
			timeout,
			resolveWithFullResponse: true,
			// The status decides, not an exception.
			simple: false,
			followRedirect: false,
		})) as { statusCode: number; headers: IDataObject; body: unknown };
		return toApiResponse(full.statusCode, full.headers, full.body);
	} catch (thrown) {
		return classifyError(thrown as JsonObject);
	}
}

/** The body as text, because n8n drops an empty object. */
function encodeBody({ body, form }: ApiRequest): { text?: string; headers: IDataObject } {
	if (form) {
		return {
			text: encodeForm(form),
			headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
		};
	}
	return body
		? { text: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
		: { headers: {} };
}

function encodeForm(form: NonNullable<ApiRequest['form']>): string {
	const pairs = new URLSearchParams();
	for (const [name, value] of Object.entries(form)) {
		if (value !== undefined) pairs.append(name, String(value));
	}
	return pairs.toString();
}
