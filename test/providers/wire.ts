import OpenAPIResponseValidator from 'openapi-response-validator';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LoadOptionsContext } from 'n8n-core';
import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INode,
	type INodeListSearchResult,
	type INodeParameters,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import nock from 'nock';
import { parse } from 'yaml';

import { load } from '../host/harness';

/** A request as it left the machine; path and query as they stand in the request line. */
export interface Sent {
	method: string;
	path: string;
	headers: Record<string, string>;
	body: unknown;
}

/** Status, body and headers; `silence` is no answer at all; such tests need a short timeout. */
export type Prepared =
	| [status: number, body?: unknown, headers?: Record<string, string>]
	| 'silence';

let left: Prepared[] = [];

/** Prepares one answer for each request, in order, and gives back the requests that came. */
export function answering(origin: string, ...prepared: Prepared[]): Sent[] {
	const sent: Sent[] = [];
	nock.cleanAll();
	left = [...prepared];
	for (let count = 0; count <= prepared.length; count++) {
		for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
			const scope = nock(origin).intercept(/.*/, method).optionally();
			scope.reply(async function (path, body) {
				const { headers } = this.req;
				sent.push({ method, path, headers: headers as never, body });
				const next = left.shift() ?? [599, 'no answer was prepared for this request'];
				if (next === 'silence') return await new Promise(() => {});
				const [status, reply = '', more = {}] = next;
				return [status, reply as string, more];
			});
		}
	}
	return sent;
}

beforeEach(() => {
	nock.cleanAll();
	nock.disableNetConnect();
});
afterEach(() => {
	expect(left).toEqual([]);
	left = [];
});
afterAll(() => {
	nock.cleanAll();
	nock.enableNetConnect();
});

/** A picker's list, as the editor asks for it. */
export async function pick(
	node: string,
	method: string,
	credentials: Record<string, ICredentialDataDecryptedObject>,
	typed?: string,
	page?: string,
): Promise<INodeListSearchResult> {
	const loader = await load();
	const type = loader.getNode(node).type as INodeType;
	const signed = (name: string) => loader.getCredential(name).type.authenticate;
	const helper = {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		preAuthentication: async () => undefined,
		getDecrypted: async (_data: unknown, _details: unknown, name: string) => credentials[name],
		async authenticate(values: IDataObject, name: string, options: IDataObject) {
			const { properties } = signed(name) as { properties: { headers: Record<string, string> } };
			const headers = Object.entries(properties.headers).map(([header, template]) => [
				header,
				template
					.replace(/^=/, '')
					.replace(/\{\{\$credentials\.(\w+)\}\}/g, (_, key) => values[key] as string),
			]);
			return {
				...options,
				headers: { ...(options.headers as IDataObject), ...Object.fromEntries(headers) },
			};
		},
	};
	const one: INode = {
		id: 'c',
		name: 'Cancel',
		type: `n8n-nodes-cancellations.${node}`,
		typeVersion: 1,
		position: [0, 0],
		parameters: {} as INodeParameters,
		credentials: Object.fromEntries(
			Object.keys(credentials).map((name) => [name, { id: `picker-${name}`, name }]),
		),
	};
	const nodeTypes = {
		getByName: () => type,
		getByNameAndVersion: () => type,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({ nodes: [one], connections: {}, active: false, nodeTypes });
	const additionalData = {
		credentialsHelper: helper,
		currentNodeParameters: {},
	} as unknown as IWorkflowExecuteAdditionalData;
	const context = new LoadOptionsContext(workflow, one, additionalData, '');
	return await type.methods!.listSearch![method].call(context, typed, page);
}

interface Described {
	/** What the vendor's description says against a request; undefined: nothing. */
	against(sent: Sent): unknown;
}

interface Operation {
	parameters?: Array<{ name: string; in: string; required?: boolean; schema: IDataObject }>;
	requestBody?: { required: boolean; content: Record<string, { schema: IDataObject }> };
}

/** The vendor's own description of one call, cut out of its documentation page. */
export function described(page: string): Described {
	const text = readFileSync(join(__dirname, '../specs', `${page}.txt`), 'utf8');
	const [, yaml] = /````yaml[^\n]*\n([\s\S]*?)\n````/.exec(text) ?? [];
	const document = parse(yaml, { version: '1.1' }) as {
		servers: Array<{ url: string }>;
		paths: Record<string, Record<string, Operation>>;
		components?: object;
	};
	const [[path, methods]] = Object.entries(document.paths);
	const [[method, { parameters = [], requestBody }]] = Object.entries(methods);
	const where = new RegExp(
		`^${new URL(document.servers[0].url).pathname}${path.replace(/\{\w+\}/g, '[^/?#]+')}$`,
	);
	// The validator knows answers only; a request's parts are such values, too.
	const check = (schema: IDataObject, value: unknown) =>
		new OpenAPIResponseValidator({
			responses: { 200: { description: '', content: { 'application/json': { schema } } } } as never,
			components: document.components as never,
		}).validateResponse('200', value);
	const ofPlace = (place: string) => parameters.filter((parameter) => parameter.in === place);
	const asSchema = (place: string, lower = false): IDataObject => ({
		type: 'object',
		properties: Object.fromEntries(
			ofPlace(place).map(({ name, schema }) => [lower ? name.toLowerCase() : name, schema]),
		) as IDataObject,
		required: ofPlace(place)
			.filter(({ required }) => required)
			.map(({ name }) => (lower ? name.toLowerCase() : name)),
		additionalProperties: lower,
	});
	const noMoment = ([name, value]: [string, string]) => {
		const { format } = ofPlace('query').find((one) => one.name === name)?.schema ?? {};
		return format === 'date-time' && !/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value);
	};
	const typed = (name: string, value: string) => {
		const { type } = ofPlace('query').find((one) => one.name === name)?.schema ?? {};
		return type === 'boolean' && /^(true|false)$/.test(value) ? value === 'true' : value;
	};

	return {
		against(sent) {
			const url = new URL(sent.path, 'https://vendor.test');
			if (sent.method.toLowerCase() !== method) return `${sent.method} instead of ${method}`;
			if (!where.test(url.pathname)) return `${url.pathname} is no ${path}`;
			const wrong = [...url.searchParams].find(noMoment);
			if (wrong) return `${wrong[0]} is no date-time`;
			const query = [...url.searchParams].map(([name, value]) => [name, typed(name, value)]);
			const body = requestBody?.content['application/json'].schema;
			return (
				check(asSchema('query'), Object.fromEntries(query)) ??
				check(asSchema('header', true), sent.headers) ??
				(sent.body === '' && !requestBody?.required
					? undefined
					: body
						? check(body, sent.body)
						: 'a body where none is described')
			);
		},
	};
}
