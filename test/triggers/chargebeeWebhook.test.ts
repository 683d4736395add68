import { basicAuthValidator } from 'chargebee';
import fc from 'fast-check';

import { anyText } from '../anyText';
import { passwordIn } from '../../nodes/Chargebee/trigger';
import { keys } from '../../sandbox/keys';
import { ownSandbox } from '../sandbox/ownSandbox';
import {
	basic,
	cancel,
	deliver,
	itemsOf,
	passwordOf,
	post,
	provider,
	published,
	sub,
} from './chargebee';
import { registrationOf, triggerOf } from './signedWebhooks';

const own = ownSandbox();
const all = { events: ['scheduled', 'cancelled', 'restored'] };
/** Also what the API did, as in these tests. */
const everything = { ...all, options: { ignoreOwn: false } };
const leave = (who: string, how = {}) => own.sandbox.customerCancels('chargebee', sub(who), how);
const back = (who: string) => own.sandbox.customerReturns('chargebee', sub(who));
const undo = async (who: string) =>
	await post(own.sandbox, `/subscriptions/${sub(who)}/remove_scheduled_cancellation`);
const reactivate = async (who: string) =>
	await post(own.sandbox, `/subscriptions/${sub(who)}/reactivate`);
const endpoints = () => own.sandbox.webhooks('chargebee') as Array<Record<string, unknown>>;
const outcomesOf = (delivered: Awaited<ReturnType<typeof deliver>>) =>
	itemsOf(delivered).map(({ json }) => json.outcome);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

describe('the webhook endpoint of Chargebee', () => {
	test('is created when the workflow is published, and deleted when it is not any more', async () => {
		const trigger = await published(own.sandbox, all);
		expect(endpoints()).toMatchObject([
			{
				url: trigger.url(),
				api_version: 'v2',
				enabled_events: [
					'subscription_cancellation_scheduled',
					'subscription_cancelled',
					'subscription_canceled_with_backdating',
					'subscription_scheduled_cancellation_removed',
					'subscription_reactivated',
					'subscription_reactivated_with_backdating',
				],
			},
		]);
		expect(String(endpoints()[0].name).length).toBeLessThanOrEqual(50);
		await trigger.activate();
		expect(endpoints()).toHaveLength(1);
		await trigger.deactivate();
		expect(endpoints()).toEqual([]);
	});

	test.each([
		[
			'restored',
			[
				'subscription_scheduled_cancellation_removed',
				'subscription_reactivated',
				'subscription_reactivated_with_backdating',
			],
		],
		['scheduled', ['subscription_cancellation_scheduled']],
		[
			'cancelled',
			[
				'subscription_cancelled',
				'subscription_canceled_with_backdating',
				'subscription_cancellation_scheduled',
				'subscription_scheduled_cancellation_removed',
			],
		],
	])('gets for "%s" the events that report it, or tell who is behind it', async (event, types) => {
		await published(own.sandbox, { events: [event] });
		expect(endpoints()[0].enabled_events).toEqual(types);
	});

	test.each([
		['disabled', { disabled: 'true' }],
		['renamed', { name: 'Of another program' }],
		['sent elsewhere', { url: 'https://n8n.example/other' }],
		['given other events', { 'enabled_events[0]': 'subscription_renewed' }],
	])('is created anew where it was %s by hand', async (_, form) => {
		const trigger = await published(own.sandbox, all);
		const { id } = registrationOf(trigger);
		await post(own.sandbox, `/webhook_endpoints/${id}`, form as Record<string, string>);
		await trigger.activate();
		expect(registrationOf(trigger).id).not.toBe(id);
	});

	test('has a password of its own each time, which is not saved', async () => {
		const trigger = await published(own.sandbox, all);
		const first = passwordOf(own.sandbox);
		expect(first).toMatch(/^[0-9a-f]{64}$/);
		expect(JSON.stringify(trigger.saved)).not.toContain(first);
		await trigger.deactivate();
		await trigger.activate();
		expect(passwordOf(own.sandbox)).not.toBe(first);
	});
});

