import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

import { invalid } from './refusal';

/** A field of a form: `undefined` is left out, `null` is sent empty; lists and objects are nested. */
export type FormValue =
	string | number | boolean | null | undefined | FormValue[] | { [name: string]: FormValue };

/** A body is sent as JSON or as a form (`items[0][id]=…`), never as both. */
type RequestBody =
	{ body?: IDataObject; form?: undefined } | { form: Record<string, FormValue>; body?: undefined };

/** One HTTP request, as data: a dry run can show it, a test can read it. Values are not yet encoded. */
export type ApiRequest = RequestBody & {
	method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
	/** Below the account's base URL, starts with "/"; user input in it has gone through `segment`. */
	path: string;
	/** For every method. */
	query?: Record<string, string | number | boolean | undefined>;
	/** Headers of this request alone, such as an idempotency key; `Provider.headers` has those of the account. */
	headers?: Record<string, string>;
};

/** What a provider answered: any status, header names in lower case, the body parsed where it is JSON. */
export interface ApiResponse {
	status: number;
	headers: Record<string, string>;
	body: unknown;
}

/**
 * A part of a path, encoded; the only way in which user input gets into one.
 * @throws Refusal on '', '.' and '..', which would address something else.
 */
export function segment(id: string): string {
	if (/^\.{0,2}$/.test(id)) {
		throw invalid(`"${id}" cannot be an identifier.`, 'Check the expression.');
	}
	return encodeURIComponent(id);
}

/**
 * The engine's idempotency key, and a hash of what a request depends on: a provider must not repeat its
 * response for another one. 12 hexadecimal digits.
 */
export function keyFor(key: string, content: unknown): string {
	const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
	return `${key}-${hash.slice(0, 12)}`;
}

/** An object's fields; none where it is something else. */
export const asObject = (value: unknown): IDataObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as IDataObject)
		: {};

/** Text without the blanks around it; null where it is empty or something else. */
export const textOf = (value: unknown): string | null =>
	typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

/** The response has no body. */
export const isEmptyBody = ({ body }: ApiResponse): boolean =>
	body === undefined || body === null || body === '';

/**
 * A web page of a proxy, a bot wall or a sign-in, whatever its status: it says nothing about the
 * credential or the target.
 */
export const isWebPage = ({ headers, body }: Pick<ApiResponse, 'headers' | 'body'>): boolean =>
	typeof body !== 'object' &&
	(/^[\s\uFEFF]*</.test(String(body ?? '')) ||
		/^\s*(text\/html|application\/xhtml)/i.test(headers['content-type'] ?? ''));

/** Names of HTTP statuses, and sentences of AWS API Gateway and Kong. */
const gatewayTexts = [
	/^(bad request|unauthorized|forbidden|not found|method not allowed|request time-?out|conflict|gone)$/,
	/^(payload too large|request entity too large|unprocessable (entity|content)|too many requests)$/,
	/^(internal server error|not implemented|bad gateway|service (temporarily )?unavailable|gateway time-?out)$/,
	/^(missing authentication token|endpoint request timed out|limit exceeded|access denied)$/,
	/^(user is not authorized|user: |the security token|no route matched|no api key found)/,
	/^(an unexpected error occurred|an invalid response was received|the upstream server)/,
	/^(failure to get a peer|name resolution failed|no healthy upstream|upstream )/,
];

/** The text is the name of a status, or a gateway's sentence: it does not say whose error this is. */
export const isGatewayText = (text: string): boolean =>
	gatewayTexts.some((form) => form.test(text.trim().toLowerCase().replace(/[.!]$/, '')));

/**
 * The text of a JSON error that has no other fields than these; undefined for anything else. Gateways
 * answer in the same widespread form, so their texts do not count. At 401 and 500 the name of the
 * status does: a gateway checks the key for the API, and one that gives up has statuses of its own.
 */
export function ownErrorText(
	{ status, body }: ApiResponse,
	field: string,
	others: string[] = [],
): string | undefined {
	const fields = asObject(body);
	const text = textOf(fields[field]);
	const isForm = Object.keys(fields).every((key) => key === field || others.includes(key));
	if (text === null || !isForm) return undefined;
	const isStatusName = [/unauthorized/i, /internal server error/i].some((name) => name.test(text));
	return isGatewayText(text) && !(isStatusName && [401, 500].includes(status)) ? undefined : text;
}

/** A provider's own words in a refusal, in any of the shapes that the five use; at most 300 characters. */
export function errorText({ body, status }: Pick<ApiResponse, 'body' | 'status'>): string {
	const text = errorTextIn(body);
	const plain = /^\s*</.test(text) ? 'a web page instead of an API answer' : text.trim();
	return `HTTP ${status}${plain === '' ? '' : `: ${plain.slice(0, 300)}`}`;
}

function errorTextIn(body: unknown): string {
	if (typeof body === 'string') return body;
	if (typeof body !== 'object' || body === null) return '';
	if (Array.isArray(body)) return body.map(errorTextIn).filter(Boolean).join('; ');
	const { errors, details, detail, title, message, error, status } = body as IDataObject;
	if (details !== undefined) return flat(details);
	if (Array.isArray(errors) && errors.length > 0) {
		return [detail, ...errors.map((one) => errorTextIn(one) || flat(one))]
			.filter(Boolean)
			.join('; ');
	}
	const named = [detail, message, error, title].find((text) => typeof text === 'string');
	return named === undefined ? nestedText(error) || nestedText(status) : String(named);
}

/** Of an error or status object: its code and its text. */
function nestedText(value: unknown): string {
	const { code, messageCode, message, detail } = asObject(value);
	return [messageCode ?? code, message ?? detail].filter(Boolean).join(': ');
}

const flat = (value: unknown): string =>
	typeof value !== 'object' || value === null
		? String(value)
		: Object.entries(value)
				.map(([key, inner]) => `${key}: ${[inner].flat().map(flat).join(', ')}`)
				.join('; ');
