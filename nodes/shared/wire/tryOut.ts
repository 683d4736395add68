import type {
	IAuthenticateGeneric,
	ICredentialTestFunctions,
	ICredentialType,
	IDataObject,
	JsonObject,
} from 'n8n-workflow';

import type { Call } from '../contract/call';
import { urlOf } from './address';
import { toReply } from './reply';
import { understood, type Answer } from './silence';

/** Milliseconds after which a test gives up. */
const timeout = 30_000;

/** The headers that a credential declares, with its values: what n8n fills in by itself outside of tests. */
export function signature(type: ICredentialType, credential: IDataObject): Record<string, string> {
	const { headers = {} } = (type.authenticate as IAuthenticateGeneric).properties;
	return Object.fromEntries(
		Object.entries(headers).map(([name, template]) => [
			name,
			String(template)
				.replace(/^=/, '')
				.replace(/\{\{\s*\$credentials\.(\w+)\s*\}\}/g, (_, field: string) =>
					String(credential[field] ?? ''),
				),
		]),
	);
}

/**
 * One HTTP call of a credential's test, once, and nowhere else than to this address. Never throws:
 * silence is an answer.
 * @param headers the call's signature
 */
export async function tryOut(
	host: ICredentialTestFunctions,
	baseUrl: string,
	headers: Record<string, string>,
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
