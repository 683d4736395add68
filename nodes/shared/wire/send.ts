import type { IDataObject, IExecuteFunctions, IHttpRequestOptions, JsonObject } from 'n8n-workflow';

import type { Call } from '../contract/call';
import type { Account, Host } from './account';
import { urlOf } from './address';
import { toReply } from './reply';
import { understood, type Answer } from './silence';

/** One HTTP call, once; `timeout` in milliseconds. Never throws: silence is an answer. */
export async function sendOnce(
	{ host, account, timeout }: { host: Host; account: Account; timeout: number },
	call: Call,
): Promise<Answer> {
	const options: IHttpRequestOptions = {
		method: call.method ?? 'GET',
		url: urlOf(account, call),
		headers: { ...account.headers, ...call.headers },
		timeout,
		json: true,
		returnFullResponse: true,
		// The status decides, not an exception; and without it n8n sends again after a 401.
		ignoreHttpStatusErrors: !account.oAuth2,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
	};
	if (call.body) {
		// As text, because n8n drops an empty object.
		options.body = JSON.stringify(call.body);
		options.headers = { 'Content-Type': 'application/json', ...options.headers };
	}
	try {
		const { helpers } = host as IExecuteFunctions;
		const full = (await helpers.httpRequestWithAuthentication.call(
			host as IExecuteFunctions,
			account.type,
			options,
		)) as { statusCode: number; headers: IDataObject; body: unknown };
		return toReply(full.statusCode, full.headers, full.body);
	} catch (thrown) {
		return understood(thrown as JsonObject);
	}
}
