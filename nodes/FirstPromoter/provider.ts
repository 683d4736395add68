import { segment, errorText, type ApiRequest } from '../shared/contract/http';
import { defineRead, defineWrite, type Provider } from '../shared/contract/provider';
import { invalid, refused } from '../shared/contract/refusal';
import { aboutCancellation, apiVersion, who } from './fields';
import {
	activeIn,
	knownEvent,
	notReferred,
	recorded,
	recordIn,
	restored,
	stateIn,
	type Who,
} from './responses';

const target = ({ email, uid }: Who) => email ?? uid ?? '';

/** `apiVersion` stands above every operation. */
const isV2 = (values: object) => (values as { apiVersion?: string }).apiVersion === 'v2';
const credential = (values: object) => (isV2(values) ? 'firstPromoterV2Api' : 'firstPromoterApi');

/** https://docs.firstpromoter.com/api-reference-v1/leads-api/show */
const leadV1 = ({ email, uid }: Who): ApiRequest => ({
	path: '/leads/show',
	query: { email, uid },
});

/** https://docs.firstpromoter.com/api-reference-v2/api-admin/referrals/get-referral-for-current-company-based-on-id */
const referralV2 = (who: Who): ApiRequest => ({
	path: `/company/referrals/${segment(target(who))}`,
	query: { find_by: who.email === undefined ? 'uid' : 'email' },
});

const record = (values: Who) => (isV2(values) ? referralV2(values) : leadV1(values));

export const firstPromoter: Provider = {
	name: 'firstPromoter',
	displayName: 'FirstPromoter',
	resource: { name: 'Referral', value: 'referral' },
	credentials: ['firstPromoterApi', 'firstPromoterV2Api'],
	baseUrl: ({ baseUrl }, type) =>
		(baseUrl as string) ||
		(type === 'firstPromoterV2Api'
			? 'https://api.firstpromoter.com/api/v2'
			: 'https://firstpromoter.com/api/v1'),
	// v1 publishes none; v2's 400 a minute for an account is taken for both. Nothing in a key of v1 tells
	// that it is of the same account, so the two are paced apart.
	rateLimits: { requestsPerMinute: 380, burst: 20 },
	defaultOperation: 'cancel',
	nodeFields: { apiVersion },
	operations: {
		/**
		 * v1: https://docs.firstpromoter.com/api-reference-v1/tracking-api/cancellation
		 * v2: https://docs.firstpromoter.com/api-reference-v2/api-admin/tracking-api/cancellation
		 */
		cancel: defineWrite({
			name: 'Track Cancellation',
			action: 'Track the cancellation of a referral',
			description: 'Mark a customer as cancelled, so that the promoter earns no more from them',
			docs: 'https://docs.firstpromoter.com/api-reference-v1/tracking-api/cancellation',
			notice:
				'This records a cancellation and ends no billing. Where Stripe, Paddle, Chargebee, Recurly or Braintree is connected to FirstPromoter, it learns of cancellations by itself.',
			effect: 'cancel',
			agentDescription:
				'It marks this customer as cancelled for the affiliate program; no billing is changed.',
			// v2 has no event ID, but the referral can be read.
			// An Event ID of the user may be another one at the next evaluation.
			retrySafety: (values) =>
				isV2(values) || values.eventId !== undefined ? 'readFirst' : 'deduplicated',
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
			// An event ID of the user does the same, across executions as well.
			readsBeforeWrite: (values) => isV2(values) || values.eventId === undefined,
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
			interpret(reply, values) {
				if (reply.status === 400) return { outcome: 'failed', description: errorText(reply) };
				const known = isV2(values) ? undefined : knownEvent(reply, values.eventId);
				return known ?? notReferred(reply) ?? recorded(reply, values);
			},
			recordQuery: (values) => ({
				request: record(values),
				as: (reply) => stateIn(reply, values, values.createdAt),
			}),
			onNotFound: notReferred,
		}),
		/** https://docs.firstpromoter.com/api-reference-v1/leads-api/show; v2 as in `referralV2` */
		get: defineRead({
			name: 'Get',
			action: 'Get a referral',
			description: 'Retrieve one referral',
			docs: 'https://docs.firstpromoter.com/api-reference-v1/leads-api/show',
			effect: 'read',
			fields: who,
			target,
			email: ({ email }) => email,
			credential,
			request: record,
			toRows: recordIn,
		}),
		/** https://docs.firstpromoter.com/api-reference-v1/leads-api/update */
		restore: defineWrite({
			name: 'Set Active Again',
			action: 'Set a cancelled referral active again',
			description: 'Undo a tracked cancellation; only API v1 can',
			docs: 'https://docs.firstpromoter.com/api-reference-v1/leads-api/update',
			effect: 'restore',
			agentDescription:
				'It sets this cancelled customer active again for the affiliate program; no billing is changed.',
			retrySafety: 'readFirst',
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
					throw invalid('API V2 has no Set Active Again.', 'Use a credential of API V1.');
				}
				const { email, uid } = values;
				return { method: 'PUT', path: '/leads/update', query: { email, uid, state: 'active' } };
			},
			interpret: restored,
			recordQuery: (who) => ({ request: leadV1(who), as: (reply) => activeIn(reply, who) }),
			// Anything else than "cancelled" (denied, a mere sign-up) would become a customer by this.
			precondition({ status }, who) {
				if (status === 'cancelled') return undefined;
				throw refused(
					`"${target(who)}" is "${status}", not "cancelled", so there is no cancellation to undo.`,
					'If it should be active, set that in FirstPromoter.',
				);
			},
		}),
	},
};
