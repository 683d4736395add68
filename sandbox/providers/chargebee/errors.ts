import type { ProviderResponse } from '../../providerApi';

/**
 * Status and type of each error code.
 * @see https://apidocs.chargebee.com/docs/api/error-handling
 */
const known = {
	param_wrong_value: { status: 400, type: 'invalid_request' },
	invalid_request: { status: 400, type: 'invalid_request' },
	resource_limit_exhausted: { status: 400, type: 'invalid_request' },
	configuration_incompatible: { status: 400, type: 'invalid_request' },
	api_authentication_failed: { status: 401, type: undefined },
	basic_authentication_failed: { status: 401, type: undefined },
	// Assumption: the code and the status of a key that may not write are not on the page.
	api_authorization_failed: { status: 403, type: undefined },
	resource_not_found: { status: 404, type: 'invalid_request' },
	// Assumption: the answer at the address of a site that does not exist is not on the page.
	site_not_found: { status: 404, type: 'invalid_request' },
	invalid_state_for_request: { status: 409, type: 'invalid_request' },
	api_request_limit_exceeded: { status: 429, type: 'operation_failed' },
	lock_timeout: { status: 429, type: 'operation_failed' },
	internal_error: { status: 500, type: undefined },
} as const;

export type ErrorCode = keyof typeof known;

/** A documented error by its code. `message` is for developers. */
export function chargebeeError(code: ErrorCode, message: string, param?: string): ProviderResponse {
	const { status, type } = known[code];
	return {
		status,
		body: {
			message,
			...(type && { type }),
			api_error_code: code,
			...(param !== undefined && { param }),
			// The names of the older API, which Chargebee still sends.
			error_code: code,
			error_msg: message,
			http_status_code: status,
		},
	};
}

export function notFound(what: string, id: string): ProviderResponse {
	return chargebeeError('resource_not_found', `Sorry, we couldn't find the ${what} ${id}`);
}

/** A request that Chargebee refuses; thrown where its parameters are read. */
export class InvalidRequest extends Error {
	constructor(readonly answer: ProviderResponse) {
		super('the request is refused');
	}
}

export function wrongValue(param: string, message: string): InvalidRequest {
	return new InvalidRequest(chargebeeError('param_wrong_value', `${param} : ${message}`, param));
}
