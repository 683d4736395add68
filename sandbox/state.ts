import { signature } from './controls';
import { deliveryFaultKinds } from './deliveries';
import { faultTitles } from './faults';
import type { Controls } from './program';

/** So many people are shown at once; the others are found by name. */
const peopleShown = 200;

/**
 * What the status page shows: the records of the first people, or of those with `find` in their
 * name, address or ID, and what is switched on.
 */
export function state(controls: Controls, find = '') {
	const { world, vendors, baseline } = controls;
	const wanted = find.toLowerCase();
	const rows = new Map(vendors.map((vendor) => [vendor.name, vendor.rows()]));
	const all = new Set<string>();
	const matching = new Set<string>();
	for (const { who, email, target } of [...rows.values()].flat()) {
		all.add(who);
		const words = [who, email ?? '', target].join(' ').toLowerCase();
		if (words.includes(wanted)) matching.add(who);
	}
	const shown = new Set([...matching].slice(0, peopleShown));
	return {
		now: world.clock.now().toISOString(),
		frozenAt: world.clock.standsAt(),
		people: { all: all.size, matching: matching.size, shown: shown.size },
		providers: vendors.map(({ name, title, base, leaves, webhooks }) => {
			const known = rows.get(name) ?? [];
			const before = baseline.get(name);
			return {
				name,
				title,
				base,
				records: known.length,
				webhooks: webhooks?.().length,
				canLeave: leaves !== undefined,
				rows: known
					.filter(({ who }) => shown.has(who))
					.map((row) => ({ ...row, isChanged: before?.get(row.target) !== signature(row) })),
			};
		}),
		faultTitles,
		deliveryFaultKinds,
		faults: world.faults.list(),
		deliveryFaults: world.deliveries.faultsOn(),
		limits: world.limits.list(),
		latency: Object.fromEntries(world.latency),
	};
}

/** Numbers per provider. */
export function stats({ world, vendors }: Controls) {
	return {
		maxInFlight: world.traffic.maxInFlight(),
		providers: Object.fromEntries(vendors.map(({ name }) => [name, world.traffic.stats(name)])),
	};
}
