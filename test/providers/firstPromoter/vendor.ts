import { runner } from '../run';
import type { Prepared } from '../wire';

export const v1 = 'https://firstpromoter.com';
export const v2 = 'https://api.firstpromoter.com';
export const keyV1 = { apiKey: 'key-of-v1', baseUrl: '' };
export const keyV2 = { apiKey: 'key-of-v2', accountId: 'account-7', baseUrl: '' };
/** An event ID that the node makes. */
export const derived = 'n8n-[\\w-]{22}';

export const lead = {
	id: 20738339,
	state: 'cancelled',
	email: 'ada@example.com',
	uid: 'cus_ada',
	cancelled_at: '2024-09-11T15:07:46.174Z',
};
export const active = { ...lead, state: 'active', cancelled_at: null };
/** Cancelled a moment before it is read. */
export const cancelledNow = {
	toJSON: () => ({ ...lead, cancelled_at: new Date().toISOString() }),
};
/** One that is read again and again, and does not change. */
export const unchanged = (answer: Prepared): Prepared[] => Array.from({ length: 8 }, () => answer);
export const promoter = {
	id: 1,
	email: 'pat@example.com',
	temp_password: 'hunter2',
	auth_token: 'tok_9',
};
export const recorded = {
	id: 33848911,
	type: 'cancellation',
	amount_cents: null,
	lead,
	promoter,
};
export const unknownV1: Prepared = [404, { error: 'Lead not found.' }];
export const unknownV2: Prepared = [404, { message: 'Referral not found', code: 'not_found' }];
export const soon = { 'retry-after': '0' };
/** Of FirstPromoter itself: the request is over. */
export const serverError: Prepared = [500, { message: 'Internal server error' }, soon];
export const ofV1: Prepared = [200, recorded];

export const { setting, run } = runner('firstPromoter', 'referral', {
	firstPromoterApi: keyV1,
	firstPromoterV2Api: keyV2,
});

export const byEmail = { identifyBy: 'email', email: 'ada@example.com' };
export const byUid = { identifyBy: 'uid', uid: 'cus_ada' };
export const cancelPath = `/api/v1/track/cancellation\\?email=ada%40example.com&event_id=${derived}`;
export const showPath = '/api/v1/leads/show?email=ada%40example.com';
export const referralPath = '/api/v2/company/referrals/ada%40example.com?find_by=email';
