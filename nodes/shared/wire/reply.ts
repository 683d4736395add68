import type { IDataObject } from 'n8n-workflow';

import type { Reply } from '../contract/call';

/** An answer as n8n's HTTP client gives it, in the engine's shape. */
export function toReply(status: number, headers: IDataObject, body: unknown): Reply {
	const lower = Object.entries(headers ?? {}).map(([name, value]) => [
		name.toLowerCase(),
		String(value),
	]);
	return { status, headers: Object.fromEntries(lower), body: parsed(body) };
}

/** JSON whatever the content type says (Azotte names its own); other text as it is. */
function parsed(body: unknown): unknown {
	if (typeof body !== 'string' || !/^\s*[[{"]/.test(body)) return body;
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return body;
	}
}
