import { keys } from '../../../sandbox/keys';
import { byId, type Facts } from '../facts';

const { apiToken } = keys.reditus;
const headers = { authorization: `Bearer ${apiToken}` };
const referrals = '/reditus/api/v1/referrals';
const churn = `${referrals}/churn`;

export const facts: Facts = {
	samples: {
		churn: (referralUid) => ({ identifyBy: 'referralUid', referralUid }),
		get: (id) => ({ identifyBy: 'referralId', referralId: byId(id) }),
		getAll: () => ({ returnAll: false, limit: 5 }),
	},
	ada: 'cus_ada',
	account: (url) => ({ reditusApi: { apiToken, baseUrl: `${url}/reditus/api` } }),
	names: {
		churn: ['identifyBy', 'referralUid', 'referralEmail', 'referralId'],
		get: ['identifyBy'],
		getAll: ['filters.email', 'filters.state'],
	},
	path: /^\/reditus\/api\/v1\/referrals(\/churn|\/[^/]+)?$/,
	query: [],
	asks: [
		{ call: 'churn', path: churn, headers, json: { referral_uid: 'cus_ada' }, status: 200 },
		{ call: 'churn', path: churn, headers, json: { referral_uid: 'cus_hana' }, status: 404 },
		{ call: 'churn', path: churn, headers, json: { referral_uid: 'cus_ben' }, status: 422 },
		{ call: 'churn', path: churn, headers, json: { referral_uid: '' }, status: 400 },
		{ call: 'listReferrals', path: `${referrals}?per_page=2`, headers, status: 200 },
		{ call: 'listReferrals', path: `${referrals}?created_at_gt=soon`, headers, status: 400 },
		{ call: 'getReferral', path: `${referrals}/ref_ada`, headers, status: 200 },
		{ call: 'getReferral', path: `${referrals}/ref_nobody`, headers, status: 404 },
	],
};
