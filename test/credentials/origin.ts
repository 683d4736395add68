import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Origin {
	url: string;
	port: number;
	/** What came in. */
	requests: Array<{ method?: string; path?: string; headers: IncomingHttpHeaders; body: string }>;
	close(): void;
}

/** A server on this machine, which answers everything in one way. */
export async function origin(answer: RequestListener): Promise<Origin> {
	const requests: Origin['requests'] = [];
	const server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk: Buffer) => (body += chunk.toString()));
		request.on('end', () => {
			requests.push({ method: request.method, path: request.url, headers: request.headers, body });
			answer(request, response);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const close = () => {
		server.close();
		server.closeAllConnections();
	};
	return { url: `http://127.0.0.1:${port}`, port, requests, close };
}

/** Answers with a status and a body: text as it is, anything else as JSON. */
export const saying =
	(status: number, body?: unknown, headers: Record<string, string> = {}): RequestListener =>
	(_, response) => {
		const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
		const type = text?.startsWith('<') ? 'text/html' : 'application/json';
		response.writeHead(status, { 'content-type': type, ...headers }).end(text);
	};
