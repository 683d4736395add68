import fc from 'fast-check';

import { credentials, delivery, Fox, headers, record } from './fox';
import { virtualTime } from '../host/virtualTime';
import { Trigger } from './host';
import { cancelled, credentials as ofPromoter, Promoter } from './promoter';

const count = 300;

/** How one of many simultaneous events fared. */
interface Fate {
	/** Deliveries that were needed. */
	attempts: number;
	executions: number;
}

/** Delivers an event again until it is answered 2xx. @param delayOf ms after an attempt, from 0 */
async function untilTaken(
	deliver: () => ReturnType<Trigger['deliver']>,
	delayOf: (attempt: number) => number,
): Promise<Fate> {
	for (let attempts = 1; ; attempts++) {
		const { status, items } = await deliver();
		if (status === 200) return { attempts, executions: items?.length ?? 0 };
		await virtualTime().sleep(delayOf(attempts - 1));
	}
}

it('300 events of FunnelFox at once start one execution each, on its documented schedule', async () => {
	const fox = new Fox();
	const ids = Array.from({ length: count }, (_, at) => `c${at}`);
	fox.rows = ids.map((id) =>
		record({
			id: `sub_${id}`,
			psp_id: `psp_${id}`,
			profile: { id: `pro_${id}`, email: `${id}@x.io` },
		}),
	);
	const trigger = await Trigger.of({ node: 'FunnelFoxTrigger', credentials });
	let reads = 0;
	fox.before = () => void reads++;
	// The same each time.
	const jitters = fc.sample(fc.noBias(fc.nat(29)), { seed: 1, numRuns: 4 * count });
	// https://docs.funnelfox.com/docs/webhooks
	const delayOf = (n: number) => 1000 * (n ** 4 + 15 + jitters.pop()! * (n + 1));
	const body = (id: string) =>
		delivery(
			{ id: `evt_${id}`, profile_id: `pro_${id}`, profile: { id: `pro_${id}` } },
			{ vendor_subscription_id: `psp_${id}` },
		);
	const all = Promise.all(
		ids.map((id) => untilTaken(async () => await trigger.deliver(body(id), headers), delayOf)),
	);
	const fates = await all;
	expect(fates.every(({ executions }) => executions === 1)).toBe(true);
	expect(fates.filter(({ attempts }) => attempts === 1).length).toBeGreaterThanOrEqual(50);
	expect(Math.max(...fates.map(({ attempts }) => attempts))).toBeLessThanOrEqual(3);
	// What is not admitted costs no request.
	expect(reads).toBe(2 * count);
	expect(trigger.warnings).toEqual([]);
});

it('300 events of FirstPromoter at once start one execution each, without a jitter in its schedule', async () => {
	const provider = new Promoter();
	const trigger = await Trigger.of({ node: 'FirstPromoterTrigger', credentials: ofPromoter });
	await trigger.activate();
	const ids = Array.from({ length: count }, (_, at) => 1000 + at);
	for (const id of ids) provider.referrals[id] = { id, state: 'cancelled', email: `${id}@x.io` };
	// https://docs.firstpromoter.com/webhooks-v2/deliveries
	const minutes = [2, 4, 8, 16, 32, 60, 120, 240, 510];
	const all = Promise.all(
		ids.map((id) =>
			untilTaken(
				async () =>
					await trigger.deliver(
						cancelled({ event_id: `evt-${id}`, entity_id: id, data: { id, state: 'cancelled' } }),
						provider.headers(),
					),
				(attempt) => {
					expect(attempt).toBeLessThan(minutes.length);
					return minutes[attempt] * 60_000;
				},
			),
		),
	);
	expect((await all).every(({ executions }) => executions === 1)).toBe(true);
});
