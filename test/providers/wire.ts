import { LoadOptionsContext } from 'n8n-core';
import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type IHttpRequestOptions,
	type INode,
	type INodeListSearchResult,
	type INodeParameters,
	type INodePropertyOptions,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import nock from 'nock';

import type { SigningCredential } from '../../nodes/shared/contract/credential';
import { load } from '../host/harness';
import { against } from '../specs/described';

/** A request as it left the machine; path and query as they stand in the request line. */
export interface Sent {
	method: string;
	path: string;
	headers: Record<string, string>;
	body: unknown;
}

/** Status, body and headers; `silence` is no answer at all; such tests need a short timeout. */
export type Prepared =
	[status: number, body?: unknown, headers?: Record<string, string>] | 'silence';

let left: Prepared[] = [];
let undescribed: unknown[] = [];

/** The requests of the present test, in order. */
export const arrived: Sent[] = [];

export const lines = (sent: Sent[]) => sent.map(({ method, path }) => `${method} ${path}`);

/**
 * Prepares one answer for each request, in order, and gives back the requests that came. Each of them
 * has to be as test/specs describes it, where that knows the origin.
 */
export function answering(origin: string, ...prepared: Prepared[]): Sent[] {
	const sent: Sent[] = [];
	nock.cleanAll();
	left = [...prepared];
	for (let count = 0; count <= prepared.length; count++) {
		for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
			const scope = nock(origin).intercept(/.*/, method).optionally();
			scope.reply(async function (path, body) {
				const request = { method, path, headers: flat(this.req.headers), body };
				sent.push(request);
				arrived.push(request);
				const wrong = against({ ...request, url: `${origin}${path}` });
				if (wrong !== undefined) undescribed.push([method, path, body, wrong]);
				const next = left.shift() ?? [599, 'no answer was prepared for this request'];
				if (next === 'silence') return await new Promise(() => {});
				const [status, reply = '', more = {}] = next;
				return [status, reply as string, more];
			});
		}
	}
	return sent;
}

/** Gives back the answers that nothing has asked for, for a test in which host lines differ. */
export const unasked = (): Prepared[] => left.splice(0);

const flat = (headers: object) =>
	Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

beforeEach(() => {
	nock.cleanAll();
	nock.disableNetConnect();
	arrived.splice(0);
	undescribed = [];
});
afterEach(() => {
	expect(undescribed).toEqual([]);
	expect(unasked()).toEqual([]);
});
afterAll(() => {
	nock.cleanAll();
	nock.enableNetConnect();
	// It would stay in Node's own http, under whatever file this process tests next.
	nock.restore();
});

/** A picker's list, as the editor asks for it; `parameters` are what the panel holds. */
export async function pick(
	node: string,
	method: string,
	credentials: Record<string, ICredentialDataDecryptedObject>,
	typed?: string,
	page?: string,
	parameters: INodeParameters = {},
): Promise<INodeListSearchResult> {
	const { type, context } = await editing(node, credentials, parameters);
	return await type.methods!.listSearch![method].call(context, typed, page);
}

/** The entry of the field under a locator, which the editor fills in by itself. */
export async function foundNow(
	node: string,
	credentials: Record<string, ICredentialDataDecryptedObject>,
	parameters: INodeParameters,
): Promise<INodePropertyOptions> {
	const { type, context } = await editing(node, credentials, parameters);
	const [only, ...others] = await type.methods!.loadOptions!.found.call(context);
	expect(others).toEqual([]);
	return only;
}

/** A node while its panel is open. */
export async function editing(
	node: string,
	credentials: Record<string, ICredentialDataDecryptedObject>,
	parameters: INodeParameters,
): Promise<{ type: INodeType; context: LoadOptionsContext }> {
	const loader = await load();
	const type = loader.getNode(node).type as INodeType;
	const signed = (name: string) =>
		(loader.getCredential(name).type as SigningCredential).authenticate;
	const helper = {
		getParentTypes: (name: string) => loader.getCredential(name).type.extends ?? [],
		isCredentialUsableByNode: () => true,
		preAuthentication: async () => undefined,
		runPreAuthentication: async () => undefined,
		getDecrypted: async (_data: unknown, _details: unknown, name: string) => credentials[name],
		async authenticate(
			values: ICredentialDataDecryptedObject,
			name: string,
			options: IHttpRequestOptions,
		) {
			return await signed(name)(values, options);
		},
	};
	const one: INode = {
		id: 'c',
		name: 'Cancel',
		type: `n8n-nodes-cancellations.${node}`,
		typeVersion: 1,
		position: [0, 0],
		parameters,
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
		currentNodeParameters: parameters,
	} as unknown as IWorkflowExecuteAdditionalData;
	return { type, context: new LoadOptionsContext(workflow, one, additionalData, '') };
}
