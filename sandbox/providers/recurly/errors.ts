import type { ProviderResponse } from '../../providerApi';
import { acceptHeaders } from './version';

/** A parameter that is not valid. */
interface WrongParameter {
	param: string;
	message: string;
}

/** Errors that do not depend on the endpoint, with the words of the API's description where it has some. */
const known = {
	bad_request: { status: 400, message: 'The request is not valid.' },
	invalid_content_type: { status: 400, message: 'The content type must be application/json.' },
	unauthorized: { status: 401, message: 'An API key is required.' },
	invalid_api_key: { status: 403, message: 'The API key is not valid.' },
	invalid_permissions: { status: 403, message: 'The API key may not do this.' },
	not_found: { status: 404, message: 'There is no such endpoint.' },
	validation: { status: 422, message: 'The request did not pass validation.' },
	rate_limited: { status: 429, message: 'Too many requests. Please try again later.' },
	internal_server_error: { status: 500, message: 'An unexpected error occurred.' },
	service_not_available: { status: 503, message: 'The service is not available.' },
} as const;

export type ErrorType = keyof typeof known;

/**
 * An error as Recurly sends it. The file of the API describes what is inside `error`; the envelope is that
 * of the SDK.
 */
export function recurlyError(
	type: ErrorType,
	message: string = known[type].message,
	params: WrongParameter[] = [],
): ProviderResponse {
	return { status: known[type].status, body: { error: { type, message, params } } };
}

/** Two calls that write to one subscription at the same time. The text is an assumption. */
export const simultaneousRequest: ProviderResponse = {
	status: 422,
	body: {
		error: {
			type: 'simultaneous_request',
			message: 'Another request is changing this subscription. Please try again.',
			params: [],
		},
	},
};

/** A request with the key of one that is still in flight. Its type is not documented: an assumption. */
export const keyInUse: ProviderResponse = { ...simultaneousRequest, status: 409 };

export const unsupportedVersion: ProviderResponse = {
	status: 406,
	body: {
		error: {
			type: 'invalid_api_version',
			message:
				"That accept header isn't in the format we use to specify an API version. Try one of these instead:",
			acceptable_accept_headers: acceptHeaders,
		},
	},
};

/** Assumption: the text. */
export const notFound = (what: 'Account' | 'Subscription', id: string): ProviderResponse =>
	recurlyError('not_found', `Couldn't find ${what} with id = ${id}`);

/** A request that Recurly refuses; thrown where its parameters are read. */
export class InvalidRequest extends Error {
	constructor(readonly answer: ProviderResponse) {
		super('the request is refused');
	}
}

/** Of a list: 400, "Invalid or unpermitted parameter." */
export const unpermitted = (param: string, message: string): InvalidRequest =>
	new InvalidRequest(
		recurlyError('bad_request', `Invalid or unpermitted parameter: ${param}.`, [
			{ param, message },
		]),
	);

/** Of a write: 422. */
export const invalid = (param: string): InvalidRequest =>
	new InvalidRequest(
		recurlyError('validation', `Please provide valid values for these parameters: ${param}.`, [
			{ param, message: 'is not valid' },
		]),
	);
