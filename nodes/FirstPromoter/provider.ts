import { FirstPromoterApi } from '../../credentials/FirstPromoterApi.credentials';
import { FirstPromoterV2Api } from '../../credentials/FirstPromoterV2Api.credentials';
import type { CredentialCheck } from '../shared/contract/credential';
import { asObject, segment, type ApiRequest } from '../shared/contract/http';
import { defineRead, defineWrite, type Provider } from '../shared/contract/provider';
import { lowerCaseSpelling, toSingleRow } from '../shared/contract/record';
import { invalid, refused } from '../shared/contract/refusal';
import { aboutCancellation, apiVersion, who } from './fields';
import {
	cancelPrecondition,
	interpretCancel,
	interpretRestore,
	isOwnError,
	recordQuery,
	toCancelState,
	toRestoreState,
	type CustomerRef,
} from './responses';

const target = ({ email, uid }: CustomerRef) => email ?? uid ?? '';

/** `apiVersion` stands above every operation. */
const isV2 = (values: object) => (values as { apiVersion?: string }).apiVersion === 'v2';
const credential = (values: object) => (isV2(values) ? 'firstPromoterV2Api' : 'firstPromoterApi');

/** https://docs.firstpromoter.com/api-reference-v1/leads-api/show */
const leadV1 = ({ email, uid }: CustomerRef): ApiRequest => ({
	path: '/leads/show',
	query: { email, uid },
});

/** https://docs.firstpromoter.com/api-reference-v2/api-admin/referrals/get-referral-for-current-company-based-on-id */
const referralV2 = (ref: CustomerRef): ApiRequest => ({
	path: `/company/referrals/${segment(target(ref))}`,
	query: { find_by: ref.email === undefined ? 'uid' : 'email' },
});

const record = (values: CustomerRef) => (isV2(values) ? referralV2(values) : leadV1(values));

const isPromoter = (row: unknown) => 'id' in asObject(row) && 'cust_id' in asObject(row);

const credentialChecks: CredentialCheck[] = [
	{
		credential: FirstPromoterApi,
		/** https://docs.firstpromoter.com/api-reference-v1/promoters-api/list */
		request: { path: '/promoters/list', query: { per_page: 1 } },
		accepts: ({ body }) => Array.isArray(body) && body.every(isPromoter),
		keyLabel: 'V1 API key',
		keyLocation: 'Settings > Integrations > Manage API Keys',
		keyHint: 'A V2 key belongs in a FirstPromoter V2 API credential.',
	},
	{
		credential: FirstPromoterV2Api,
		/** https://docs.firstpromoter.com/api-reference-v2/api-admin/promoters/get-available-promoters */
		request: { path: '/company/promoters', query: { per_page: 1 } },
		accepts({ body }) {
			const { data, meta } = asObject(body);
			if (!Array.isArray(data)) return false;
			// Assumption: an account without promoters answers with the page's `meta`; many APIs answer `{data: []}`.
			return data.length > 0 ? data.every(isPromoter) : typeof meta === 'object' && meta !== null;
		},
		keyLabel: 'V2 API key or account ID',
		keyLocation: 'Settings > Integrations',
	},
];

