import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook call as it came in. */
export interface Call {
	path: string;
	headers: IncomingHttpHeaders;
	/** The raw body, for a signature. */
	text: string;
	/** Untyped, because each provider has its own format. */
	body: ReturnType<typeof JSON.parse>;
}

/** A server that receives the sandbox's webhook calls. */
export interface Receiver {
	/** Without a slash at the end. */
	readonly url: string;
	readonly calls: Call[];
	/** Statuses of the next responses, one each; then 200. */
	answer(...statuses: number[]): void;
}

/** A receiver for one test file; its calls are cleared before each test. */
export function ownReceiver(): Receiver {
	let server: Server;
	let calls: Call[] = [];
	let answers: number[] = [];
	beforeAll(async () => {
		server = createServer((request, response) => {
			let text = '';
			request.setEncoding('utf8');
			request.on('data', (part: string) => {
				text += part;
			});
			request.on('end', () => {
				const { url: path = '', headers } = request;
				calls.push({ path, headers, text, body: JSON.parse(text) });
				response.writeHead(answers.shift() ?? 200).end('thank you');
			});
		});
		await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	});
	beforeEach(() => {
		calls = [];
		answers = [];
	});
	afterAll(() => {
		server.close();
		server.closeAllConnections();
	});
	return {
		get url() {
			return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		},
		get calls() {
			return calls;
		},
		answer: (...statuses) => {
			answers = statuses;
		},
	};
}
