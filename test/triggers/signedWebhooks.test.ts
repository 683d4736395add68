import { ownReceiver } from '../sandbox/receiver';
import { ownSandbox } from '../sandbox/ownSandbox';
import { virtualTime } from '../host/virtualTime';
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
		for (const hidden of [secret, provider.secret]) {
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
			virtualTime().pass(1100);
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
