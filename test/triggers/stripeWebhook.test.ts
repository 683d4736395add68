import { byId } from '../providers/facts';
import { runner } from '../providers/run';
import { signedProvider as stripe } from '../providers/stripe/signed';
import { ownReceiver } from '../sandbox/receiver';
import { ownSandbox } from '../sandbox/ownSandbox';
import { registrationOf, secretOf, triggerOf } from './signedWebhooks';

const own = ownSandbox();
const receiver = ownReceiver();
const all = { events: ['scheduled', 'cancelled', 'restored'], options: { ignoreOwn: false } };

describe('the webhook of Stripe', () => {
	test('leaves out an end that the node scheduled, by its idempotency key, and what follows from it', async () => {
		const trigger = await triggerOf(stripe, own.sandbox, { events: ['scheduled', 'cancelled'] });
		await trigger.activate();
		await stripe.redirect(own.sandbox, registrationOf(trigger).id, receiver.url);
		const account = stripe.account(own.sandbox.url);
		const { one } = runner('stripe', 'subscription', { stripeCancellationsApi: account });
		const subscriptionId = byId(stripe.sub('ada'));
		expect(await one('cancel', { subscriptionId, when: 'periodEnd' })).toMatchObject({
			outcome: 'scheduled',
		});
		own.sandbox.freeze(new Date(Date.now() + 20 * 86_400_000).toISOString());
		// The read makes the end that is due take effect.
		await one('get', { subscriptionId });
		await stripe.cancel(own.sandbox, 'kim', 'periodEnd');
		await own.sandbox.deliveriesDone();
		own.sandbox.freeze(null);
		const reported = receiver.calls.map(({ body }) => [body.type, body.data.object.id] as const);
		expect(reported).toContainEqual(['customer.subscription.deleted', stripe.sub('ada')]);
		const started: unknown[] = [];
		for (const { text, headers } of receiver.calls) {
			const { items = [] } = await trigger.deliver(
				Buffer.from(text),
				headers as Record<string, string>,
			);
			started.push(...items.map(({ json }) => json.target));
		}
		expect(started).toEqual([stripe.sub('kim')]);
	});

	describe('with an unusual body', () => {
		/** A signed delivery of Ada's end at once, with another subscription or other fields. */
		async function delivered(change: object, more: object = {}, options: object = {}) {
			const trigger = await triggerOf(stripe, own.sandbox, { ...all, options });
			await trigger.activate();
			await stripe.redirect(own.sandbox, registrationOf(trigger).id, receiver.url);
			await stripe.cancel(own.sandbox, 'ada', 'immediately');
			await own.sandbox.deliveriesDone();
			const { body } = receiver.calls[0];
			const object = { ...body.data.object, ...change };
			const text = JSON.stringify({ ...body, ...more, data: { object } });
			const header = stripe.sign(secretOf(stripe, trigger), text);
			return await trigger.deliver(Buffer.from(text), { [stripe.header]: header });
		}
		const unread = { readFirst: false };

		test.each([
			['a customer that is an object', { customer: { id: 'cus_1', object: 'customer' } }],
			['no time of its end', { canceled_at: 0, ended_at: null }],
		])('%s: the record tells', async (_, change) => {
			const { items } = await delivered(change);
			expect(items).toMatchObject([{ json: { outcome: 'cancelled', email: 'ada@example.com' } }]);
			expect(items?.[0].json.effectiveAt).toMatch(/^20[2-9]/);
		});

		test('0 is no time', async () => {
			const { items } = await delivered({ canceled_at: 0, ended_at: 0 }, { created: 0 }, unread);
			expect(items).toMatchObject([{ json: { effectiveAt: null, occurredAt: null } }]);
		});

		test.each([
			['a subscription whose first payment never came', { status: 'incomplete_expired' }, {}],
			['test mode', {}, { livemode: false }],
		])('%s starts nothing', async (_, change, more) => {
			expect(await delivered(change, more, unread)).toMatchObject({
				status: 200,
				body: { ignored: expect.any(String) },
			});
		});
	});

	test('reports that an end was undone which the trigger did not see', async () => {
		const trigger = await triggerOf(stripe, own.sandbox, { events: ['restored'] });
		await trigger.activate();
		await stripe.redirect(own.sandbox, registrationOf(trigger).id, receiver.url);
		await stripe.resume(own.sandbox, 'cleo');
		await own.sandbox.deliveriesDone();
		const [{ text, headers }] = receiver.calls;
		const { items } = await trigger.deliver(Buffer.from(text), headers as Record<string, string>);
		expect(items?.map(({ json }) => json)).toMatchObject([
			{ outcome: 'restored', ended: false, effectiveAt: null, target: stripe.sub('cleo') },
		]);
	});
});
