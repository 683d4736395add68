import { segment, type ApiRequest, type ApiResponse } from '../shared/contract/http';
import { defineRead, defineWrite, type Provider } from '../shared/contract/provider';
import type { TargetSearch } from '../shared/contract/verdict';
import { filters, reason, statuses, subscriptionId } from './fields';
import { cancelledIn, candidatesIn, cursorIn, recordIn, rowsIn, stateIn } from './responses';

const one = (id: string): ApiRequest => ({ path: `/subscriptions/${segment(id)}` });

const many = (query: ApiRequest['query']): ApiRequest => ({
	path: '/subscriptions',
	// The guide and older pages allow no more than 100.
	query: { limit: 100, ...query },
});

function nextPage(reply: ApiResponse, call: ApiRequest): ApiRequest | undefined {
	const cursor = cursorIn(reply);
	return cursor ? { ...call, query: { ...call.query, cursor } } : undefined;
}

const find = {
	email: (email: string): TargetSearch => ({
		request: many({ 'filter[email]': email }),
		candidates: (reply) => candidatesIn(reply, email),
		nextPage,
	}),
};

export const funnelFox: Provider = {
	name: 'funnelFox',
	displayName: 'FunnelFox',
	resource: { name: 'Subscription', value: 'subscription' },
	credentials: ['funnelFoxApi'],
	baseUrl: ({ baseUrl }) => (baseUrl as string) || 'https://api.funnelfox.io/public/v1',
	// None is published; a pace at which public clients have been seen to work.
	rateLimits: { requestsPerMinute: 1140, burst: 1 },
	defaultOperation: 'cancel',
	operations: {
		/** https://funnelfox.com/docs/api-reference/cancel-subscription */
		cancel: defineWrite({
			name: 'Cancel',
			action: 'Cancel a subscription',
			description: 'Stop the renewal of a subscription; access lasts until the paid period ends',
			docs: 'https://funnelfox.com/docs/api-reference/cancel-subscription',
			effect: 'cancel',
			agentDescription:
				"It stops the renewal of this customer's subscription. The API offers no way to undo it.",
			// No key against repetition is documented, but the record can be read.
			retrySafety: 'readFirst',
			guardable: { email: true, statuses },
			fields: { subscriptionId, reason },
			target: ({ subscriptionId }) => subscriptionId,
			searches: find,
			request: ({ subscriptionId, reason }) => ({
				method: 'POST',
				path: `/subscriptions/${segment(subscriptionId)}/cancel`,
				body: reason === undefined ? undefined : { reason },
			}),
			interpret: (reply, { subscriptionId }) => cancelledIn(reply, subscriptionId),
			recordQuery: ({ subscriptionId }) => ({
				request: one(subscriptionId),
				as: (reply) => stateIn(reply, subscriptionId),
			}),
		}),
		/** https://funnelfox.com/docs/api-reference/get-subscription-details */
		get: defineRead({
			name: 'Get',
			action: 'Get a subscription',
			description: 'Retrieve one subscription',
			docs: 'https://funnelfox.com/docs/api-reference/get-subscription-details',
			effect: 'read',
			fields: { subscriptionId },
			target: ({ subscriptionId }) => subscriptionId,
			searches: find,
			request: ({ subscriptionId }) => one(subscriptionId),
			toRows: recordIn,
		}),
		/** https://funnelfox.com/docs/api-reference/list-subscriptions */
		getAll: defineRead({
			name: 'Get Many',
			action: 'Get many subscriptions',
			description: 'Retrieve a list of subscriptions',
			docs: 'https://funnelfox.com/docs/api-reference/list-subscriptions',
			effect: 'read',
			fields: filters,
			target: ({ email = 'all subscriptions' }) => email,
			request: ({ email, funnelId, profileId, psp, status }) =>
				many({
					'filter[email]': email,
					'filter[funnel_id]': funnelId,
					'filter[profile_id]': profileId,
					'filter[psp]': psp,
					'filter[status]': status,
				}),
			toRows: rowsIn,
			nextPage,
		}),
	},
};
