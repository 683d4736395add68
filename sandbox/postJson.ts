import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** The result of a call: a status, or the reason why there is none. */
export interface PostResult {
	status: number | null;
	/** At most the first 500 characters. */
	answer?: string;
	error?: string;
}

/**
 * Posts JSON without following redirects or using a proxy. Never throws; `error` has the reason of a failure.
 */
export async function postJson(
	url: URL,
	call: { headers: Record<string, string>; body: string; timeoutMs: number; signal: AbortSignal },
): Promise<PostResult> {
	const signal = AbortSignal.any([call.signal, AbortSignal.timeout(call.timeoutMs)]);
	const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
	return await new Promise((resolve) => {
		const fail = ({ message }: Error) =>
			resolve({
				status: null,
				error: signal.aborted
					? `no answer within ${call.timeoutMs} ms`
					: message || 'no connection',
			});
		const headers = {
			'content-type': 'application/json',
			'content-length': String(Buffer.byteLength(call.body)),
			...call.headers,
		};
		const sent = request(url, { method: 'POST', headers, signal, agent: false }, (response) => {
			let text = '';
			response.setEncoding('utf8');
			response.on('data', (part: string) => {
				text = (text + part).slice(0, 500);
			});
			response.on('end', () => resolve({ status: response.statusCode ?? null, answer: text }));
			response.on('error', fail);
		});
		sent.on('error', fail);
		sent.end(call.body);
	});
}
