import { credentials as ofFox, delivery, Fox, headers, record } from './fox';
import { Trigger } from './host';
import { credentials as ofSmokeball, pending, Plans } from './plans';
import { churn, credentials as ofReditus, Referrals } from './referrals';

/** What n8n saves for a trigger. Once a version is published, a change here needs a way from the old form. */
const savedBy = (trigger: Trigger) => trigger.saved['node:Trigger'];

test('the FunnelFox Trigger saves events in this form', async () => {
	const fox = new Fox();
	const ben = { id: 'pro_ben', email: 'ben@example.com' };
	fox.rows.push(record({ id: 'sub_ben', profile: ben }));
	const trigger = await Trigger.of({ node: 'FunnelFoxTrigger', credentials: ofFox });
	await trigger.deliver(delivery(), headers);
	const own = { cancellation_source: 'api', vendor_subscription_id: 'sub_own' };
	await trigger.deliver(delivery({ id: 'evt_2' }, own), headers);
	await trigger.deliver(delivery({ id: 'evt_3', profile_id: 'pro_ben' }), headers);
	expect(savedBy(trigger)).toEqual({
		seen: ['evt_1', 'sub_ada scheduled 2026-11-20T09:30:00.000Z'],
		unconfirmed: {
			evt_3: expect.any(Number),
			'sub_ben scheduled 2026-11-20T09:30:00.000Z': expect.any(Number),
		},
		ownEnds: { sub_own: '2026-11-20T09:30:00.000Z' },
	});
});

test('the Reditus Trigger saves its cursor in this form', async () => {
	const reditus = new Referrals();
	const setAt = Math.floor(Date.now() / 1000);
	reditus.rows = [churn('5', setAt)];
	const trigger = await Trigger.of({ node: 'ReditusTrigger', credentials: ofReditus });
	await trigger.poll();
	expect(savedBy(trigger)).toEqual({
		account: expect.stringMatching(/ https:\/\/reditus\.example\/api$/),
		polledAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
		cursor: { at: expect.any(Number), dated: expect.any(Boolean), reported: [`5-${setAt}`] },
	});
});

test('the Smokeball Trigger saves its cursor in this form', async () => {
	new Plans().rows = [pending()];
	const trigger = await Trigger.of({ node: 'SmokeballTrigger', credentials: ofSmokeball });
	await trigger.poll();
	expect(savedBy(trigger)).toMatchObject({
		cursor: { 'plan-1': { phase: 'Pending', endsAt: '2099-01-31T00:00:00.000Z' } },
	});
});
