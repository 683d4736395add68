import type { ICredentialTestFunctions, IDataObject, JsonObject } from 'n8n-workflow';

import type { Call } from '../contract/call';
import { urlOf } from './address';
import { toReply } from './reply';
import { understood, type Answer } from './silence';

/** Milliseconds after which a test gives up. */
const timeout = 30_000;

/**
 * One HTTP call of a credential's test, once, and nowhere else than to this address. Never throws:
 * silence is an answer.
 * @param headers what signs it
 */
export async function tryOut(
	host: ICredentialTestFunctions,
	baseUrl: string,
	headers: IDataObject,
	call: Call,
): Promise<Answer> {
	// The one way to send that n8n gives a credential's test.
	const { helpers } = host;
	const body = call.body && { body: JSON.stringify(call.body) };
	try {
		const full = (await helpers.request({
			method: call.method ?? 'GET',
			uri: urlOf({ baseUrl }, call),
			headers: { ...(body && { 'Content-Type': 'application/json' }), ...call.headers, ...headers },
			...body,
			json: true,
			timeout,
			resolveWithFullResponse: true,
			// The status decides, not an exception.
			simple: false,
			followRedirect: false,
		})) as { statusCode: number; headers: IDataObject; body: unknown };
		return toReply(full.statusCode, full.headers, full.body);
	} catch (thrown) {
		return understood(thrown as JsonObject);
	}
}
