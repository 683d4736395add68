import { segment, type ApiRequest } from '../shared/contract/http';
import { defineRead, defineWrite, type Provider } from '../shared/contract/provider';
import { filters, states, uidIsBlind, who, whoIsRead } from './fields';
import { churned, nobodyIn, notReferred, pageAfter, rowsIn, stateIn, type Who } from './responses';

const target = ({ referralUid, referralEmail, referralId }: Who) =>
	referralUid ?? referralEmail ?? referralId ?? '';

/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/show and .../index */
const lookUp = ({ referralEmail, referralId }: Who): ApiRequest =>
	referralId === undefined
		? { path: '/v1/referrals', query: { email_eq: referralEmail, per_page: 50 } }
		: { path: `/v1/referrals/${segment(referralId)}` };

/** As the documents print it: `2022-12-24 12:47:45 +0200`. */
const written = (moment: string | undefined) => moment?.replace('T', ' ').replace(/\..*/, ' +0000');

export const reditus: Provider = {
	name: 'reditus',
	displayName: 'Reditus',
	resource: { name: 'Referral', value: 'referral' },
	credentials: ['reditusApi'],
	baseUrl: ({ baseUrl }) => (baseUrl as string) || 'https://api.getreditus.com/api',
	// 100 in 5 minutes: 10 at once, and 18 in each of the 5. https://docs.getreditus.com/affiliate-program-api/rate-limits
	rateLimits: { requestsPerMinute: 18, burst: 10 },
	defaultOperation: 'churn',
	operations: {
		/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/churn */
		churn: defineWrite({
			name: 'Churn',
			action: 'Mark a referral as churned',
			description: 'Mark a customer as churned, so that the partner earns no more from them',
			docs: 'https://docs.getreditus.com/affiliate-program-api/v1/referrals/churn',
			notice:
				'This records a churn and ends no billing. A later payment makes the referral active again; there is no other way to undo it.',
			effect: 'cancel',
			agentDescription:
				'It marks this customer as churned for the affiliate program; no billing is changed. Only a new payment undoes it.',
			retrySafety: 'readFirst',
			guardable: { email: true, statuses: states },
			referral: true,
			fields: who,
			target,
			// The same text may be one customer's UID and another's ID.
			variant: ({ identifyBy }) => identifyBy,
			email: ({ referralEmail }) => referralEmail,
			request: ({ referralUid, referralEmail, referralId }) => ({
				method: 'POST',
				path: '/v1/referrals/churn',
				body:
					referralUid !== undefined
						? { referral_uid: referralUid }
						: referralEmail !== undefined
							? { referral_email: referralEmail }
							: { referral_id: referralId },
			}),
			interpret: churned,
			recordQuery: (who) =>
				who.referralUid === undefined
					? { request: lookUp(who), as: (reply) => stateIn(reply, who) }
					: { reason: uidIsBlind },
			onNotFound: notReferred,
			predict: (state) =>
				state?.status === 'clicked'
					? {
							outcome: 'notCancellable',
							description: 'Reditus refuses a referral that never converted.',
						}
					: { outcome: 'cancelled', effectiveAt: null },
		}),
		/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/show */
		get: defineRead({
			name: 'Get',
			action: 'Get a referral',
			description: 'Retrieve one referral',
			docs: 'https://docs.getreditus.com/affiliate-program-api/v1/referrals/show',
			effect: 'read',
			fields: whoIsRead,
			target,
			email: ({ referralEmail }) => referralEmail,
			request: lookUp,
			interpret: nobodyIn,
			toRows: rowsIn,
		}),
		/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/index */
		getAll: defineRead({
			name: 'Get Many',
			action: 'Get many referrals',
			description: 'Retrieve a list of referrals',
			docs: 'https://docs.getreditus.com/affiliate-program-api/v1/referrals/index',
			effect: 'read',
			fields: filters,
			target: ({ email = 'all referrals' }) => email,
			email: ({ email }) => email,
			request: ({ email, state, createdAfter, createdBefore, stateSetAfter, stateSetBefore }) => ({
				path: '/v1/referrals',
				query: {
					email_eq: email,
					state_eq: state,
					created_at_gt: written(createdAfter),
					created_at_lt: written(createdBefore),
					state_set_at_gt: written(stateSetAfter),
					state_set_at_lt: written(stateSetBefore),
					page: 1,
					per_page: 50,
				},
			}),
			toRows: rowsIn,
			nextPage(reply, call) {
				const page = pageAfter(reply);
				return page === undefined ? undefined : { ...call, query: { ...call.query, page } };
			},
		}),
	},
};
