import { randomUUID } from 'node:crypto';
import type { ProviderResponse } from '../../providerApi';

const documentation = 'https://developer.paddle.com/errors';

/** The folder of an error's page, and its text as printed there. */
const known: Record<
	string,
	{ status: number; folder: 'shared' | 'subscriptions' | 'notifications'; detail: string }
> = {
	authentication_missing: {
		status: 403,
		folder: 'shared',
		detail: 'Authentication header missing.',
	},
	authentication_malformed: {
		status: 403,
		folder: 'shared',
		detail: 'Authentication header included, but incorrectly formatted.',
	},
	invalid_token: { status: 403, folder: 'shared', detail: 'Invalid or revoked API key.' },
	forbidden: {
		status: 403,
		folder: 'shared',
		detail: "You aren't permitted to perform this request.",
	},
	invalid_field: { status: 400, folder: 'shared', detail: 'Request does not pass validation.' },
	subscription_is_canceled_action_invalid: {
		status: 400,
		folder: 'subscriptions',
		detail: "action can't be performed on canceled subscription",
	},
	subscription_is_inactive_action_invalid: {
		status: 400,
		folder: 'subscriptions',
		detail: "action can't be performed on inactive subscription",
	},
	subscription_update_when_canceled: {
		status: 400,
		folder: 'subscriptions',
		detail: 'cannot update subscription, as subscription is canceled',
	},
	subscription_update_when_past_due: {
		status: 400,
		folder: 'subscriptions',
		detail: 'cannot update subscription, as subscription is past due',
	},
	subscription_locked_pending_changes: {
		status: 400,
		folder: 'subscriptions',
		detail: 'cannot update subscription, pending scheduled changes',
	},
	subscription_locked_renewal: {
		status: 409,
		folder: 'subscriptions',
		detail: 'unable to update subscription 30m0s before renewal',
	},
	subscription_locked_processing: {
		status: 409,
		folder: 'subscriptions',
		detail: 'unable to update subscription 30m0s before processing',
	},
	subscription_scheduled_change_invalid_update: {
		status: 400,
		folder: 'subscriptions',
		detail: 'scheduled_change can only be set to null',
	},
	// Assumption: the limit of ten is documented, the code of its error is not.
	notification_maximum_active_settings_reached: {
		status: 400,
		folder: 'notifications',
		detail: 'maximum number of active notification settings reached',
	},
};

/** A documented error by its code. */
export function paddleError(
	code: string,
	errors?: Array<{ field: string; message: string }>,
): ProviderResponse {
	const { status, folder, detail } = known[code];
	return envelope(status, { code, detail, folder, errors });
}

/** An error without a text of its own, such as `not_found`. */
export function otherError(status: number, code: string, detail: string): ProviderResponse {
	return envelope(status, { code, detail, folder: 'shared' });
}

export function notFound(what: string, id: string): ProviderResponse {
	return otherError(404, 'not_found', `${what} ${id} not found.`);
}

/** A request that Paddle refuses; thrown where its parameters are read. */
export class InvalidRequest extends Error {
	constructor(readonly answer: ProviderResponse) {
		super('the request is refused');
	}
}

export function invalidField(field: string, message: string): InvalidRequest {
	return new InvalidRequest(paddleError('invalid_field', [{ field, message }]));
}

function envelope(
	status: number,
	{
		code,
		detail,
		folder,
		errors,
	}: {
		code: string;
		detail: string;
		folder: string;
		errors?: Array<{ field: string; message: string }>;
	},
): ProviderResponse {
	const error = {
		type: status >= 500 ? 'api_error' : 'request_error',
		code,
		detail,
		documentation_url: `${documentation}/${folder}/${code}`,
		...(errors && { errors }),
	};
	return { status, body: { error, meta: { request_id: randomUUID() } } };
}
