import { ReditusApi } from '../../credentials/ReditusApi.credentials';
import { asObject, segment, type ApiRequest } from '../shared/contract/http';
import { defineRead, defineWrite, type Provider } from '../shared/contract/provider';
import { lowerCaseSpelling, type RecordQuery } from '../shared/contract/record';
import { filters, states, uidIsBlind, who, whoIsRead } from './fields';
import {
	churnPrecondition,
	interpretChurn,
	interpretGet,
	isOwnError,
	nextPage,
	parseRecord,
	predictChurn,
	queryByEmail,
	toRows,
	type CustomerRef,
} from './responses';

const target = ({ referralUid, referralEmail, referralId }: CustomerRef) =>
	referralUid ?? referralEmail ?? referralId ?? '';

/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/show */
const byId = (id: string): ApiRequest => ({ path: `/v1/referrals/${segment(id)}` });

/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/index */
const byEmail = (email: string | undefined): ApiRequest => ({
	path: '/v1/referrals',
	query: { email_eq: email, per_page: 50 },
});

function recordQuery({ referralUid, referralEmail, referralId }: CustomerRef): RecordQuery {
	if (referralEmail !== undefined) return queryByEmail(referralEmail, byEmail);
	if (referralUid !== undefined || referralId === undefined) {
		return { kind: 'unreadable', reason: uidIsBlind };
	}
	return {
		kind: 'request',
		request: byId(referralId),
		parse: (response) => parseRecord(response, referralId),
	};
}

/** A time as the documents print it: `2022-12-24 12:47:45 +0200`. */
const queryTime = (time: string | undefined) => time?.replace('T', ' ').replace(/\..*/, ' +0000');

export const reditus: Provider = {
	name: 'reditus',
	displayName: 'Reditus',
	overview: {
		ends: 'nothing: a referral is marked as churned',
		timing: 'at once',
		undo: 'no; the next payment does it',
		money: 'billing is not changed; the partner earns no more',
	},
	resource: { name: 'Referral', value: 'referral' },
	credentials: ['reditusApi'],
	baseUrl: ({ baseUrl }) => (baseUrl as string) || 'https://api.getreditus.com/api',
	// 100 in 5 minutes: 10 at once, and 18 in each of the 5. https://docs.getreditus.com/affiliate-program-api/rate-limits
	rateLimits: { requestsPerMinute: 18, burst: 10 },
	credentialChecks: [
		{
			credential: ReditusApi,
			/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/index */
			request: { path: '/v1/referrals', query: { per_page: 1 } },
			accepts: ({ body }) =>
				typeof asObject(asObject(asObject(body).meta).pagination).has_more === 'boolean',
			keyLabel: 'API token',
			keyLocation: 'App Settings',
		},
	],
	isOwnError,
	defaultOperation: 'churn',
	operations: {
		/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/churn */
		churn: defineWrite({
			name: 'Churn',
			action: 'Mark a referral as churned',
			description: 'Mark a customer as churned, so that the partner earns no more from them',
			notice:
				"Only marks the referral as churned; billing is not changed. Cannot be undone, except by the customer's next payment.",
			effect: 'cancel',
			recordedAs: 'marked as churned',
			agentDescription:
				'It marks this customer as churned for the affiliate program; no billing is changed. Only a new payment undoes it.',
			retrySafety: 'verifyFirst',
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
			interpret: interpretChurn,
			recordQuery,
			recordId: ({ referralId }) => referralId,
			// An address may have several referrals, and be spelled otherwise in Reditus.
			readsBeforeWrite: ({ referralEmail }) => referralEmail !== undefined,
			precondition: churnPrecondition,
			predict: predictChurn,
		}),
		/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/show */
		get: defineRead({
			name: 'Get',
			action: 'Get a referral',
			description: 'Retrieve one referral',
			effect: 'read',
			fields: whoIsRead,
			target,
			email: ({ referralEmail }) => referralEmail,
			request: ({ referralEmail, referralId }) =>
				referralId === undefined ? byEmail(referralEmail) : byId(referralId),
			fallbackRequest({ referralEmail }) {
				const email = lowerCaseSpelling(referralEmail);
				return email === undefined ? undefined : byEmail(email);
			},
			interpret: interpretGet,
			toRows,
		}),
		/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/index */
		getAll: defineRead({
			name: 'Get Many',
			action: 'Get many referrals',
			description: 'Retrieve a list of referrals',
			effect: 'read',
			fields: filters,
			target: ({ email = 'all referrals' }) => email,
			email: ({ email }) => email,
			request: ({ email, state, createdAfter, createdBefore, stateSetAfter, stateSetBefore }) => ({
				path: '/v1/referrals',
				query: {
					email_eq: email,
					state_eq: state,
					created_at_gt: queryTime(createdAfter),
					created_at_lt: queryTime(createdBefore),
					state_set_at_gt: queryTime(stateSetAfter),
					state_set_at_lt: queryTime(stateSetBefore),
					page: 1,
					per_page: 50,
				},
			}),
			toRows,
			nextPage,
		}),
	},
};
