import { FunnelFoxApi } from '../../credentials/FunnelFoxApi.credentials';
import { asObject, segment, type ApiRequest } from '../shared/contract/http';
import { defineRead, defineWrite, type Provider } from '../shared/contract/provider';
import { filters, reason, statuses, subscriptionId } from './fields';
import {
	interpretCancel,
	isOwnError,
	nextPage,
	parseRecord,
	searchByEmail,
	toRow,
	toRows,
} from './responses';

const one = (id: string): ApiRequest => ({ path: `/subscriptions/${segment(id)}` });

const many = (query: ApiRequest['query']): ApiRequest => ({
	path: '/subscriptions',
	// The guide and older pages allow no more than 100.
	query: { limit: 100, ...query },
});

const searches = {
	email: (address: string) => searchByEmail(address, (email) => many({ 'filter[email]': email })),
};

export const funnelFox: Provider = {
	name: 'funnelFox',
	displayName: 'FunnelFox',
	overview: {
		ends: "a customer's subscription",
		timing: 'end of the period',
		undo: 'no',
		money: 'no refund',
	},
	resource: { name: 'Subscription', value: 'subscription' },
	credentials: ['funnelFoxApi'],
	baseUrl: ({ baseUrl }) => (baseUrl as string) || 'https://api.funnelfox.io/public/v1',
	// FunnelFox publishes none; public clients work at this rate.
	rateLimits: { requestsPerMinute: 1140, burst: 1 },
	credentialChecks: [
		{
			credential: FunnelFoxApi,
			/** https://funnelfox.com/docs/develop/api */
			request: { path: '/funnels', query: { limit: 1 } },
			accepts: ({ body }) => typeof asObject(asObject(body).pagination).has_more === 'boolean',
			keyLabel: 'secret key',
			keyLocation: 'Project Settings',
		},
	],
	isOwnError,
	defaultOperation: 'cancel',
	operations: {
		/** https://funnelfox.com/docs/api-reference/cancel-subscription */
		cancel: defineWrite({
			name: 'Cancel',
			action: 'Cancel a subscription',
			description: 'Stop the renewal of a subscription; access lasts until the paid period ends',
			effect: 'cancel',
			liveNotice: 'This cannot be undone here.',
			agentDescription:
				"It stops the renewal of this customer's subscription. The API offers no way to undo it.",
			// No idempotency key is documented, but the record can be read.
			retrySafety: 'verifyFirst',
			guardable: { email: true, statuses },
			fields: { subscriptionId, reason },
			target: ({ subscriptionId }) => subscriptionId,
			searches,
			request: ({ subscriptionId, reason }) => ({
				method: 'POST',
				path: `/subscriptions/${segment(subscriptionId)}/cancel`,
				body: reason === undefined ? undefined : { reason },
			}),
			interpret: (response, { subscriptionId }) => interpretCancel(response, subscriptionId),
			recordQuery: ({ subscriptionId }) => ({
				kind: 'request',
				request: one(subscriptionId),
				parse: (response) => parseRecord(response, subscriptionId),
			}),
		}),
		/** https://funnelfox.com/docs/api-reference/get-subscription-details */
		get: defineRead({
			name: 'Get',
			action: 'Get a subscription',
			description: 'Retrieve one subscription',
			effect: 'read',
			fields: { subscriptionId },
			target: ({ subscriptionId }) => subscriptionId,
			searches,
			request: ({ subscriptionId }) => one(subscriptionId),
			toRows: toRow,
		}),
		/** https://funnelfox.com/docs/api-reference/list-subscriptions */
		getAll: defineRead({
			name: 'Get Many',
			action: 'Get many subscriptions',
			description: 'Retrieve a list of subscriptions',
			effect: 'read',
			fields: filters,
			target: ({ email = 'all subscriptions' }) => email,
			request: ({ email, funnelId, profileId, psp, status, updatedAfter, updatedBefore }) =>
				many({
					'filter[email]': email,
					'filter[funnel_id]': funnelId,
					'filter[profile_id]': profileId,
					'filter[psp]': psp,
					'filter[status]': status,
					'filter[updated_at.from]': updatedAfter,
					'filter[updated_at.to]': updatedBefore,
				}),
			toRows,
			nextPage,
		}),
	},
};
