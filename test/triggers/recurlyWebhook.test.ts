import nock from 'nock';

import { keys } from '../../sandbox/keys';
import { signature } from '../../sandbox/providers/recurly/webhook';
import { account, cancel, resume, sub, terminate, triggerOf } from '../providers/recurly/pasted';
import { ownReceiver } from '../sandbox/receiver';
import { ownSandbox } from '../sandbox/ownSandbox';
import { Trigger } from './host';

const own = ownSandbox();
const receiver = ownReceiver();
const all = { events: ['scheduled', 'cancelled', 'restored'] };
const { webhookKey, formerWebhookKey } = keys.recurly;

// The sandbox answers, and not nock; which would stay in Node's own http for the next file.
beforeEach(() => {
	nock.enableNetConnect('127.0.0.1');
	own.sandbox.pasteWebhook('recurly', { url: receiver.url });
});
afterAll(() => nock.restore());

type Delivery = readonly [Buffer, Record<string, string>];

/** The delivery that came last. */
async function newest(): Promise<Delivery> {
	await own.sandbox.deliveriesDone();
	const { text, headers } = receiver.calls.at(-1)!;
	return [Buffer.from(text), headers as Record<string, string>];
}
const outcomesOf = async (trigger: Trigger, delivery: Delivery) =>
	(await trigger.deliver(...delivery)).items?.map(({ json }) => json.outcome);

describe('the webhook of Recurly, which names a subscription and nothing of its state', () => {
	test('reports what the record says: a scheduled end, its undo, and the end at once', async () => {
		const trigger = await triggerOf(own.sandbox, all);
		const reported = [];
		for (const act of [cancel, resume, terminate]) {
			await act(own.sandbox, 'ada');
			const { items = [] } = await trigger.deliver(...(await newest()));
			reported.push(...items.map(({ json }) => json));
		}
		const common = { target: sub('ada'), email: 'ada@example.com', verified: true };
		expect(reported).toMatchObject([
			{ ...common, outcome: 'scheduled', ended: true, effectiveAt: expect.any(String) },
			{ ...common, outcome: 'restored', ended: false, effectiveAt: null },
			{ ...common, outcome: 'cancelled', ended: true, effectiveAt: expect.any(String) },
		]);
		expect(reported.map(({ event, source }) => [event, source])).toEqual([
			['canceled', null],
			['reactivated', null],
			['expired', 'canceled'],
		]);
	});

	test('reads the record of every event, also where the option says otherwise', async () => {
		const trigger = await triggerOf(own.sandbox, { ...all, options: { readFirst: false } });
		await cancel(own.sandbox, 'ada');
		const delivery = await newest();
		const before = own.sandbox.requests('recurly').length;
		expect(await outcomesOf(trigger, delivery)).toEqual(['scheduled']);
		expect(own.sandbox.requests('recurly').slice(before)).toMatchObject([
			{ method: 'GET', target: sub('ada') },
		]);
	});

	test('asks for an event that the record does not show again, and reports it when it does', async () => {
		const trigger = await triggerOf(own.sandbox, all);
		await cancel(own.sandbox, 'ada');
		const delivery = await newest();
		await resume(own.sandbox, 'ada');
		const { status, items } = await trigger.deliver(...delivery);
		expect([status, items]).toEqual([503, undefined]);
		await cancel(own.sandbox, 'ada');
		expect(await outcomesOf(trigger, delivery)).toEqual(['scheduled']);
		// The second event is about the same end.
		expect((await trigger.deliver(...(await newest()))).body).toEqual({
			ignored: 'Another event reported the same end.',
		});
	});

	test('reports the end that has come since, once', async () => {
		const trigger = await triggerOf(own.sandbox, all);
		await cancel(own.sandbox, 'ada');
		const scheduled = await newest();
		await terminate(own.sandbox, 'ada');
		expect(await outcomesOf(trigger, scheduled)).toEqual(['cancelled']);
		expect(await outcomesOf(trigger, await newest())).toBeUndefined();
	});

	test('starts nothing for a delivery that comes twice, for other events, and for those that were not chosen', async () => {
		const trigger = await triggerOf(own.sandbox, { events: ['scheduled'] });
		await cancel(own.sandbox, 'ada');
		const delivery = await newest();
		expect(await outcomesOf(trigger, delivery)).toEqual(['scheduled']);
		expect((await trigger.deliver(...delivery)).body).toEqual({ ignored: 'Duplicate event.' });
		await resume(own.sandbox, 'ada');
		expect((await trigger.deliver(...(await newest()))).body).toEqual({
			ignored: 'The event "restored" is not selected.',
		});
		const [text] = delivery;
		for (const [from, to] of [
			['canceled', 'paused'],
			['"subscription"', '"account"'],
		]) {
			const other = text.toString().replace(from, to);
			const header = { 'recurly-signature': signature(other) };
			expect(await trigger.deliver(Buffer.from(other), header)).toEqual({
				status: 200,
				body: { ignored: 'Not a cancellation event.' },
			});
		}
	});

	test('takes the record of another subscription for no answer', async () => {
		const trigger = await triggerOf(own.sandbox, all);
		await terminate(own.sandbox, 'ada');
		const delivery = await newest();
		own.sandbox.fault({ provider: 'recurly', kind: 'otherRecord', on: 'read', times: 1 });
		expect((await trigger.deliver(...delivery)).status).toBe(503);
		expect(await outcomesOf(trigger, delivery)).toEqual(['cancelled']);
	});

	test('concludes nothing from a state that it does not know', async () => {
		const trigger = await triggerOf(own.sandbox, all);
		for (const act of [cancel, resume]) {
			await act(own.sandbox, 'ada');
			const delivery = await newest();
			own.sandbox.change('recurly', sub('ada'), { state: 'dormant' });
			expect((await trigger.deliver(...delivery)).status).toBe(503);
			own.sandbox.change('recurly', sub('ada'), { state: 'canceled' });
		}
	});

	test('fails visibly where the subscription is of another site than the key', async () => {
		const trigger = await Trigger.of({
			node: 'RecurlyTrigger',
			parameters: all,
			credentials: {
				RecurlyApi: { ...account(own.sandbox), apiKey: keys.recurly.sandboxApiKey },
			},
		});
		await cancel(own.sandbox, 'ada');
		expect(await trigger.deliver(...(await newest()))).toMatchObject({
			status: 500,
			failed: expect.stringContaining("Couldn't find Subscription"),
		});
	});
});