export const firstPromoter: Provider = {
	name: 'firstPromoter',
	displayName: 'FirstPromoter',
	overview: {
		ends: 'nothing: a referral is marked as cancelled',
		timing: 'at once',
		undo: 'yes, on API V1',
		money: 'billing is not changed; the promoter earns no more',
	},
	resource: { name: 'Referral', value: 'referral' },
	credentials: ['firstPromoterApi', 'firstPromoterV2Api'],
	baseUrl: ({ baseUrl }, type) =>
		(baseUrl as string) ||
		(type === 'firstPromoterV2Api'
			? 'https://api.firstpromoter.com/api/v2'
			: 'https://firstpromoter.com/api/v1'),
	// v1 publishes no limit; v2's 400 a minute for an account is taken for both. A key of v1 does not name
	// its account, so the two are limited separately.
	rateLimits: { requestsPerMinute: 380, burst: 20 },
	credentialChecks,
	isOwnError,
	defaultOperation: 'cancel',
	nodeFields: { apiVersion },
	operations: {
		/**
		 * v1: https://docs.firstpromoter.com/api-reference-v1/tracking-api/cancellation
		 * v2: https://docs.firstpromoter.com/api-reference-v2/api-admin/tracking-api/cancellation
		 */
		cancel: defineWrite({
			name: 'Track Cancellation',
			action: 'Track a cancellation',
			description: 'Mark a customer as cancelled, so that the promoter earns no more from them',
			notice:
				'Only records the cancellation; billing is not changed. Not needed if Stripe, Paddle, Chargebee, Recurly or Braintree is connected to FirstPromoter: it picks up cancellations automatically.',
			effect: 'cancel',
			recordedAs: 'recorded as cancelled',
			agentDescription:
				'It marks this customer as cancelled for the affiliate program; no billing is changed.',
			// v2 has no event ID, and a user's may be another one at the next evaluation.
			retrySafety: (values) =>
				isV2(values) || values.eventId !== undefined ? 'verifyFirst' : 'deduplicated',
			guardable: {
				email: true,
				statuses: [
					'active',
					'cancelled',
					'denied',
					'moved',
					'pending',
					'refunded',
					'signup',
					'subscribed',
				],
			},
			referral: true,
			fields: { ...who, ...aboutCancellation },
			target,
			// The same text may be one customer's UID and another's address.
			variant: ({ identifyBy }) => identifyBy,
			email: ({ email }) => email,
			credential,
			// Also with the user's Event ID: FirstPromoter compares it with other events, not with the state.
			readsBeforeWrite: () => true,
			precondition: cancelPrecondition,
			request(values, key) {
				const { email, uid, eventId, createdAt, skipEmailNotification } = values;
				const call: ApiRequest = { method: 'POST', path: '/track/cancellation' };
				if (isV2(values)) return { ...call, body: email === undefined ? { uid } : { email } };
				return {
					...call,
					query: {
						email,
						uid,
						event_id: eventId ?? key,
						created_at: createdAt,
						skip_email_notification: skipEmailNotification || undefined,
					},
				};
			},
			interpret: (response, values) => interpretCancel(response, values, isV2(values)),
			recordQuery: (values) =>
				recordQuery(values, record, (found) => toCancelState(found, values.createdAt)),
		}),
		/** https://docs.firstpromoter.com/api-reference-v1/leads-api/show; v2 as in `referralV2` */
		get: defineRead({
			name: 'Get',
			action: 'Get a referral',
			description: 'Retrieve one referral',
			effect: 'read',
			fields: who,
			target,
			email: ({ email }) => email,
			credential,
			request: record,
			fallbackRequest(values) {
				const email = lowerCaseSpelling(values.email);
				return email === undefined ? undefined : record({ ...values, email });
			},
			toRows: toSingleRow,
		}),
		/** https://docs.firstpromoter.com/api-reference-v1/leads-api/update */
		restore: defineWrite({
			name: 'Reactivate',
			action: 'Reactivate a cancelled referral',
			description: 'Undo a tracked cancellation (API V1 only)',
			effect: 'restore',
			recordedAs: 'active again',
			agentDescription:
				'It sets this cancelled customer active again for the affiliate program; no billing is changed.',
			retrySafety: 'verifyFirst',
			guardable: {
				email: true,
				statuses: ['active', 'cancelled', 'denied', 'signup', 'subscribed'],
			},
			fields: who,
			target,
			variant: ({ identifyBy }) => identifyBy,
			email: ({ email }) => email,
			credential,
			request(values) {
				if (isV2(values)) {
					throw invalid('API V2 cannot undo a cancellation.', 'Choose API Version V1.');
				}
				const { email, uid } = values;
				return { method: 'PUT', path: '/leads/update', query: { email, uid, state: 'active' } };
			},
			interpret: interpretRestore,
			recordQuery: (values) => recordQuery(values, leadV1, toRestoreState),
			readsBeforeWrite: () => true,
			// Any other state than "cancelled" (denied, only signed up) would become a customer by this.
			precondition({ status }) {
				if (status === 'cancelled') return undefined;
				throw refused(
					`is "${status}", not "cancelled", so there is no cancellation to undo.`,
					'If it should be active, set that in FirstPromoter.',
				);
			},
		}),
	},
};
