import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A request as it goes out; header names in lower case, the body parsed where it is JSON. */
export interface Request {
	method: string;
	url: string;
	headers: Record<string, string>;
	/** An empty text where there is none. */
	body: unknown;
}

/** One call of a provider's API, as its file in this folder describes it. */
export interface DescribedCall {
	provider: string;
	/** The `operationId`. */
	id: string;
	method: string;
	path: string;
	/** What the description says against a request; undefined: nothing. */
	againstRequest(request: Request): unknown;
	/** What it says against a reply, its body parsed where it is JSON; undefined: nothing. */
	againstReply(status: number, body: unknown): unknown;
}

type Schema = Record<string, unknown>;
type Content = Record<string, { schema: Schema }>;
interface Server {
	url: string;
	variables?: Record<string, { enum?: string[] }>;
}
interface Parameter {
	$ref?: string;
	in: 'path' | 'query';
	name: string;
	required?: boolean;
	schema: Schema;
}
interface Scheme {
	type: 'apiKey' | 'http';
	name?: string;
	scheme?: string;
	/** What the header's value looks like; absent: anything. */
	'x-pattern'?: string;
}
interface Operation {
	operationId: string;
	security?: Array<Record<string, unknown>>;
	parameters?: Parameter[];
	requestBody?: { $ref?: string; required: boolean; content: Content };
	responses: Record<string, { $ref?: string; content?: Content }>;
}
/** References in it are absolute. */
interface Document {
	servers: Server[];
	security?: Operation['security'];
	paths: Record<string, { servers?: Server[] } & Record<string, Operation>>;
	components: { securitySchemes: Record<string, Scheme> };
}

interface Description {
	document: Document;
	/** What a schema says against a value; undefined: nothing. `key` stands for the schema if that does not last. */
	check(schema: Schema, value: unknown, key?: object): string | undefined;
}

/** test/environment/descriptions.js */
declare const apiDescriptions: {
	textOf(file: string): string;
	descriptionOf(file: string): Description;
};

/** The description files, by the provider's name. */
export const files: Record<string, string> = Object.fromEntries(
	readdirSync(__dirname)
		.filter((name) => name.endsWith('.yaml'))
		.map((name) => [name.replace('.yaml', ''), join(__dirname, name)]),
);

const literal = (text: string) => text.replace(/[.+*?^$()|[\]\\]/g, '\\$&');
const originOf = (server: Server) => ({
	...server,
	url: server.url.split('/').slice(0, 3).join('/'),
});
const segments = (path: string) => literal(path).replace(/\{\w+\}/g, '[^/]+');
/** A server's address with all that its variables may be. */
const filled = ({ url, variables = {} }: Server) =>
	literal(url).replace(/\{(\w+)\}/g, (_, name: string) => {
		const { enum: values } = variables[name] ?? {};
		return values ? `(${values.map(literal).join('|')})` : '[^/.]+';
	});

interface Known extends DescribedCall {
	matches(method: string, url: URL): boolean;
	/** The hosts that the call is made to. */
	hosts: RegExp[];
}

const calls = new Map<string, Known[]>();

/** The calls of one description, which takes long to read. */
function callsIn(provider: string): Known[] {
	const all =
		calls.get(provider) ?? callsOf(provider, apiDescriptions.descriptionOf(files[provider]));
	calls.set(provider, all);
	return all;
}

/** Every call that is described. */
export const allCalls = (): DescribedCall[] => Object.keys(files).flatMap(callsIn);

/** What the descriptions say against a request to a host that they know; undefined: nothing. */
export function against(request: Request): unknown {
	const url = new URL(request.url);
	const names = url.hostname.split('.').filter((label) => label.length > 3);
	const mentions = (file: string) =>
		names.some((name) => apiDescriptions.textOf(file).includes(name));
	const known = Object.keys(files)
		.filter((provider) => mentions(files[provider]))
		.flatMap(callsIn)
		// A path without parameters wins over one with them.
		.sort((one, other) => parametersIn(one.path) - parametersIn(other.path));
	if (!known.some(({ hosts }) => hosts.some((host) => host.test(url.origin)))) return undefined;
	const call = known.find(({ matches }) => matches(request.method, url));
	return call
		? call.againstRequest(request)
		: `${request.method} ${url.origin}${url.pathname} is not described`;
}