describe('a delivery of Chargebee', () => {
	test('is accepted and refused as by the SDK of the vendor', async () => {
		const trigger = await published(own.sandbox, all);
		leave('ada');
		await own.sandbox.deliveriesDone();
		const [{ body }] = own.sandbox.deliveries('chargebee');
		const text = Buffer.from(JSON.stringify(body));
		const password = passwordOf(own.sandbox);
		const validate = basicAuthValidator(
			(user: string, given: string) => user === 'n8n' && given === password,
		);
		const accepted: string[] = [];
		for (const authorization of [
			basic('n8n', `${password} `),
			basic('n8n', `${password.slice(0, -1)}-`),
			basic('n8n', password.toUpperCase()),
			basic('N8N', password),
			basic('', password),
			basic('n8n', ''),
			basic('n8n', registrationOf(trigger).secretDigest),
			`Bearer ${password}`,
			password,
			'Basic',
			'',
			basic('n8n', password),
		]) {
			const bySdk = await Promise.resolve(validate({ authorization })).then(
				() => true,
				() => false,
			);
			const { status } = await trigger.deliver(text, { authorization });
			expect([authorization, status]).toEqual([authorization, bySdk ? 200 : 401]);
			if (bySdk) accepted.push(authorization);
		}
		expect(accepted).toEqual([basic('n8n', password)]);
	});

	test('is refused without a registration, and without a header', async () => {
		const trigger = await published(own.sandbox, all);
		leave('ada');
		await own.sandbox.deliveriesDone();
		const [{ body }] = own.sandbox.deliveries('chargebee');
		expect((await trigger.deliver(body)).status).toBe(401);
		trigger.saved = {};
		const authorization = basic('n8n', passwordOf(own.sandbox));
		expect((await trigger.deliver(body, { authorization })).status).toBe(401);
	});

	test('has the password after the first colon, whatever it is, and none in any other text', () => {
		fc.assert(
			fc.property(anyText(), (password) => {
				expect(passwordIn(basic('n8n', password))).toBe(Buffer.from(password).toString('utf8'));
			}),
		);
		fc.assert(
			fc.property(fc.string(), (text) => {
				expect(passwordIn(text)).toBe('');
			}),
		);
	});
});

