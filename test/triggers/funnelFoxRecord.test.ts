import type { IDataObject } from 'n8n-workflow';

import { credentials, delivery, Fox, headers, inDays, record } from './fox';
import { Trigger } from './host';
import { later } from './later';

let fox: Fox;
let trigger: Trigger;
const made = async (parameters: IDataObject = {}) =>
	await Trigger.of({ node: 'FunnelFoxTrigger', parameters, credentials });
const outcomeOf = (items?: Array<{ json: IDataObject }>) => items?.map(({ json }) => json.outcome);

beforeEach(async () => {
	fox = new Fox();
	trigger = await made();
});

describe('the record behind a call', () => {
	it('is found by the ID of the payment provider among those of the profile, and is believed', async () => {
		fox.rows.push(
			record({ id: 'sub_other', psp_id: 'sub_1Other', status: 'active', renews: true }),
		);
		const { items } = await trigger.deliver(delivery({}, { expires_at: 1 }), headers);
		expect(items![0].json).toMatchObject({
			outcome: 'scheduled',
			ended: true,
			provider: 'funnelFox',
			event: 'subscription.auto_renew_off',
			target: 'sub_ada',
			email: 'ada@example.com',
			effectiveAt: fox.rows[0].period_ends_at,
			occurredAt: '2026-11-20T09:30:00.000Z',
			source: 'psp',
			eventId: 'evt_1',
			reason: 'Too expensive',
		});
		expect(fox.sent.map(({ path, query }) => [path, query])).toEqual([
			['/public/v1/subscriptions', { limit: '100', 'filter[profile_id]': 'pro_ada' }],
			['/public/v1/subscriptions/sub_ada', {}],
		]);
		expect(fox.sent[0].headers['fox-secret']).toBe('fox-secret-4711');
	});

	it('is found by the e-mail address where no profile is named', async () => {
		const { items } = await trigger.deliver(
			delivery({ profile_id: undefined, profile: { email: 'ada@example.com' } }),
			headers,
		);
		expect(items![0].json).toMatchObject({ target: 'sub_ada' });
	});

	it('says cancelled where its end has passed, whatever the call is named', async () => {
		fox.rows = [record({ period_ends_at: inDays(-1) })];
		expect(outcomeOf((await trigger.deliver(delivery(), headers)).items)).toEqual(['cancelled']);
	});

	it('that goes on starts nothing: a forged or an old call cannot lie', async () => {
		fox.rows = [record({ status: 'active', renews: true, cancelled_at: undefined })];
		expect(await trigger.deliver(delivery(), headers)).toMatchObject({ status: 503 });
		later(121_000);
		const { status, items } = await trigger.deliver(delivery(), headers);
		expect([status, items]).toEqual([200, undefined]);
	});

	it('that does not show yet what has just happened is asked for again', async () => {
		const now = delivery({ created_at: Math.floor(Date.now() / 1000) });
		fox.rows = [record({ status: 'active', renews: true, cancelled_at: undefined })];
		expect(await trigger.deliver(now, headers)).toMatchObject({ status: 503 });
		fox.rows = [];
		expect(await trigger.deliver(now, headers)).toMatchObject({ status: 503 });
		fox.rows = [record()];
		expect((await trigger.deliver(now, headers)).items).toHaveLength(1);
	});

	it.each([
		['answers 500', () => [500, 'boom'] as [number, string]],
		['allows no more requests', () => [429, { message: 'no' }] as [number, object]],
		['shows something else', () => [200, '<html>'] as [number, string]],
	])('is asked for again by a 503 where FunnelFox %s', async (_name, instead) => {
		fox.instead = instead;
		expect(await trigger.deliver(delivery(), headers)).toMatchObject({ status: 503 });
		fox.instead = undefined;
		expect((await trigger.deliver(delivery(), headers)).items).toHaveLength(1);
	});

	it('is not waited for longer than FunnelFox waits', async () => {
		const begun = Date.now();
		jest.useFakeTimers({ advanceTimers: 50 });
		try {
			fox.instead = () => undefined;
			expect(await trigger.deliver(delivery(), headers)).toMatchObject({ status: 503 });
			expect(Date.now() - begun).toBeLessThan(10_000);
		} finally {
			jest.useRealTimers();
		}
	});

	it('is not read where that is switched off: then the call is believed', async () => {
		trigger = await made({ options: { readFirst: false } });
		const ends = Math.round(Date.parse(inDays(3)) / 1000);
		const { items } = await trigger.deliver(delivery({}, { expires_at: ends }), headers);
		expect(items![0].json).toMatchObject({
			outcome: 'scheduled',
			target: 'sub_1PspAda',
			effectiveAt: new Date(ends * 1000).toISOString(),
		});
		expect(fox.sent).toEqual([]);
	});
});