function parametersIn(path: string): number {
	return path.split('{').length;
}

function callsOf(provider: string, description: Description): Known[] {
	const { document } = description;
	return Object.entries(document.paths).flatMap(([path, { servers, ...methods }]) =>
		Object.entries(methods).map(([method, operation]) => {
			const bases = servers ?? document.servers;
			const places = bases.map((one) => new RegExp(`^${filled(one)}${segments(path)}$`));
			return {
				provider,
				id: operation.operationId,
				method: method.toUpperCase(),
				path,
				hosts: bases.map((one) => new RegExp(`^${filled(originOf(one))}$`)),
				matches: (given: string, { origin, pathname }: URL) =>
					given.toLowerCase() === method &&
					places.some((place) => place.test(`${origin}${pathname}`)),
				...checks(description, operation),
			};
		}),
	);
}

function checks({ document, check }: Description, operation: Operation) {
	const { responses } = operation;
	const parameters = (operation.parameters ?? []).map((one) => resolved(document, one));
	const requestBody = operation.requestBody && resolved(document, operation.requestBody);
	const queries = parameters.filter((one) => one.in === 'query');
	const inQuery = {
		type: 'object',
		properties: Object.fromEntries(queries.map(({ name, schema }) => [name, schema])),
		required: queries.filter(({ required }) => required).map(({ name }) => name),
		additionalProperties: false,
	};

	function againstQuery({ searchParams }: URL): unknown {
		const types = new Map(queries.map(({ name, schema }) => [name, schema.type]));
		const values = [...searchParams].map(([name, text]) => [name, typed(types.get(name), text)]);
		return check(inQuery, Object.fromEntries(values), operation);
	}

	function againstBody({ headers, body }: Request): unknown {
		if (body === '' && !requestBody?.required) return undefined;
		if (!requestBody) return 'a body where none is described';
		const type = headers['content-type']?.split(';')[0] ?? '';
		const content = requestBody.content[type];
		if (!content) return `a body of the type "${type}"`;
		const form = type === 'application/x-www-form-urlencoded';
		const value =
			form && typeof body === 'string' ? Object.fromEntries(new URLSearchParams(body)) : body;
		return check(content.schema, value);
	}

	return {
		againstRequest: (request: Request): unknown =>
			againstQuery(new URL(request.url)) ??
			againstBody(request) ??
			unsigned(document, operation, request.headers),
		againstReply(status: number, body: unknown): unknown {
			const named = responses[status];
			if (!named) return `a reply with the status ${status}`;
			const [content] = Object.values(resolved(document, named).content ?? {});
			if (content) return check(content.schema, body);
			return body === undefined ? undefined : 'a body where none is described';
		},
	};
}

/** The first of the signatures asked for that is missing. */
function unsigned(
	{ security = [], components }: Document,
	operation: Operation,
	headers: Record<string, string>,
): string | undefined {
	const names = (operation.security ?? security).flatMap(Object.keys);
	return names.find((name) => {
		const scheme = components.securitySchemes[name];
		if (scheme.type === 'apiKey') {
			const value = headers[scheme.name!.toLowerCase()] ?? '';
			return !new RegExp(scheme['x-pattern'] ?? '.').test(value);
		}
		return !new RegExp(`^${scheme.scheme} \\S+$`, 'i').test(headers.authorization ?? '');
	});
}

/** The word of a query as the value that it stands for. */
function typed(type: unknown, text: string): unknown {
	if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
	return type === 'integer' && /^\d+$/.test(text) ? Number(text) : text;
}

function resolved<T extends { $ref?: string }>(document: Document, value: T): T {
	if (value.$ref === undefined) return value;
	const path = value.$ref.replace(/^.*#\//, '').split('/');
	return path.reduce((at: unknown, key) => (at as Schema)[key], document) as T;
}