describe('the trigger of Chargebee', () => {
	test('reports an end that was scheduled, undone and scheduled anew, each once', async () => {
		const trigger = await published(own.sandbox, all);
		leave('ada');
		const [scheduled] = itemsOf(await deliver(own.sandbox, trigger));
		expect(scheduled.json).toMatchObject({
			outcome: 'scheduled',
			ended: true,
			verified: true,
			target: sub('ada'),
			email: 'ada@example.com',
			effectiveAt: expect.stringMatching(/T00:00:00\.000Z$/),
			source: 'portal',
			reason: null,
		});
		expect(outcomesOf(await deliver(own.sandbox, trigger))).toEqual([]);
		back('ada');
		expect(itemsOf(await deliver(own.sandbox, trigger, 1))).toMatchObject([
			{ json: { outcome: 'restored', ended: false, effectiveAt: null, email: 'ada@example.com' } },
		]);
		own.sandbox.freeze(new Date(Date.now() + 5_000).toISOString());
		leave('ada');
		expect(outcomesOf(await deliver(own.sandbox, trigger, 2))).toEqual(['scheduled']);
		own.sandbox.freeze(null);
	});

	test('reports an end at once, a backdated one, and that one was reactivated', async () => {
		const trigger = await published(own.sandbox, everything);
		leave('ada', { ends: 'now' });
		await post(own.sandbox, `/subscriptions/${sub('kim')}/cancel_for_items`, {
			cancel_option: 'specific_date',
			cancel_at: String(Math.floor(Date.now() / 1000) - 86_400),
			cancel_reason_code: 'Too expensive',
		});
		const ended = itemsOf(await deliver(own.sandbox, trigger));
		expect(ended).toMatchObject([
			{ json: { outcome: 'cancelled', target: sub('ada'), reason: null } },
			{ json: { outcome: 'cancelled', target: sub('kim'), reason: 'Too expensive' } },
		]);
		expect(Date.parse(String(ended[1].json.effectiveAt))).toBeLessThan(Date.now() - 86_000_000);
		await reactivate('kim');
		expect(outcomesOf(await deliver(own.sandbox, trigger, 2))).toEqual(['restored']);
	});

	test('reports a scheduled end again when it comes', async () => {
		const trigger = await published(own.sandbox, all);
		leave('ada');
		expect(outcomesOf(await deliver(own.sandbox, trigger))).toEqual(['scheduled']);
		own.sandbox.change('chargebee', sub('ada'), {
			cancelled_at: Math.floor(Date.now() / 1000) - 60,
		});
		own.sandbox.catchUp();
		expect(itemsOf(await deliver(own.sandbox, trigger, 1))).toMatchObject([
			{ json: { outcome: 'cancelled', source: 'scheduled_job' } },
		]);
	});

	test('reports an undo of an end that the trigger has not seen', async () => {
		const trigger = await published(own.sandbox, { events: ['restored'] });
		back('cleo');
		expect(outcomesOf(await deliver(own.sandbox, trigger))).toEqual(['restored']);
	});

	test('waits where the record says otherwise: an end that was undone before the delivery came', async () => {
		const trigger = await published(own.sandbox, all);
		leave('ada');
		back('ada');
		const [late, undone] = await deliver(own.sandbox, trigger);
		expect([late.status, late.items]).toEqual([503, undefined]);
		expect(itemsOf([undone])).toHaveLength(1);
	});

	test('reports the end that has come since it was scheduled, and that once', async () => {
		const trigger = await published(own.sandbox, everything);
		leave('ada');
		await cancel(own.sandbox, 'ada', 'immediately');
		const [scheduled, ended] = await deliver(own.sandbox, trigger);
		expect(outcomesOf([scheduled])).toEqual(['cancelled']);
		expect(ended.body).toEqual({ ignored: 'Another event reported the same end.' });
	});

	test.each([
		['a trial, which keeps its status', 'ben', {}],
		['one that does not renew and has no date', 'ada', { cancelled_at: undefined }],
	])('reports the scheduled end of %s', async (_, who, change) => {
		const trigger = await published(own.sandbox, all);
		leave(who);
		own.sandbox.change('chargebee', sub(who), change);
		expect(itemsOf(await deliver(own.sandbox, trigger))).toMatchObject([
			{ json: { outcome: 'scheduled', effectiveAt: expect.any(String) } },
		]);
	});

	test('takes a transferred subscription and an unknown status for no end', async () => {
		const trigger = await published(own.sandbox, all);
		leave('ada', { ends: 'now' });
		for (const status of ['transferred', 'on_hold']) {
			own.sandbox.change('chargebee', sub('ada'), { status, cancelled_at: undefined });
			const [{ status: answer, items }] = await deliver(own.sandbox, trigger);
			expect([status, answer, items]).toEqual([status, 503, undefined]);
		}
	});

	test.each([
		['deleted', () => own.sandbox.change('chargebee', sub('ada'), { deleted: true })],
		['removed', () => own.sandbox.change('chargebee', sub('ada'), { id: 'another' })],
	])('goes by the delivery where the subscription was %s since', async (_, change) => {
		const trigger = await published(own.sandbox, all);
		leave('ada', { ends: 'now' });
		change();
		expect(itemsOf(await deliver(own.sandbox, trigger))).toMatchObject([
			{ json: { outcome: 'cancelled', verified: false, email: 'ada@example.com' } },
		]);
	});

	test('has Chargebee deliver again where the record cannot be read', async () => {
		const trigger = await published(own.sandbox, all);
		leave('ada');
		own.sandbox.fault({ provider: 'chargebee', kind: 'otherRecord', on: 'read', times: 0 });
		const [{ status, items }] = await deliver(own.sandbox, trigger);
		expect([status >= 500, items]).toEqual([true, undefined]);
	});

	test('takes another event for none', async () => {
		const trigger = await published(own.sandbox, all);
		const authorization = basic('n8n', passwordOf(own.sandbox));
		for (const body of [
			{ event_type: 'subscription_renewed', id: 'ev_1', content: { subscription: { id: 'a' } } },
			{ event_type: 'subscription_cancelled', id: 'ev_2', content: {} },
			{},
		]) {
			expect(await trigger.deliver(body, { authorization })).toEqual({
				status: 200,
				body: { ignored: 'Not a cancellation event.' },
			});
		}
	});

	test('shows neither the password nor the means of payment in the raw data', async () => {
		const trigger = await published(own.sandbox, { ...all, options: { includeRaw: true } });
		leave('ada');
		const text = JSON.stringify(itemsOf(await deliver(own.sandbox, trigger)));
		expect(text).toContain('subscription_cancellation_scheduled');
		for (const secret of [passwordOf(own.sandbox), 'tok_sandbox_ada', '192.0.2.7', 'DE000000000']) {
			expect(text).not.toContain(secret);
		}
	});
});

