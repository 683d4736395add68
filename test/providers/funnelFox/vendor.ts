import { byId } from '../facts';
import { runner } from '../run';
import type { Prepared } from '../wire';

export const origin = 'https://api.funnelfox.io';
export const credentials = { funnelFoxApi: { secretKey: 'secret_of_project', baseUrl: '' } };
export const path = '/public/v1/subscriptions';
export const soon = { 'retry-after': '0' };
/** Of FunnelFox itself: the request is over. */
export const serverError: Prepared = [500, { message: 'Internal server error' }, soon];
export const future = '2999-12-31T00:00:00.000Z';
export const past = '2020-01-31T00:00:00.000Z';
/** After any call of these tests. */
const later = '2999-11-30T00:00:00.000Z';

export const active = {
	id: 'sub_1',
	psp_id: 'psp_1',
	status: 'active',
	renews: true,
	sandbox: false,
	period_ends_at: future,
	updated_at: past,
	profile: { id: 'pro_1', email: 'ada@example.com', created_at: past },
	product: { id: 'p', name: 'Pro', status: 'active' },
};
export const cancelled = { ...active, status: 'cancelled', renews: false, cancelled_at: later };

/** Every operation on one subscription is about the one above, unless a test says otherwise. */
export const { run, one } = runner('funnelFox', 'subscription', credentials, (operation) =>
	operation === 'getAll' ? {} : { subscriptionId: byId('sub_1') },
);

export const post = `POST ${path}/sub_1/cancel`;
export const get = `GET ${path}/sub_1`;
