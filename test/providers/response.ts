import type { ApiRequest, ApiResponse } from '../../nodes/shared/contract/http';
import type {
	ParsedRecord,
	RecordQuery,
	SearchPage,
	TargetSearch,
} from '../../nodes/shared/contract/record';

/** A response as the engine hands it to a provider. */
export const response = (status: number, body: unknown = ''): ApiResponse => ({
	status,
	headers: {},
	body,
});

/** Responses of gateways, proxies and web frameworks in front of an API, and of none. */
export const foreignErrors: Array<[string, ApiResponse]> = [
	["AWS's 403", response(403, { message: 'Forbidden' })],
	["AWS's 403 for a signature", response(403, { message: 'Missing Authentication Token' })],
	["AWS's 404", response(404, { message: 'Not Found' })],
	["AWS's 502", response(502, { message: 'Internal server error' })],
	["AWS's 504", response(504, { message: 'Endpoint request timed out' })],
	["Kong's 404", response(404, { message: 'no Route matched with those values' })],
	[
		"Kong's 404 with an ID",
		response(404, { message: 'no Route matched with those values', request_id: 'b7c1' }),
	],
	[
		"Kong's 502",
		response(502, { message: 'An invalid response was received from the upstream server' }),
	],
	["Kong's 504", response(504, { message: 'The upstream server is timing out' })],
	["Azure's 404", response(404, { statusCode: 404, message: 'Resource not found' })],
	["Apigee's 502", response(502, { fault: { faultstring: 'Unexpected EOF at target' } })],
	["Rails' 404", response(404, { status: 404, error: 'Not Found' })],
	["ASP.NET's 404", response(404, { title: 'Not Found', status: 404, traceId: '00-1' })],
	["Nest's 404", response(404, { message: 'Cannot GET /x', error: 'Not Found', statusCode: 404 })],
	["an ingress' 404", response(404, 'default backend - 404')],
	["Envoy's 503", response(503, 'no healthy upstream')],
	['a web page at 503', response(503, '<html><body>Service Unavailable</body></html>')],
	['a bot wall at 403', response(403, '<!doctype html><title>Just a moment...</title>')],
	['no body at 404', response(404)],
	['no body at 503', response(503)],
	['a list', response(500, [])],
	['null', response(500, null)],
];

/** The record is read for its state alone. */
export const stateOnly = { email: false };

export function parse(query: RecordQuery, answer: ApiResponse): ParsedRecord {
	if (query.kind !== 'request') throw new Error('the record cannot be read');
	return query.parse(answer);
}

/** The request and the page of a search's first response. */
export const firstPage = (search: TargetSearch, answer: ApiResponse): SearchPage =>
	search.parse(answer, search.request);

export const candidatesOf = (page: SearchPage) => {
	if (page.kind !== 'candidates') throw new Error(`the page is "${page.kind}"`);
	return page;
};

/** The request that a page leads to. */
export function nextOf(page: SearchPage): ApiRequest | undefined {
	const { next } = candidatesOf(page);
	return next.kind === 'next' ? next.request : undefined;
}