describe('Ignore Own Cancellations of Chargebee', () => {
	/** All scheduled ends come; the targets of those that start the workflow. */
	async function reportedEnds(trigger: Awaited<ReturnType<typeof published>>) {
		const before = own.sandbox.deliveries('chargebee').length;
		own.sandbox.freeze(inDays(20));
		own.sandbox.catchUp();
		await own.sandbox.deliveriesDone();
		own.sandbox.freeze(null);
		const ends = await deliver(own.sandbox, trigger, before);
		return itemsOf(ends).map(({ json }) => json.target);
	}
	/** Their ends come as well, and were not scheduled by the API. */
	const others = [sub('cleo'), sub('dora')];

	test.each([[['scheduled', 'cancelled']], [['cancelled']]])(
		'leaves out what the API ended, and the end that follows from it: %j',
		async (events) => {
			const trigger = await published(own.sandbox, { events });
			await cancel(own.sandbox, 'ada');
			const [scheduled] = await deliver(own.sandbox, trigger);
			expect(scheduled.body).toEqual({ ignored: 'The cancellation was made through the API.' });
			expect((await reportedEnds(trigger)).sort()).toEqual(others);
		},
	);

	test.each(['by the customer', 'by the API'])(
		'reports the end of a customer who leaves for the same time after an undo %s, also after a restart',
		async (undoneBy) => {
			const events = ['cancelled'];
			let trigger = await published(own.sandbox, { events });
			await cancel(own.sandbox, 'ada');
			await deliver(own.sandbox, trigger);
			if (undoneBy === 'by the API') await undo('ada');
			else back('ada');
			leave('ada');
			expect(outcomesOf(await deliver(own.sandbox, trigger, 1))).toEqual([]);
			const { saved } = trigger;
			trigger = await triggerOf(provider, own.sandbox, { events }, 'after a restart');
			trigger.saved = saved;
			expect((await reportedEnds(trigger)).sort()).toEqual([sub('ada'), ...others]);
		},
	);

	test('reports a customer who leaves after the end of the API was undone', async () => {
		const trigger = await published(own.sandbox, { events: ['scheduled', 'cancelled'] });
		await cancel(own.sandbox, 'ada');
		await undo('ada');
		leave('ada', { ends: 'now' });
		expect(outcomesOf(await deliver(own.sandbox, trigger))).toEqual(['cancelled']);
	});

	test('reports an end for want of payment, although a job made it', async () => {
		const trigger = await published(own.sandbox, { events: ['cancelled'] });
		await cancel(own.sandbox, 'ada');
		await undo('ada');
		leave('ada', { ends: 'now', source: 'dunning' });
		expect(itemsOf(await deliver(own.sandbox, trigger))).toMatchObject([
			{ json: { outcome: 'cancelled', source: 'scheduled_job', reason: 'not_paid' } },
		]);
	});

	test('reports what the API did where it is off', async () => {
		const trigger = await published(own.sandbox, everything);
		await cancel(own.sandbox, 'ada');
		await undo('ada');
		await deliver(own.sandbox, trigger);
		await cancel(own.sandbox, 'kim', 'immediately');
		expect(itemsOf(await deliver(own.sandbox, trigger, 2))).toMatchObject([
			{ json: { outcome: 'cancelled', source: 'api' } },
		]);
	});
});

test('a trigger of Chargebee with a key of another site is not published', async () => {
	const apiKey = keys.chargebee.classicApiKey;
	const other = { ...provider, account: (url: string) => ({ ...provider.account(url), apiKey }) };
	const trigger = await triggerOf(other, own.sandbox, all);
	await expect(trigger.activate()).rejects.toThrow(/key/i);
	expect(endpoints()).toEqual([]);
});