describe('a signature of Recurly', () => {
	test('that is wrong starts nothing and reads nothing', async () => {
		const trigger = await triggerOf(own.sandbox, all);
		own.sandbox.deliveryFault('recurly', 'wrongSecret');
		await cancel(own.sandbox, 'ada');
		const before = own.sandbox.requests('recurly').length;
		expect(await trigger.deliver(...(await newest()))).toMatchObject({ status: 401 });
		expect(own.sandbox.requests('recurly')).toHaveLength(before);
	});

	test('that the sandbox makes after a change of the key is accepted with either', async () => {
		own.sandbox.settings('recurly', { assumptions: { webhookKeys: 'afterChange' } });
		await cancel(own.sandbox, 'ada');
		const delivery = await newest();
		for (const key of [webhookKey, formerWebhookKey]) {
			const trigger = await Trigger.of({
				...{ node: 'RecurlyTrigger', parameters: all, id: key },
				credentials: { RecurlyApi: { ...account(own.sandbox), webhookKey: key } },
			});
			expect(await outcomesOf(trigger, delivery)).toEqual(['scheduled']);
		}
	});
});

describe('a Recurly Trigger without a Webhook Key', () => {
	const without = async () =>
		await Trigger.of({
			...{ node: 'RecurlyTrigger', parameters: all },
			credentials: { RecurlyApi: { ...account(own.sandbox), webhookKey: ' ' } },
		});

	test('cannot be published', async () => {
		await expect((await without()).activate()).rejects.toThrow(/has no Webhook Key/);
	});

	test('rejects every delivery, and the log says why', async () => {
		const trigger = await without();
		await cancel(own.sandbox, 'ada');
		expect((await trigger.deliver(...(await newest()))).status).toBe(401);
		expect(trigger.warnings.join()).toContain('holds no key for their signatures');
	});
});

test('what a Recurly Trigger shows holds none of its keys', async () => {
	const trigger = await triggerOf(own.sandbox, { ...all, options: { includeRaw: true } });
	await cancel(own.sandbox, 'ada');
	own.sandbox.change('recurly', sub('ada'), {
		custom_fields: [{ name: 'note', value: `${webhookKey} ${keys.recurly.apiKey}` }],
	});
	const { items } = await trigger.deliver(...(await newest()));
	expect(items?.[0].json.raw).toMatchObject({
		delivery: { event_type: 'canceled' },
		record: { id: sub('ada') },
	});
	expect(JSON.stringify(items)).not.toContain(webhookKey);
	expect(JSON.stringify(items)).not.toContain(keys.recurly.apiKey);
});
