import { keys } from '../../../sandbox/keys';
import type { Facts } from '../facts';

const { v1ApiKey, v2ApiKey, accountId } = keys.firstPromoter;
const v1 = { 'x-api-key': v1ApiKey };
const v2 = { authorization: `Bearer ${v2ApiKey}`, 'account-id': accountId };
const track = '/firstpromoter/api/v1/track/cancellation';
const leads = '/firstpromoter/api/v1/leads';
const trackV2 = '/firstpromoter/api/v2/track/cancellation';
const company = '/firstpromoter/api/v2/company';

export const facts: Facts = {
	samples: {
		cancel: (uid) => ({ apiVersion: 'v1', identifyBy: 'uid', uid }),
		restore: (uid) => ({ identifyBy: 'uid', uid }),
		get: (uid) => ({ apiVersion: 'v1', identifyBy: 'uid', uid }),
	},
	ada: 'cus_ada',
	account: (url) => ({
		firstPromoterApi: { apiKey: v1ApiKey, baseUrl: `${url}/firstpromoter/api/v1` },
		firstPromoterV2Api: { apiKey: v2ApiKey, accountId, baseUrl: `${url}/firstpromoter/api/v2` },
	}),
	names: {
		cancel: [
			'apiVersion',
			'identifyBy',
			'email',
			'uid',
			'additionalFields.eventId',
			'additionalFields.createdAt',
			'additionalFields.skipEmailNotification',
		],
		restore: ['identifyBy', 'email', 'uid'],
		get: ['apiVersion', 'identifyBy', 'email', 'uid'],
	},
	change: { state: 'subscribed' },
	path: /^\/firstpromoter\/api\/v1\/(track\/cancellation|leads\/(show|update))$/,
	query: ['uid', 'event_id', 'state'],
	asks: [
		{ call: 'v1TrackCancellation', path: `${track}?uid=cus_ada`, headers: v1, status: 200 },
		{ call: 'v1TrackCancellation', path: `${track}?uid=cus_ben`, headers: v1, status: 200 },
		{ call: 'v1TrackCancellation', path: `${track}?uid=cus_cleo`, headers: v1, status: 200 },
		{ call: 'v1TrackCancellation', path: `${track}?uid=cus_hana`, headers: v1, status: 204 },
		{ call: 'v1TrackCancellation', path: track, headers: v1, status: 400 },
		{ call: 'v1ShowLead', path: `${leads}/show?uid=cus_ada`, headers: v1, status: 200 },
		{ call: 'v1ShowLead', path: `${leads}/show?uid=cus_hana`, headers: v1, status: 404 },
		{ call: 'v1ShowLead', path: `${leads}/show`, headers: v1, status: 422 },
		{
			call: 'v1UpdateLead',
			path: `${leads}/update?uid=cus_cleo&state=active`,
			headers: v1,
			status: 200,
		},
		{ call: 'v1UpdateLead', path: `${leads}/update?uid=cus_hana`, headers: v1, status: 404 },
		{ call: 'v1UpdateLead', path: `${leads}/update`, headers: v1, status: 422 },
		{
			call: 'v1ListPromoters',
			path: '/firstpromoter/api/v1/promoters/list?per_page=1',
			headers: v1,
			status: 200,
		},
		{
			call: 'v2TrackCancellation',
			path: trackV2,
			headers: v2,
			json: { uid: 'cus_ada' },
			status: 200,
		},
		{
			call: 'v2TrackCancellation',
			path: trackV2,
			headers: v2,
			json: { uid: 'cus_hana' },
			status: 404,
		},
		{ call: 'v2TrackCancellation', path: trackV2, headers: v2, json: {}, status: 400 },
		{
			call: 'v2GetReferral',
			path: `${company}/referrals/cus_ada?find_by=uid`,
			headers: v2,
			status: 200,
		},
		{
			call: 'v2GetReferral',
			path: `${company}/referrals/cus_hana?find_by=uid`,
			headers: v2,
			status: 404,
		},
		{ call: 'v2ListPromoters', path: `${company}/promoters?per_page=1`, headers: v2, status: 200 },
	],
};
