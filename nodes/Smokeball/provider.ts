import { SmokeballApi } from '../../credentials/SmokeballApi.credentials';
import { asObject, segment, type ApiRequest } from '../shared/contract/http';
import { lastPage } from '../shared/contract/page';
import { defineRead, defineWrite, type Provider } from '../shared/contract/provider';
import { toSingleRow } from '../shared/contract/record';
import { invalid } from '../shared/contract/refusal';
import { authentication, cancellation, statuses, subscriptionId } from './fields';
import {
	confirmCancel,
	interpretCancel,
	interpretPreview,
	interpretResume,
	isOwnError,
	parseRecord,
	parseResumed,
	toRows,
	type CancellationEnd,
} from './responses';

/** https://docs.smokeball.com/docs/api-docs/z2q8vla6b77g8-base-urls */
const hosts = new Map([
	['au', 'api.smokeball.com.au'],
	['uk', 'api.smokeball.co.uk'],
	['us', 'api.smokeball.com'],
]);
const hostPrefixes = new Map([
	['production', ''],
	['staging', 'staging'],
]);

/** @throws Refusal where the key would go to the host of another region or environment */
function regionalUrl(region: unknown, environment: unknown): string {
	const [host, prefix] = [hosts.get(String(region)), hostPrefixes.get(String(environment))];
	if (host !== undefined && prefix !== undefined) return `https://${prefix}${host}`;
	throw invalid(
		`The Smokeball credential names the region "${String(region)}" and the environment "${String(environment)}", of which at least one is unknown.`,
		'Choose a region and an environment in the credential.',
	);
}

/** `authentication` stands above every operation. */
export const credential = (values: object) =>
	(values as { authentication?: unknown }).authentication === 'oAuth2'
		? 'smokeballOAuth2Api'
		: 'smokeballApi';

const one = (id: string): ApiRequest => ({ path: `/subscriptions/${segment(id)}` });

const patch = (path: string, body: ApiRequest['body']): ApiRequest => ({
	method: 'PATCH',
	path,
	headers: { 'Content-Type': 'application/json' },
	body,
});

interface Cancellation extends CancellationEnd {
	subscriptionId: string;
	reason?: string;
}

function cancelRequest(values: Cancellation, preview?: true): ApiRequest {
	const { subscriptionId, cancellationType, cancelAt, reason, cancelSubscription } = values;
	const given = Object.entries({ cancelAt, reason, cancelSubscription, preview });
	return patch(`${one(subscriptionId).path}/cancel`, {
		cancellationType,
		...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
	});
}

