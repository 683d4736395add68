import type { IDataObject } from 'n8n-workflow';
import fc from 'fast-check';

import { credentials, delivery, Fox, headers, record } from './fox';
import { Trigger } from './host';
import { later } from './later';

let fox: Fox;
let trigger: Trigger;
beforeEach(async () => {
	fox = new Fox();
	trigger = await Trigger.of({ node: 'FunnelFoxTrigger', credentials });
});

const running = (id: string): IDataObject =>
	record({ id, psp_id: `psp_${id}`, status: 'active', renews: true, cancelled_at: undefined });
const unnamed = { vendor_subscription_id: undefined };
const jsonOf = async (body: IDataObject) => {
	const { status, items } = await trigger.deliver(body, headers);
	expect(status).toBe(200);
	return items?.[0].json;
};

describe('which subscription a delivery is about', () => {
	it('is found on whatever page it stands', async () => {
		fox.rows = [...Array.from({ length: 240 }, (_, at) => running(`sub_${at}`)), record()];
		expect(await jsonOf(delivery())).toMatchObject({ target: 'sub_ada', verified: true });
		expect(fox.sent.map(({ path }) => path.split('/').at(-1))).toEqual([
			...Array<string>(3).fill('subscriptions'),
			'sub_ada',
		]);
	});

	it('ends where FunnelFox repeats a cursor', async () => {
		fox.rows = Array.from({ length: 240 }, (_, at) => running(`sub_${at}`));
		fox.cursorOf = () => 'the same';
		expect(await jsonOf(delivery())).toMatchObject({ target: 'sub_1PspAda', verified: false });
	});

	it('is the only one there is, although the payment provider calls it otherwise', async () => {
		fox.rows = [record({ psp_id: 'si_another_kind_of_id' })];
		expect(await jsonOf(delivery())).toMatchObject({ target: 'sub_ada', verified: true });
	});

	it('is guessed to be the only one that has just ended, which is not verified', async () => {
		const updated_at = '2026-11-20T09:30:02Z';
		fox.rows = [running('sub_1'), record({ psp_id: 'x', updated_at }), running('sub_2')];
		expect(await jsonOf(delivery({}, unnamed))).toMatchObject({
			target: 'sub_ada',
			verified: false,
		});
	});

	it('is not one that ended long before', async () => {
		const updated_at = '2025-01-01T00:00:00Z';
		fox.rows = [running('sub_1'), record({ psp_id: 'x', updated_at })];
		expect(await jsonOf(delivery())).toMatchObject({ target: 'sub_1PspAda', verified: false });
	});

	it('is said in the words of the delivery where several could be meant', async () => {
		fox.rows = [record(), record({ id: 'sub_2' })];
		expect(await jsonOf(delivery({}, unnamed))).toMatchObject({
			outcome: 'scheduled',
			target: 'pro_ada',
			email: 'ada@example.com',
			verified: false,
		});
	});

	it('is waited for, and then said in the words of the delivery, where there is no record', async () => {
		fox.rows = [];
		expect(await trigger.deliver(delivery(), headers)).toMatchObject({ status: 503 });
		later(121_000);
		expect(await jsonOf(delivery())).toMatchObject({ target: 'sub_1PspAda', verified: false });
	});
});

test('an event is never answered 200 and dropped because its record was not identified', async () => {
	const rows = fc.uniqueArray(
		fc.record({
			id: fc.constantFrom('sub_1', 'sub_2', 'sub_3', 'sub_4'),
			psp_id: fc.constantFrom('sub_1PspAda', 'psp_2', 'psp_3'),
			updated_at: fc.constantFrom('2026-11-20T09:30:02Z', '2025-01-01T00:00:00Z', undefined),
		}),
		{ selector: ({ id }) => id, maxLength: 4 },
	);
	let events = 0;
	await fc.assert(
		fc.asyncProperty(rows, fc.boolean(), async (found, named) => {
			fox.rows = found.map((row) => record({ ...row, cancelled_at: undefined }));
			const id = `evt_${++events}`;
			const body = delivery({ id, profile_id: 'pro_ada' }, named ? {} : unnamed);
			trigger.saved = {};
			trigger.parameters.options = { ignoreOwn: false };
			const { status, items, body: answer } = await trigger.deliver(body, headers);
			const isKnown = JSON.stringify(answer ?? '').includes('reported the same end');
			expect(status === 503 || items?.length === 1 || isKnown).toBe(true);
		}),
		{ numRuns: 60 },
	);
});
