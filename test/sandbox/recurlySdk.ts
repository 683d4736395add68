import './recurlyStrictMode';
import { type ApiError, Client, errors } from 'recurly';
import { HttpAdapter, HttpResponse } from 'recurly/lib/recurly/HttpAdapter';
import { vendorCall } from '../specs/recurlyDescription';
import type { Sandbox } from '../../sandbox/server';

export { errors };

/**
 * A client of the sandbox.
 * @param complaints gets what Recurly's own description says against the requests and their answers
 */
export function clientOf(sandbox: Sandbox, key: string, complaints: string[]): Client {
	class LocalAdapter extends HttpAdapter {
		override async execute(...request: Parameters<HttpAdapter['execute']>) {
			const [method, url, headers, body] = request;
			const { pathname, search, searchParams } = new URL(url);
			const address = `${sandbox.url}/recurly${pathname}${search}`;
			const response = await fetch(address, { method, body, headers });
			const text = await response.text();
			complaints.push(
				...complaintsAbout(
					{ method, pathname, query: searchParams, body: body ?? '' },
					{ status: response.status, text },
				),
			);
			const received: Record<string, string> = {};
			response.headers.forEach((value, name) => (received[name] = value));
			return new HttpResponse(response.status, received, text);
		}
	}
	return new Client(key, { httpAdapter: new LocalAdapter() });
}

/** A refused request may be what the description does not allow; its answer may not. */
function complaintsAbout(
	sent: { method: string; pathname: string; query: URLSearchParams; body: string },
	got: { status: number; text: string },
): string[] {
	const call = vendorCall(sent.method === 'HEAD' ? 'GET' : sent.method, sent.pathname);
	const about = `${sent.method} ${sent.pathname}`;
	if (call === undefined) return [`${about} is not described`];
	const complaints = [
		got.status < 300 ? call.againstRequest(sent.query, parsed(sent.body)) : undefined,
		sent.method === 'HEAD' ? undefined : call.againstReply(got.status, parsed(got.text)),
	];
	return complaints.flatMap((one) => (one === undefined ? [] : [`${about}: ${one}`]));
}

const parsed = (text: string): unknown => (text === '' ? undefined : JSON.parse(text));

/** The error that the SDK throws. */
export async function errorOf(
	call: Promise<unknown>,
): Promise<ApiError & { message: string; type: string }> {
	const error: unknown = await call.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!(error instanceof errors.ClientError) && !(error instanceof errors.ServerError)) {
		throw new Error(`the SDK threw no error of the API but ${String(error)}`);
	}
	return error as ApiError & { message: string; type: string };
}
