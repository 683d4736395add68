import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Schema = Record<string, unknown>;

interface Parameter {
	$ref?: string;
	in: 'path' | 'query' | 'header';
	name: string;
	explode?: boolean;
	schema: Schema;
}
interface Operation {
	parameters?: Parameter[];
	requestBody?: { content: Record<string, { schema: Schema }> };
	responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}
interface Description {
	info: { version: string };
	servers: Array<{ url: string }>;
	paths: Record<string, Record<string, Operation>>;
	components: { parameters: Record<string, Parameter>; schemas: Record<string, Schema> };
}

/** One call as Recurly's own file describes it. */
export interface VendorCall {
	/** Names of the parameters in the query. */
	query: string[];
	/** What the file says against a request; undefined: nothing. */
	againstRequest(query: URLSearchParams, body: unknown): string | undefined;
	/** What it says against an answer, its body parsed; undefined: nothing. */
	againstReply(status: number, body: unknown): string | undefined;
}

/** Nothing else in the file is read: the samples are two thirds of it. */
const samples = /^( *)x-(?:code-samples|readme):.*\n(?:\1[ -].*\n| *\n)*/gm;

let loaded: Description | undefined;

/** Recurly's own description, as its SDK brings it along. */
export function description(): Description {
	loaded ??= parse(
		readFileSync(require.resolve('recurly/openapi/api.yaml'), 'utf8').replace(samples, ''),
		// Patterns stand between slashes, as in Ruby.
		(_key, value: unknown) =>
			typeof value === 'string' ? value.replace(/^\/(\^.*\$)\/$/, '$1') : value,
	) as Description;
	return loaded;
}

/** A page after the first: the text of the file and the SDK have it in `next` only. */
const undescribed = ['cursor'];

const segments = (path: string) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);

/**
 * The call that a request is.
 * @param path below the address of the API
 */
export function vendorCall(method: string, path: string): VendorCall | undefined {
	const { paths, components } = description();
	const [match] = Object.keys(paths)
		.filter((one) => method.toLowerCase() in paths[one] && segments(one).test(path))
		.sort((one, other) => one.split('{').length - other.split('{').length);
	if (match === undefined) return undefined;
	const operation = paths[match][method.toLowerCase()];
	const query = (operation.parameters ?? [])
		.map((one) => (one.$ref ? components.parameters[one.$ref.split('/').at(-1)!] : one))
		.filter((one) => one.in === 'query');
	return {
		query: query.map(({ name }) => name),
		againstRequest: (given, body) => againstQuery(query, given) ?? againstBody(operation, body),
		againstReply(status, body) {
			const { content } = operation.responses[status] ?? operation.responses.default;
			const { schema } = content!['application/json'];
			// The file describes what is inside the envelope of an error.
			const inside = status < 300 ? body : (body as { error: unknown } | undefined)?.error;
			return check(schema, withoutNulls(inside));
		},
	};
}

function againstQuery(parameters: Parameter[], given: URLSearchParams): string | undefined {
	for (const [name, text] of given) {
		if (undescribed.includes(name)) continue;
		const parameter = parameters.find((one) => one.name === name);
		if (!parameter) return `the query has ${name}`;
		const complaint = check(parameter.schema, valueOf(parameter, text));
		if (complaint) return `${name}: ${complaint}`;
	}
	return undefined;
}

function againstBody({ requestBody }: Operation, body: unknown): string | undefined {
	if (body === undefined) return undefined;
	if (!requestBody) return 'a body where none is described';
	const { schema } = requestBody.content['application/json'];
	const { $ref } = schema as { $ref?: string };
	const { properties = {} } = ($ref ? schemaNamed($ref) : schema) as { properties?: Schema };
	const other = Object.keys(body as object).find((name) => !(name in properties));
	return other === undefined ? check(schema, body) : `the body has ${other}`;
}

const schemaNamed = ($ref: string) => description().components.schemas[$ref.split('/').at(-1)!];

/** The word of a query as the value that it stands for. */
function valueOf({ schema, explode }: Parameter, text: string): unknown {
	if (explode === false) return text.split(',');
	if (schema.type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
	return schema.type === 'integer' && /^\d+$/.test(text) ? Number(text) : text;
}

/** The file marks nothing as nullable; Recurly and its SDK take null for a field without a value. */
function withoutNulls(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutNulls);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).filter(([, one]) => one !== null);
	return Object.fromEntries(entries.map(([name, one]) => [name, withoutNulls(one)]));
}

const compiled = new Map<string, ValidateFunction>();
let ajv: Ajv | undefined;

function check(schema: Schema, value: unknown): string | undefined {
	ajv ??= addFormats(new Ajv({ strict: false, formats: { decimal: true } })).addSchema(
		{ components: description().components },
		'recurly',
	);
	const key = JSON.stringify(schema);
	const valid = compiled.get(key) ?? ajv.compile(inFile(schema));
	compiled.set(key, valid);
	return valid(value) ? undefined : ajv.errorsText(valid.errors);
}

/** References lead into the file. */
const inFile = (schema: Schema): Schema =>
	JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"recurly#/')) as Schema;
