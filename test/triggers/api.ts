import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';

/** A request as it left the machine. */
export interface Sent {
	method: string;
	/** Without the query. */
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	body: IDataObject;
}

/** Status, body and headers; no answer at all where it is undefined. */
export type Answered =
	[status: number, body?: unknown, headers?: Record<string, string>] | undefined;

/** Stands in for a provider's API; gives back the requests that came. */
export function api(origin: string, answer: (sent: Sent) => Answered): Sent[] {
	const all: Sent[] = [];
	for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
		nock(origin)
			.persist()
			.intercept(/.*/, method)
			.reply(async function (uri, body) {
				const url = new URL(uri, origin);
				const sent = {
					method,
					path: url.pathname,
					query: Object.fromEntries(url.searchParams),
					headers: this.req.headers as unknown as Record<string, string>,
					body: body as unknown as IDataObject,
				};
				all.push(sent);
				const [status, reply = '', headers = {}] =
					answer(sent) ?? (await new Promise<never>(() => {}));
				return [status, reply as string, headers];
			});
	}
	return all;
}

beforeEach(() => {
	nock.cleanAll();
	nock.disableNetConnect();
});
afterAll(() => {
	nock.cleanAll();
	nock.enableNetConnect();
	// It would stay in Node's own http, under whatever file this process tests next.
	nock.restore();
});
