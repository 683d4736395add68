import type { IDataObject } from 'n8n-workflow';

import { defineRead, defineWrite, type Provider } from '../shared/contract/provider';
import { invalid } from '../shared/contract/refusal';
import { credentialCheck } from './credentialCheck';
import { estimateOf, predictCancel, predictResume } from './estimate';
import { cancellation, filters, resumption, statuses, subscriptionId } from './fields';
import type { RequestedEnd } from './records';
import { cancelRequest, inOtherCatalog, resumeRequest, subscriptionPath } from './requests';
import {
	canCancel,
	canResume,
	interpretCancel,
	interpretResume,
	isOwnError,
	isWrongCatalog,
	nextPage,
	recordQuery,
	toRow,
	toRows,
} from './responses';
import { listSubscriptions, searchByCustomer, searchByEmail } from './search';

/** @throws Refusal where it is not the name of a site */
function siteUrl(site: unknown): string {
	const name = String(site ?? '').trim();
	if (/^[a-z0-9][a-z0-9-]*$/i.test(name)) return `https://${name}.chargebee.com/api/v2`;
	throw invalid(
		name === ''
			? 'The Site of the Chargebee credential is empty.'
			: `The Site "${name}" of the Chargebee credential is not the name of a site.`,
		'Use the first part of your Chargebee address: "acme" in acme.chargebee.com.',
	);
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

export const chargebee: Provider = {
	name: 'chargebee',
	displayName: 'Chargebee',
	overview: {
		ends: "a customer's subscription",
		timing: 'end of the period, at once, a date',
		undo: 'until it ends; afterwards a reactivation, which may charge',
		money: 'no credit, refund or charge unless a field says so; unbilled charges are asked about',
	},
	resource: { name: 'Subscription', value: 'subscription' },
	credentials: ['chargebeeCancellationsApi'],
	baseUrl: ({ baseUrl, site }: IDataObject) => (baseUrl as string) || siteUrl(site),
	// Of test sites and of the smallest plan; larger plans have more.
	// https://www.chargebee.com/docs/billing/2.0/kb/platform/what-are-the-chargebee-api-limits
	rateLimits: { requestsPerMinute: 150, burst: 1, concurrency: 50 },
	credentialChecks: [credentialCheck],
	isOwnError,
	alternatives: { isUnavailable: isWrongCatalog, alternativeTo: inOtherCatalog },
	defaultOperation: 'cancel',
	operations: {
		/** https://apidocs.chargebee.com/docs/api/subscriptions/cancel-subscription-for-items */
		cancel: defineWrite({
			name: 'Cancel',
			action: 'Cancel a subscription',
			description: 'End a subscription, at the end of the period, at once or at a date',
			effect: 'cancel',
			agentDescription:
				"It ends this customer's subscription, at the end of the paid term unless another time is chosen. Until then it can be undone with Resume; once it has ended, starting it again may charge the customer.",
			retrySafety: 'deduplicated',
			// The record decides which request is sent, and whether a contract term is active.
			readsBeforeWrite: () => true,
			precondition: canCancel,
			guardable: { email: true, statuses },
			fields: cancellation,
			target: ({ subscriptionId }) => subscriptionId,
			requestedEnd: ({ cancelAt }) => cancelAt?.slice(0, 16),
			variant: ({ when, contractTerm }) => ({ when, contractTerm }),
			searches: searchesToCancel,
			request: cancelRequest,
			interpret: (response, { subscriptionId, ...requested }) =>
				interpretCancel(response, subscriptionId, requested),
			recordQuery: ({ subscriptionId, ...requested }) => recordQuery(subscriptionId, requested),
			preview: estimateOf,
			predict: predictCancel,
		}),
		/** https://apidocs.chargebee.com/docs/api/subscriptions/remove-scheduled-cancellation */
		resume: defineWrite({
			name: 'Resume',
			action: 'Resume a subscription',
			description: 'Undo a scheduled end, or start a subscription again that has ended',
			effect: 'restore',
			agentDescription:
				"It removes the scheduled end of this customer's subscription, which then renews and is charged again. With If Ended set to Reactivate it also starts one again that has ended, which may charge the customer at once.",
			retrySafety: 'deduplicated',
			guardable: { email: true, statuses },
			fields: resumption,
			target: ({ subscriptionId }) => subscriptionId,
			variant: ({ ifEnded = 'refuse', billingCycles }) => ({ ifEnded, billingCycles }),
			searches,
			request: resumeRequest,
			interpret: (response, { subscriptionId }) => interpretResume(response, subscriptionId),
			recordQuery: ({ subscriptionId }) => recordQuery(subscriptionId),
			precondition: canResume,
			predict: predictResume,
		}),
		/** https://apidocs.chargebee.com/docs/api/subscriptions/retrieve-a-subscription */
		get: defineRead({
			name: 'Get',
			action: 'Get a subscription',
			description: 'Retrieve one subscription',
			effect: 'read',
			fields: { subscriptionId },
			target: ({ subscriptionId }) => subscriptionId,
			searches,
			request: ({ subscriptionId }) => ({ path: subscriptionPath(subscriptionId) }),
			toRows: toRow,
		}),
		/** https://apidocs.chargebee.com/docs/api/subscriptions/list-subscriptions */
		getAll: defineRead({
			name: 'Get Many',
			action: 'Get many subscriptions',
			description: 'Retrieve a list of subscriptions',
			effect: 'read',
			fields: filters,
			target: ({ customerId }) => customerId ?? 'all subscriptions',
			request: ({ customerId, status }) =>
				listSubscriptions({ 'customer_id[is]': customerId, 'status[is]': status }),
			toRows,
			nextPage,
		}),
	},
};
