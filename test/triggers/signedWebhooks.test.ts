import { ownReceiver } from '../sandbox/receiver';
import { ask, signed } from '../sandbox/start';
import { ownSandbox } from '../sandbox/ownSandbox';
import { keys } from '../../sandbox/keys';
import { byId } from '../providers/facts';
import { runner } from '../providers/run';
import type { Trigger } from './host';
import { registrationOf, secretOf, signedProviders, triggerOf } from './signedWebhooks';

const own = ownSandbox();
const receiver = ownReceiver();
const all = { events: ['scheduled', 'cancelled', 'restored'], options: { ignoreOwn: false } };

describe.each(signedProviders)('the webhook of $name', (provider) => {
	const webhooks = () => own.sandbox.webhooks(provider.name) as Array<Record<string, unknown>>;
	/** A published trigger, whose deliveries arrive at the receiver. */
	async function published(parameters: object = all): Promise<Trigger> {
		const trigger = await triggerOf(provider, own.sandbox, parameters);
		await trigger.activate();
		await provider.redirect(own.sandbox, registrationOf(trigger).id, receiver.url);
		return trigger;
	}
	/** Hands the deliveries that arrived since the last time to the trigger. */
	let handed = 0;
	beforeEach(() => (handed = 0));
	async function deliverTo(trigger: Trigger) {
		await own.sandbox.deliveriesDone();
		const items = [];
		for (const { text, headers } of receiver.calls.slice(handed)) {
			const { items: started } = await trigger.deliver(
				Buffer.from(text),
				headers as Record<string, string>,
			);
			items.push(...(started ?? []));
		}
		handed = receiver.calls.length;
		return items.map(({ json }) => json);
	}

	test('is registered when the workflow is published, and removed when it is not any more', async () => {
		const trigger = await triggerOf(provider, own.sandbox, all);
		await trigger.activate();
		expect(webhooks()).toHaveLength(1);
		await trigger.activate();
		expect(webhooks()).toHaveLength(1);
		await trigger.deactivate();
		expect(webhooks()).toEqual([]);
	});

	test('is registered anew where its secret cannot be opened with the present key', async () => {
		const trigger = await triggerOf(provider, own.sandbox, all);
		await trigger.activate();
		const { id, sealedSecret } = registrationOf(trigger);
		registrationOf(trigger).sealedSecret = `${sealedSecret.slice(0, -4)}AAAA`;
		await trigger.activate();
		expect(registrationOf(trigger).id).not.toBe(id);
		expect(webhooks()).toHaveLength(1);
	});

	test('has a secret that is not in the saved data, and that the key of the credential opens', async () => {
		const trigger = await triggerOf(provider, own.sandbox, all);
		await trigger.activate();
		const secret = secretOf(provider, trigger);
		expect(secret).toMatch(/^(whsec|pdl_ntfset)_/);
		const saved = JSON.stringify(trigger.saved);
		for (const hidden of [secret, keys.stripe.secretKey, keys.paddle.liveApiKey]) {
			expect(saved).not.toContain(hidden);
		}
	});

	test('reports a scheduled end, and the end at once, each once', async () => {
		const trigger = await published();
		await provider.cancel(own.sandbox, 'ada', 'periodEnd');
		const [scheduled, ...others] = await deliverTo(trigger);
		expect(others).toEqual([]);
		expect(scheduled).toMatchObject({
			outcome: 'scheduled',
			ended: true,
			verified: true,
			target: provider.sub('ada'),
			email: 'ada@example.com',
			effectiveAt: expect.any(String),
			reason: provider.name === 'stripe' ? 'Moved away' : null,
		});
		await provider.cancel(own.sandbox, 'kim', 'immediately');
		expect(await deliverTo(trigger)).toMatchObject([
			{ outcome: 'cancelled', target: provider.sub('kim'), email: 'kim@example.com' },
		]);
	});

	test('reports that a scheduled end was undone, and that it was scheduled anew', async () => {
		const trigger = await published();
		const reported = [];
		for (const act of ['cancel', 'resume', 'cancel'] as const) {
			await provider[act](own.sandbox, 'ada', 'periodEnd');
			reported.push(...(await deliverTo(trigger)));
			// The second end is for the same time as the first.
			await new Promise((resolve) => setTimeout(resolve, 1100));
		}
		expect(reported).toMatchObject([
			{ outcome: 'scheduled', ended: true, effectiveAt: expect.any(String) },
			{ outcome: 'restored', ended: false, effectiveAt: null, email: 'ada@example.com' },
			{ outcome: 'scheduled', ended: true, effectiveAt: reported[0].effectiveAt },
		]);
	});

	test('starts nothing for a delivery that comes twice', async () => {
		const trigger = await published();
		await provider.cancel(own.sandbox, 'ada', 'periodEnd');
		expect(await deliverTo(trigger)).toHaveLength(1);
		handed = 0;
		expect(await deliverTo(trigger)).toEqual([]);
	});

	test('reports nothing for an end that was undone before the delivery came', async () => {
		const trigger = await published();
		await provider.cancel(own.sandbox, 'ada', 'periodEnd');
		await provider.resume(own.sandbox, 'ada');
		await own.sandbox.deliveriesDone();
		const [{ text, headers }] = receiver.calls;
		const { status, items } = await trigger.deliver(
			Buffer.from(text),
			headers as Record<string, string>,
		);
		expect([status, items]).toEqual([503, undefined]);
	});

	test('is accepted and refused as the SDK of the vendor does', async () => {
		const trigger = await published();
		await provider.cancel(own.sandbox, 'ada', 'periodEnd');
		await own.sandbox.deliveriesDone();
		const [{ text, headers }] = receiver.calls;
		const signature = String(headers[provider.header]);
		const secret = secretOf(provider, trigger);
		const deliveries: Array<[string, string]> = [
			[text, signature],
			[`${text} `, signature],
			[text.replace('Moved', 'moved').replace('ada', 'ben'), signature],
			[text, signature.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
			[text, signature.replace(/\d+/, (at) => String(Number(at) - 1000))],
			[text, 'nonsense'],
			[text, ''],
		];
		const accepted: boolean[] = [];
		for (const [body, sign] of deliveries) {
			const bySdk = await provider.verify(body, sign, secret).then(
				() => true,
				() => false,
			);
			const { status } = await trigger.deliver(Buffer.from(body), {
				...headers,
				[provider.header]: sign,
			} as never);
			expect([body === text, sign, status !== 401]).toEqual([body === text, sign, bySdk]);
			accepted.push(bySdk);
		}
		expect(accepted.filter(Boolean)).toHaveLength(1);
	});

	test('is refused without a registration, and the log says what to do', async () => {
		const trigger = await published();
		await provider.cancel(own.sandbox, 'ada', 'periodEnd');
		await own.sandbox.deliveriesDone();
		trigger.saved = {};
		const [{ text, headers }] = receiver.calls;
		const { status } = await trigger.deliver(Buffer.from(text), headers as Record<string, string>);
		expect(status).toBe(401);
		expect(trigger.warnings.join()).toContain('Publish the workflow again');
	});
});

describe('the webhook of Stripe', () => {
	const [stripe] = signedProviders;

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
			return await trigger.deliver(text, { [stripe.header]: header });
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

describe('the webhook of Paddle, whose updates do not say what has changed', () => {
	const [, paddle] = signedProviders;
	/** A later update of something else. */
	const touch = async (who: string) =>
		await ask(own.sandbox, 'PATCH', `/paddle/live/subscriptions/${paddle.sub(who)}`, {
			json: { custom_data: { seen: String(Math.random()) } },
			headers: signed.paddle,
		});

	async function published(events: string[]) {
		const trigger = await triggerOf(paddle, own.sandbox, { events });
		await trigger.activate();
		await paddle.redirect(own.sandbox, registrationOf(trigger).id, receiver.url);
		return trigger;
	}
	const newest = async () => {
		await own.sandbox.deliveriesDone();
		const { text, headers } = receiver.calls.at(-1)!;
		return [text, headers as Record<string, string>] as const;
	};

	test('takes an update that changes no end for no event, and reads nothing for it', async () => {
		const trigger = await published(['scheduled', 'restored']);
		await touch('ada');
		const before = own.sandbox.requests('paddle').length;
		expect(await trigger.deliver(...(await newest()))).toEqual({
			status: 200,
			body: { ignored: 'No scheduled end of this subscription is known.' },
		});
		expect(own.sandbox.requests('paddle')).toHaveLength(before);
	});

	test('reports an end once, also where the subscription is updated until then', async () => {
		const trigger = await published(['scheduled', 'restored']);
		await paddle.cancel(own.sandbox, 'ada', 'periodEnd');
		expect((await trigger.deliver(...(await newest()))).items).toHaveLength(1);
		await touch('ada');
		expect(await trigger.deliver(...(await newest()))).toEqual({
			status: 200,
			body: { ignored: 'Another event reported the same end.' },
		});
	});

	test('knows the end that was undone after a restart, and where only that starts the workflow', async () => {
		let trigger = await published(['restored']);
		await paddle.cancel(own.sandbox, 'ada', 'periodEnd');
		expect((await trigger.deliver(...(await newest()))).items).toBeUndefined();
		await paddle.resume(own.sandbox, 'ada');
		const { saved } = trigger;
		const setting = { events: ['restored'] };
		trigger = await triggerOf(paddle, own.sandbox, setting, 'after a restart');
		trigger.saved = saved;
		// n8n cannot start the execution at first.
		trigger.startExecution = async () => await Promise.reject(new Error('database locked'));
		const undone = await newest();
		expect((await trigger.deliver(...undone)).status).toBe(500);
		trigger.startExecution = async () => {};
		expect((await trigger.deliver(...undone)).items?.[0].json.outcome).toBe('restored');
		await touch('ada');
		expect((await trigger.deliver(...(await newest()))).items).toBeUndefined();
	});

	test('reports the end that has come since it was undone', async () => {
		const trigger = await published(['scheduled', 'cancelled', 'restored']);
		await paddle.cancel(own.sandbox, 'ada', 'periodEnd');
		await trigger.deliver(...(await newest()));
		await paddle.resume(own.sandbox, 'ada');
		const undone = await newest();
		await paddle.cancel(own.sandbox, 'ada', 'immediately');
		const { items } = await trigger.deliver(...undone);
		expect(items?.map(({ json }) => json.outcome)).toEqual(['cancelled']);
		expect((await trigger.deliver(...(await newest()))).items).toBeUndefined();
	});
});