export const smokeball: Provider = {
	name: 'smokeball',
	displayName: 'Smokeball',
	overview: {
		ends: "your own firm's plan",
		timing: 'end of the period, at once, a date',
		undo: 'yes; a plan that has ended is charged at once',
		money: 'no refund',
	},
	resource: { name: 'Subscription', value: 'subscription' },
	credentials: ['smokeballApi', 'smokeballOAuth2Api'],
	baseUrl({ baseUrl, customBaseUrl, region = 'us', environment = 'production' }, type) {
		if (type === 'smokeballApi') {
			return String(
				baseUrl === 'custom' ? customBaseUrl : baseUrl || regionalUrl('us', 'production'),
			);
		}
		return (baseUrl as string) || regionalUrl(region, environment);
	},
	headers: ({ apiKey }, type): Record<string, string> =>
		type === 'smokeballOAuth2Api' ? { 'x-api-key': String(apiKey) } : {},
	/**
	 * Five a second with a burst of five. The requests go out one by one, so that no second has more than
	 * five, whichever way Smokeball counts; the burst stays in reserve for requests that bunch on the way.
	 * https://docs.smokeball.com/docs/api-docs/vj4jovpoopdov-rate-limits
	 */
	rateLimits: { requestsPerMinute: 300, burst: 1, concurrency: 5 },
	// The OAuth2 credential has no check: n8n signs in to it, and lets no package test it.
	credentialChecks: [
		{
			credential: SmokeballApi,
			/** The list is what the node needs; a key without access to it cannot cancel either. */
			request: { path: '/subscriptions' },
			// Older pages show a bare list.
			accepts({ body }) {
				const { value, ...link } = asObject(body);
				const rows: unknown = Array.isArray(body) ? body : value;
				if (!Array.isArray(rows) || !rows.every((row) => 'id' in asObject(row))) return false;
				return rows.length > 0 || ['id', 'href', 'self', 'relation'].some((name) => name in link);
			},
			keyLabel: 'API key or access token',
			keyLocation: 'the Smokeball Developer Console; an access token is valid for one hour',
			accessHint:
				'Check the key, its permissions, and that Smokeball has opened /subscriptions for your app.',
		},
	],
	// Its 403 also says that this user may not change the record.
	forbidsSingleRecords: true,
	isOwnError,
	defaultOperation: 'cancel',
	notice: "This is your firm's own Smokeball plan, not a client's matter or subscription.",
	nodeFields: { authentication },
	operations: {
		/** PATCH /subscriptions/{id}/cancel; the page is hidden since 2025-09-16, its neighbour is linked. */
		cancel: defineWrite({
			name: 'Cancel',
			action: 'Cancel a subscription',
			description: "End the firm's own plan, at the end of the period, at once or at a date",
			effect: 'cancel',
			agentDescription:
				"It ends the law firm's own Smokeball plan, at the end of the period unless another time is chosen. While the end is pending it can be resumed; after that, resuming charges at once.",
			// No idempotency key is documented, but the record can be read.
			retrySafety: 'verifyFirst',
			readsBeforeWrite: () => true,
			guardable: { email: false, statuses },
			credential,
			fields: cancellation,
			target: ({ subscriptionId }) => subscriptionId,
			// To the minute: `$now` differs between two items of a run.
			requestedEnd: ({ cancelAt }) => cancelAt?.slice(0, 16),
			variant: ({ cancellationType, cancelSubscription }) => ({
				cancellationType,
				trialsAsWell: cancelSubscription === true,
			}),
			request: (values) => cancelRequest(values),
			interpret: interpretCancel,
			recordQuery: ({ subscriptionId, ...requested }) => ({
				kind: 'request',
				request: one(subscriptionId),
				parse: (response) => parseRecord(response, subscriptionId, requested),
			}),
			preview: (values) => ({ request: cancelRequest(values, true), interpret: interpretPreview }),
			confirm: confirmCancel,
			needsConfirmation: ({ planContinues }) => planContinues === true,
		}),
		/** PATCH /subscriptions/{id}/resume; the page is hidden since 2025-09-16, its neighbour is linked. */
		resume: defineWrite({
			name: 'Resume',
			action: 'Resume a subscription',
			description: 'Undo a pending cancellation, or start an ended plan again',
			notice:
				'Resuming a plan that has already ended charges your firm immediately. If the charge fails, the plan is past due.',
			effect: 'restore',
			agentDescription:
				"It takes back a pending cancellation of the law firm's own Smokeball plan. A plan that has already ended is started again and charged at once.",
			// It may charge, and is carried out in the background: a read right after it proves nothing.
			retrySafety: 'never',
			guardable: { email: false, statuses },
			credential,
			fields: { subscriptionId },
			target: ({ subscriptionId }) => subscriptionId,
			request: ({ subscriptionId }) => patch(`${one(subscriptionId).path}/resume`, {}),
			interpret: (response, { subscriptionId }) => interpretResume(response, subscriptionId),
			recordQuery: ({ subscriptionId }) => ({
				kind: 'request',
				request: one(subscriptionId),
				parse: (response) => parseResumed(response, subscriptionId),
			}),
		}),
		/** GET /subscriptions/{id}; the page is hidden since 2025-09-16, its neighbour is linked. */
		get: defineRead({
			name: 'Get',
			action: 'Get a subscription',
			description: 'Retrieve one subscription',
			effect: 'read',
			credential,
			fields: { subscriptionId },
			target: ({ subscriptionId }) => subscriptionId,
			request: ({ subscriptionId }) => one(subscriptionId),
			toRows: toSingleRow,
		}),
		/** https://docs.smokeball.com/api-reference/subscriptions/get-subscriptions */
		getAll: defineRead({
			name: 'Get Many',
			action: 'Get many subscriptions',
			description: 'Retrieve a list of subscriptions',
			effect: 'read',
			credential,
			fields: {},
			target: () => 'all subscriptions',
			request: () => ({ path: '/subscriptions' }),
			toRows,
			nextPage: () => lastPage,
		}),
	},
};
