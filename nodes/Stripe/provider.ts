import { StripeCancellationsApi } from '../../credentials/StripeCancellationsApi.credentials';
import { errorText, keyFor, segment, type ApiRequest } from '../shared/contract/http';
import { defineRead, defineWrite, type Provider } from '../shared/contract/provider';
import { invalid } from '../shared/contract/refusal';
import { cancellation, filters, statuses, subscriptionId } from './fields';
import { predictCancel, previewOf, type Cancellation } from './preview';
import { toRecordState, toSeconds, type PendingEnd, type RequestedEnd } from './records';
import {
	canResume,
	forbidsRetry,
	interpretCancel,
	interpretResume,
	isOwnError,
	listIn,
	nextPage,
	recordQuery,
	toRow,
	toRows,
} from './responses';
import { listSubscriptions, searchByCustomer, searchByEmail } from './search';

const pathOf = (id: string): string => `/v1/subscriptions/${segment(id)}`;

type Form = NonNullable<ApiRequest['form']>;

/**
 * A POST that Stripe carries out once for each key. Stripe refuses a key that comes with other
 * parameters, so that these are a part of it: a comment may differ when an execution is retried.
 * https://docs.stripe.com/api/idempotent_requests
 */
function post(id: string, form: Form, key: string): ApiRequest {
	return {
		method: 'POST',
		path: pathOf(id),
		form,
		headers: { 'Idempotency-Key': keyFor(key, form) },
	};
}

interface CancelValues extends Cancellation {
	subscriptionId: string;
	comment?: string;
	feedback?: string;
}

function cancelRequest(values: CancelValues, key: string): ApiRequest {
	const { subscriptionId: id, when, cancelAt, invoiceNow, prorate } = values;
	const details = {
		'cancellation_details[comment]': values.comment,
		'cancellation_details[feedback]': values.feedback,
	};
	switch (when) {
		case 'immediately': {
			// Both default to false; they are sent so that no default of the account decides.
			const money = { invoice_now: invoiceNow ?? false, prorate: prorate ?? false };
			return { method: 'DELETE', path: pathOf(id), query: { ...money, ...details } };
		}
		case 'date': {
			const proration_behavior = values.prorationBehavior ?? 'none';
			const cancel_at = cancelAt && toSeconds(cancelAt);
			return post(id, { cancel_at, proration_behavior, ...details }, key);
		}
		case 'periodEnd':
			return post(id, { cancel_at_period_end: true, ...details }, key);
	}
}

/** How a subscription is found by what the CRM knows. */
const searches = {
	email: (address: string) => searchByEmail(address),
	customer: (customer: string) => searchByCustomer(customer),
};
const searchesToCancel = {
	email: (address: string, requested: RequestedEnd) => searchByEmail(address, requested),
	customer: (customer: string, requested: RequestedEnd) => searchByCustomer(customer, requested),
};

