import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { virtualTime } from '../host/virtualTime';

/** One request as it came in. */
export interface ReceivedRequest {
	method: string;
	path: string;
	query: URLSearchParams;
	/** How many requests with this method came before it. */
	before: number;
}

/** `silence`: no response, so that the caller runs into its timeout. */
export type ScriptedResponse =
	| { status: number; body?: unknown; headers?: Record<string, string>; delayMs?: number }
	| 'silence';

export interface Server {
	url: string;
	asked: ReceivedRequest[];
}

/** Runs a test against a server that answers as the test says, where the sandbox is too well-behaved. */
export async function onServer<T>(
	answer: (asked: ReceivedRequest) => ScriptedResponse,
	test: (server: Server) => Promise<T>,
): Promise<T> {
	const asked: ReceivedRequest[] = [];
	const server = createServer((request, response) => {
		const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
		const method = request.method ?? '';
		const before = asked.filter((one) => one.method === method).length;
		const one = { method, path: pathname, query: searchParams, before };
		asked.push(one);
		const its = answer(one);
		if (its !== 'silence') {
			void virtualTime()
				.sleep(its.delayMs ?? 0)
				.then(() => give(response, its));
		}
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		const { port } = server.address() as AddressInfo;
		return await test({ url: `http://127.0.0.1:${port}`, asked });
	} finally {
		server.closeAllConnections();
		server.close();
	}
}

function give(
	response: ServerResponse,
	{ status, body, headers }: Exclude<ScriptedResponse, 'silence'>,
): void {
	response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
	response.end(body === undefined ? '' : JSON.stringify(body));
}
