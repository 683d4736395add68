import { keyFor, type ApiRequest } from '../shared/contract/http';
import { defineRead, defineWrite, type Provider } from '../shared/contract/provider';
import { toSingleRow, type RecordState } from '../shared/contract/record';
import { endVerdict, type Verdict } from '../shared/contract/verdict';
import { credentialCheck } from './credentialCheck';
import { cancellation, filters, statuses, subscriptionId } from './fields';
import { pathOf } from './paths';
import type { RecordValues, RequestedEnd } from './records';
import {
	canCancel,
	canResume,
	explainRefusal,
	interpretCancel,
	interpretResume,
	isOwnError,
	nextPage,
	recordQuery,
	toRows,
} from './responses';
import { listSubscriptions, searchByCode, searchByEmail } from './search';

const hosts = { us: 'https://v3.recurly.com', eu: 'https://v3.eu.recurly.com' };

interface Cancellation {
	when: RequestedEnd;
	refund?: 'full' | 'none' | 'partial';
	charge?: boolean;
}

/**
 * A request that Recurly carries out once for each key. It compares neither query nor body, so that
 * these are a part of the key, as is the record: what was cancelled, resumed and is cancelled again
 * must not get the response to the first request. Source: openapi/api.yaml, "Idempotent Requests"
 */
function once(request: ApiRequest, key: string, values: object): ApiRequest {
	const { recordVersion } = values as Partial<RecordValues>;
	return { ...request, headers: { 'Idempotency-Key': keyFor(key, [request, recordVersion]) } };
}

function cancelRequest(id: string, { when, refund, charge }: Cancellation): ApiRequest {
	if (when === 'immediately') {
		// Recurly bills usage by default. Where an add-on has any, the user has chosen.
		const query = { refund: refund ?? 'none', charge: charge ?? false };
		return { method: 'DELETE', path: pathOf(id), query };
	}
	// By default Recurly goes on billing until the end of the term.
	const timeframe = when === 'termEnd' ? 'term_end' : 'bill_date';
	return { method: 'PUT', path: `${pathOf(id)}/cancel`, body: { timeframe } };
}

/** What a cancellation would come to, and what it does with money. */
function predictCancel(state: RecordState | undefined, values: Cancellation): Verdict {
	const { when } = values;
	if (state?.status === 'future') {
		const description =
			'It has not begun: Recurly cancels it at once, and it cannot be brought back.';
		return { outcome: 'cancelled', effectiveAt: null, description };
	}
	if (when === 'immediately') {
		return { outcome: 'cancelled', effectiveAt: null, description: moneyNote(values) };
	}
	const verdict = endVerdict(state?.end ?? { kind: 'unknown' });
	return when === 'termEnd'
		? { ...verdict, description: 'Recurly goes on billing until then.' }
		: verdict;
}

function moneyNote({ refund = 'none', charge = false }: Cancellation): string {
	const refunds = {
		full: 'Recurly refunds the last invoice in full.',
		none: 'Recurly refunds nothing.',
		partial: 'Recurly refunds the part of the last invoice for the time that remains.',
	};
	const usage = charge
		? 'Usage of this period is billed on a last invoice.'
		: 'Usage of this period is not billed.';
	return `${refunds[refund]} ${usage}`;
}

/** How a subscription is found by what the CRM knows. */
const searches = {
	email: (address: string) => searchByEmail(address),
	customer: (code: string) => searchByCode(code),
};
const searchesToCancel = {
	email: (address: string, { when }: Cancellation) => searchByEmail(address, when),
	customer: (code: string, { when }: Cancellation) => searchByCode(code, when),
};

export const recurly: Provider = {
	name: 'recurly',
	displayName: 'Recurly',
	overview: {
		ends: "a customer's subscription",
		timing: 'end of the period, end of the term, at once',
		undo: 'until it ends',
		money: 'no refund unless a field says so; usage is asked about',
	},
	resource: { name: 'Subscription', value: 'subscription' },
	credentials: ['recurlyApi'],
	baseUrl: ({ baseUrl, region }) => (baseUrl as string) || (region === 'eu' ? hosts.eu : hosts.us),
	// Of a sandbox site; a production site allows 1,000, and counts GET alone. The headers of each response say
	// what remains. Source: openapi/api.yaml, "Limits"
	rateLimits: { requestsPerMinute: 400, burst: 1 },
	credentialChecks: [credentialCheck],
	isOwnError,
	defaultOperation: 'cancel',
	operations: {
		/** openapi/api.yaml, cancel_subscription and terminate_subscription */
		cancel: defineWrite({
			name: 'Cancel',
			action: 'Cancel a subscription',
			description: 'End a subscription, at the end of the period or of the term, or at once',
			effect: 'cancel',
			agentDescription:
				"It ends this customer's subscription, at the end of the paid period unless another time is chosen. Until then it can be undone with Resume; once it has ended, it cannot.",
			retrySafety: 'deduplicated',
			// The record is read before each cancellation: it tells whether usage is billed.
			precondition: canCancel,
			guardable: { email: true, statuses },
			fields: cancellation,
			target: ({ subscriptionId }) => subscriptionId,
			variant: ({ when }) => ({ when }),
			searches: searchesToCancel,
			request: ({ subscriptionId, ...values }, key) =>
				once(cancelRequest(subscriptionId, values), key, values),
			interpret: (response, { subscriptionId, when }) =>
				interpretCancel(response, subscriptionId, when),
			recordQuery: ({ subscriptionId, when }) => recordQuery(subscriptionId, when),
			predict: predictCancel,
			explainRefusal,
		}),
		/** openapi/api.yaml, reactivate_subscription */
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
			precondition: canResume,
			request: ({ subscriptionId, ...values }, key) =>
				once({ method: 'PUT', path: `${pathOf(subscriptionId)}/reactivate` }, key, values),
			interpret: (response, { subscriptionId }) => interpretResume(response, subscriptionId),
			recordQuery: ({ subscriptionId }) => recordQuery(subscriptionId),
		}),
		/** openapi/api.yaml, get_subscription */
		get: defineRead({
			name: 'Get',
			action: 'Get a subscription',
			description: 'Retrieve one subscription',
			effect: 'read',
			fields: { subscriptionId },
			target: ({ subscriptionId }) => subscriptionId,
			searches,
			request: ({ subscriptionId }) => ({ path: pathOf(subscriptionId) }),
			toRows: toSingleRow,
		}),
		/** openapi/api.yaml, list_subscriptions and list_account_subscriptions */
		getAll: defineRead({
			name: 'Get Many',
			action: 'Get many subscriptions',
			description: 'Retrieve a list of subscriptions',
			effect: 'read',
			fields: filters,
			target: ({ customerId }) => customerId ?? 'all subscriptions',
			request: ({ customerId, status }) => listSubscriptions(customerId, status),
			toRows,
			nextPage,
		}),
	},
};