export const stripe: Provider = {
	name: 'stripe',
	displayName: 'Stripe',
	overview: {
		ends: "a customer's subscription",
		timing: 'end of the period, at once, a date',
		undo: 'until it ends',
		money: 'no proration, invoice or refund unless a field says so',
	},
	resource: { name: 'Subscription', value: 'subscription' },
	credentials: ['stripeCancellationsApi'],
	baseUrl: ({ baseUrl }) => (baseUrl as string) || 'https://api.stripe.com',
	// 25 a second for each endpoint, and for all of a sandbox. https://docs.stripe.com/rate-limits
	rateLimits: { requestsPerMinute: 1500, burst: 1 },
	credentialChecks: [
		{
			credential: StripeCancellationsApi,
			/** The list is what the node needs; the account itself asks for more permissions. */
			request: { path: '/v1/subscriptions', query: { limit: 1 } },
			accepts: (response) => listIn(response) !== undefined,
			problem: (response) =>
				[400, 403].includes(response.status) && isOwnError(response)
					? `Stripe does not let this key list subscriptions (${errorText(response)}). Give it the permission in the Dashboard under Developers > API keys, and check the account ID.`
					: undefined,
			keyLabel: 'secret key',
			keyLocation: 'the Stripe Dashboard, under Developers > API keys',
		},
	],
	isOwnError,
	forbidsRetry,
	defaultOperation: 'cancel',
	operations: {
		/** https://docs.stripe.com/api/subscriptions/cancel and https://docs.stripe.com/api/subscriptions/update */
		cancel: defineWrite({
			name: 'Cancel',
			action: 'Cancel a subscription',
			description: 'End a subscription, at the end of the period, at once or at a date',
			effect: 'cancel',
			agentDescription:
				"It ends this customer's subscription, at the end of the paid period unless another time is chosen. Until then it can be undone with Resume; once it has ended, it cannot.",
			// DELETE takes no idempotency key.
			retrySafety: ({ when }) => (when === 'immediately' ? 'verifyFirst' : 'deduplicated'),
			// An update would replace an earlier end by a later one. DELETE can only end it sooner.
			readsBeforeWrite: ({ when }) => when !== 'immediately',
			guardable: { email: true, statuses },
			fields: cancellation,
			validate({ prorate, invoiceNow }) {
				if (prorate && !invoiceNow) {
					throw invalid(
						'Prorate is on, and Invoice Now is not: the credit would only wait.',
						'Switch Invoice Now on as well, or remove Prorate.',
					);
				}
			},
			target: ({ subscriptionId }) => subscriptionId,
			variant: ({ when, cancelAt }) => ({ when, cancelAt }),
			searches: searchesToCancel,
			request: cancelRequest,
			interpret: (response, { subscriptionId, ...requested }) =>
				interpretCancel(response, subscriptionId, requested),
			recordQuery: ({ subscriptionId, ...requested }, needs) =>
				recordQuery(subscriptionId, needs, (record) => toRecordState(record, null, requested)),
			preview: ({ subscriptionId, ...values }) => previewOf(subscriptionId, values),
			predict: predictCancel,
		}),
		/** https://docs.stripe.com/api/subscriptions/update */
		resume: defineWrite({
			name: 'Resume',
			action: 'Resume a subscription',
			description: 'Undo a scheduled end; a subscription that has ended cannot be resumed',
			effect: 'restore',
			agentDescription:
				"It removes the scheduled end of this customer's subscription, which then renews and is charged again. A subscription that has ended cannot be resumed.",
			retrySafety: 'deduplicated',
			guardable: { email: true, statuses },
			fields: { subscriptionId },
			target: ({ subscriptionId }) => subscriptionId,
			searches,
			request(values, key) {
				// From the record: the end is a flag or a time, and each is cleared in its own way.
				const { clears } = values as Partial<PendingEnd>;
				const form = clears === 'time' ? { cancel_at: '' } : { cancel_at_period_end: false };
				return post(values.subscriptionId, form, key);
			},
			interpret: (response, { subscriptionId }) => interpretResume(response, subscriptionId),
			recordQuery: ({ subscriptionId }, needs) =>
				recordQuery(subscriptionId, needs, (record) => toRecordState(record, null)),
			precondition: canResume,
		}),
		/** https://docs.stripe.com/api/subscriptions/retrieve */
		get: defineRead({
			name: 'Get',
			action: 'Get a subscription',
			description: 'Retrieve one subscription',
			effect: 'read',
			fields: { subscriptionId },
			target: ({ subscriptionId }) => subscriptionId,
			searches,
			request: ({ subscriptionId }) => ({ path: pathOf(subscriptionId) }),
			toRows: toRow,
		}),
		/** https://docs.stripe.com/api/subscriptions/list */
		getAll: defineRead({
			name: 'Get Many',
			action: 'Get many subscriptions',
			description: 'Retrieve a list of subscriptions',
			effect: 'read',
			fields: filters,
			target: ({ customerId }) => customerId ?? 'all subscriptions',
			request: ({ customerId, status = 'all' }) =>
				listSubscriptions({ customer: customerId, status }),
			toRows,
			nextPage,
		}),
	},
};
