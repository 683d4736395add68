import { segment } from '../shared/contract/http';
import { defineRead, defineWrite, type Provider } from '../shared/contract/provider';
import { credentialCheck } from './credentialCheck';
import { filters, statuses, subscriptionId, when } from './fields';
import type { RequestedEnd } from './records';
import {
	canCancel,
	canResume,
	explainRefusal,
	interpretCancel,
	interpretResume,
	isOwnError,
	nextPage,
	predictCancel,
	recordQuery,
	toRow,
	toRows,
} from './responses';
import { listSubscriptions, searchByCustomer, searchByEmail } from './search';

const pathOf = (id: string): string => `/subscriptions/${segment(id)}`;

const hosts = { live: 'https://api.paddle.com', sandbox: 'https://sandbox-api.paddle.com' };

/** How a subscription is found by what the CRM knows. */
const searches = {
	email: (address: string) => searchByEmail(address),
	customer: (customer: string) => searchByCustomer(customer),
};
interface CancelTime {
	when: RequestedEnd;
}
const searchesToCancel = {
	email: (address: string, { when }: CancelTime) => searchByEmail(address, when),
	customer: (customer: string, { when }: CancelTime) => searchByCustomer(customer, when),
};

export const paddle: Provider = {
	name: 'paddle',
	displayName: 'Paddle',
	overview: {
		ends: "a customer's subscription",
		timing: 'end of the period, at once',
		undo: 'until it ends',
		money: 'no refund',
	},
	resource: { name: 'Subscription', value: 'subscription' },
	credentials: ['paddleCancellationsApi'],
	baseUrl: ({ baseUrl, environment }) =>
		(baseUrl as string) || (environment === 'sandbox' ? hosts.sandbox : hosts.live),
	// For each IP address, whatever the account. https://developer.paddle.com/api-reference/about/rate-limiting
	rateLimits: { requestsPerMinute: 240, burst: 1 },
	limitsByAddress: true,
	credentialChecks: [credentialCheck],
	isOwnError,
	defaultOperation: 'cancel',
	operations: {
		/** https://developer.paddle.com/api-reference/subscriptions/cancel-subscription */
		cancel: defineWrite({
			name: 'Cancel',
			action: 'Cancel a subscription',
			description: 'End a subscription, at the end of the period or at once',
			effect: 'cancel',
			agentDescription:
				"It ends this customer's subscription, at the end of the paid period unless Immediately is chosen. Until then it can be undone with Resume; once it has ended, it cannot.",
			// No idempotency key is documented, but the record can be read.
			retrySafety: 'verifyFirst',
			// Whether a second cancellation at the period's end is refused is not documented.
			readsBeforeWrite: ({ when }) => when !== 'immediately',
			precondition: canCancel,
			guardable: { email: true, statuses },
			fields: { subscriptionId, when },
			target: ({ subscriptionId }) => subscriptionId,
			variant: ({ when }) => ({ when }),
			searches: searchesToCancel,
			request: ({ subscriptionId, when }) => ({
				method: 'POST',
				path: `${pathOf(subscriptionId)}/cancel`,
				body: { effective_from: when === 'immediately' ? 'immediately' : 'next_billing_period' },
			}),
			interpret: (response, { subscriptionId, when }) =>
				interpretCancel(response, subscriptionId, when),
			recordQuery: ({ subscriptionId, when }, needs) => recordQuery(subscriptionId, needs, when),
			predict: (state, { when }) => predictCancel(state, when),
			explainRefusal,
		}),
		/** https://developer.paddle.com/api-reference/subscriptions/update-subscription */
		resume: defineWrite({
			name: 'Resume',
			action: 'Resume a subscription',
			description: 'Undo a scheduled end; a subscription that has ended cannot be resumed',
			effect: 'restore',
			agentDescription:
				"It removes the scheduled end of this customer's subscription, which then renews and is charged again. A subscription that has ended cannot be resumed.",
			retrySafety: 'verifyFirst',
			guardable: { email: true, statuses },
			fields: { subscriptionId },
			target: ({ subscriptionId }) => subscriptionId,
			searches,
			// It removes any scheduled change: the record is read first, so that a pause stays.
			precondition: canResume,
			request: ({ subscriptionId }) => ({
				method: 'PATCH',
				path: pathOf(subscriptionId),
				body: { scheduled_change: null },
			}),
			interpret: (response, { subscriptionId }) => interpretResume(response, subscriptionId),
			recordQuery: ({ subscriptionId }, needs) => recordQuery(subscriptionId, needs),
			explainRefusal,
		}),
		/** https://developer.paddle.com/api-reference/subscriptions/get-subscription */
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
		/** https://developer.paddle.com/api-reference/subscriptions/list-subscriptions */
		getAll: defineRead({
			name: 'Get Many',
			action: 'Get many subscriptions',
			description: 'Retrieve a list of subscriptions',
			effect: 'read',
			fields: filters,
			target: ({ customerId }) => customerId ?? 'all subscriptions',
			request: ({ customerId, status }) => listSubscriptions({ customer_id: customerId, status }),
			toRows,
			nextPage,
		}),
	},
};
