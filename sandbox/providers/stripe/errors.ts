import type { ProviderResponse } from '../../providerApi';

/** The optional fields of an error. */
interface ErrorDetails {
	type?: string;
	code?: string;
	param?: string;
}

/** @see https://docs.stripe.com/api/errors */
export function stripeError(
	status: number,
	message: string,
	{ type = 'invalid_request_error', ...details }: ErrorDetails = {},
): ProviderResponse {
	const { code } = details;
	const docUrl = code && `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`;
	return {
		status,
		body: { error: { ...details, ...(docUrl && { doc_url: docUrl }), message, type } },
	};
}

/** A record that is addressed in the path (404) or named in a parameter (400). */
export function missing(what: string, id: string, param = 'id'): ProviderResponse {
	const status = param === 'id' ? 404 : 400;
	return stripeError(status, `No such ${what}: '${id}'`, { code: 'resource_missing', param });
}

/** A request that Stripe refuses; thrown where its parameters are read. */
export class InvalidRequest extends Error {
	constructor(readonly answer: ProviderResponse) {
		super('the request is refused');
	}
}

export function invalidParam(param: string, message: string, code?: string): InvalidRequest {
	return new InvalidRequest(stripeError(400, message, { param, ...(code && { code }) }));
}
