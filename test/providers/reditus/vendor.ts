import type { IDataObject } from 'n8n-workflow';

import { byId as idOf } from '../facts';
import { runner } from '../run';
import type { Prepared } from '../wire';

export const origin = 'https://api.getreditus.com';
export const credentials = { reditusApi: { apiToken: 'token-of-program', baseUrl: '' } };
export const churnPath = '/api/v1/referrals/churn';
export const soon = { 'retry-after': '0' };

export const churnedAt = '2024-09-11T15:07:46.000Z';
export const seconds = Date.parse(churnedAt) / 1000;
export const referral = (state: string, more: IDataObject = {}) => ({
	id: '4711',
	type: 'referral',
	attributes: {
		email: 'ada@example.com',
		state,
		state_set_at: seconds,
		created_at: 1,
		updated_at: 2,
		...more,
	},
});
export const one = (state: string): Prepared => [200, { data: referral(state) }];
/** Churned a moment before it is read. */
export const churnedNow: Prepared = [
	200,
	{
		toJSON: () => ({
			data: referral('churned', { state_set_at: Math.floor(Date.now() / 1000) }),
		}),
	},
];
/** One that is read again and again, and does not change. */
export const unchanged = (answer: Prepared): Prepared[] => Array.from({ length: 8 }, () => answer);
export const list = (...data: unknown[]): Prepared => [
	200,
	{ data, meta: { pagination: { page: 1, per_page: 50, has_more: false } } },
];
export const said = (
	status: number,
	details: unknown,
	headers?: Record<string, string>,
): Prepared => [status, { errors: [{ title: 'No', details }] }, headers];

/** Of Reditus itself: the request is over. */
export const serverError = said(500, 'Internal server error', soon);

export const { run, setting } = runner('reditus', 'referral', credentials);

export const byUid = { identifyBy: 'referralUid', referralUid: 'user_1' };
export const byEmail = { identifyBy: 'referralEmail', referralEmail: 'ada@example.com' };
export const byId = { identifyBy: 'referralId', referralId: idOf('4711') };
export const post = `POST ${churnPath}`;
export const getById = 'GET /api/v1/referrals/4711';
export const getByEmail = 'GET /api/v1/referrals?email_eq=ada%40example.com&per_page=50';
