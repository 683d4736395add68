import fc from 'fast-check';

import { anyAnswer, consistentCustomers, customer, mostly } from '../worldArbitrary';
import type { Fault } from '../world';
import { sourceNames, type TriggerWorld } from './world';

const few = fc.constantFrom(0, 0, 0, 1, 2, 3, 5);

const fault: fc.Arbitrary<Fault> = fc.record({
	on: fc.constantFrom('read', 'read', 'search'),
	nth: few,
	times: fc.constantFrom(1, 1, 2),
	reaches: fc.constant(true),
	workMs: fc.constantFrom(0, 200, 1500, 4000),
	answer: anyAnswer,
	answerMs: fc.constantFrom(0, 100, 1500, 4000, 20_000, 70_000),
});

/** So few that a provider delivers again after all of them. */
const anyWorld: fc.Arbitrary<TriggerWorld> = fc.record({
	kind: fc.constant('triggers'),
	provider: fc.constantFrom(...sourceNames),
	variant: fc.record({
		pageSize: fc.constantFrom(1, 2, 100),
		foldsEmails: fc.constant(true),
		keepsStatus: fc.boolean(),
		times: fc.constantFrom('utc', 'withoutOffset'),
		paging: fc.constant('sound'),
		version: fc.constant(2),
		events: fc.constantFrom('one', 'two'),
		names: fc.constantFrom('pspId', 'otherId', 'ownId'),
		offersCancelled: fc.boolean(),
		order: fc.constantFrom('newestFirst', 'oldestFirst'),
		sendsDate: fc.boolean(),
	}),
	customers: fc.array(customer, { minLength: 1, maxLength: 5 }),
	changes: fc.array(
		fc.record({
			atMs: fc.constantFrom(1000, 1000, 1000, 1040, 5000, 61_000, 62_000, 300_000, 640_000),
			customer: fc.nat(4),
			kind: mostly('cancelled', 'cancelledAtOnce', 'reactivated'),
			byApi: mostly(false, true),
			lagMs: fc.constantFrom(0, 0, 300, 5000, 30_000, 90_000),
		}),
		{ minLength: 1, maxLength: 6 },
	),
	deliveryFaults: fc.array(
		fc.record({
			nth: few,
			times: fc.constantFrom(1, 1, 2),
			kind: fc.constantFrom('lost', 'answerLost', 'hangsUp', 'late', 'repeated'),
			ms: fc.constantFrom(0, 10, 40, 100, 1500, 5000, 60_000, 7_200_000),
		}),
		{ maxLength: 2 },
	),
	faults: fc.array(fault, { maxLength: 2 }),
	latency: fc.constantFrom('steady', 'varied'),
	startFaults: fc.array(fc.record({ nth: few, times: fc.constant(1) }), { maxLength: 2 }),
	startMs: fc.constantFrom(20, 20, 400, 1500),
	crashesAtMs: fc.oneof(
		{ weight: 4, arbitrary: fc.constant<number[]>([]) },
		{ weight: 1, arbitrary: fc.array(fc.constantFrom(1050, 1200, 30_000, 330_000)) },
	),
	pollEveryMs: fc.constantFrom(60_000, 60_000, 300_000),
	clockErrorMs: mostly(0, 7_200_000, -7_200_000),
	wantsRestored: fc.boolean(),
	serverZone: fc.constantFrom('UTC', 'Asia/Tokyo', 'America/Los_Angeles'),
	seed: fc.nat(1_000_000),
});

function consistent(world: TriggerWorld): TriggerWorld {
	const { provider } = world;
	// A list that is polled may show a change much later than it tells of one.
	const isPolled = provider === 'reditus' || provider === 'smokeball';
	const changes = world.changes.map((one) => ({
		...one,
		customer: one.customer % world.customers.length,
		lagMs: isPolled && one.lagMs === 90_000 ? 900_000 : one.lagMs,
		byApi: one.byApi && provider === 'funnelFox',
	}));
	const customers = consistentCustomers(world).map((one) =>
		// What no document says of a trigger's records.
		['noStatus', 'noEmail', 'numericId', 'trial'].includes(one.quirk)
			? { ...one, quirk: 'none' as const }
			: one,
	);
	// Without a Date n8n's own clock is all there is.
	const sendsDate = world.variant.sendsDate || world.clockErrorMs !== 0;
	return { ...world, variant: { ...world.variant, sendsDate }, customers, changes };
}

export const triggerWorlds: fc.Arbitrary<TriggerWorld> = anyWorld.map(consistent);
