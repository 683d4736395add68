import type { FastifyInstance } from 'fastify';
import type { Controls, Sandbox } from './program';
import { type ProviderName, providerNamed } from './providerNames';
import type { Scenario } from './scenario';
import type { Vendor } from './vendor';
import type { World } from './world';

type Part<Names extends keyof Sandbox> = Pick<Sandbox, Names>;

/** The program interface of a sandbox that is not listening yet. */
export function controlsOf(app: FastifyInstance, world: World, vendors: Vendor[]): Controls {
	const controls: Controls = {
		url: '',
		port: 0,
		world,
		vendors,
		model: { script: {}, requests: [] },
		scenario: {},
		baseline: new Map(),
		...watching(world),
		...trouble(world),
		...elsewhere(world, vendors),
		agent(script) {
			controls.model.script = script ?? {};
		},
		freeze: (time) => world.clock.freeze(time),
		seed: ({ bulk = [], records = [] }) => {
			for (const { provider, count, prefix } of [bulk].flat()) {
				const wanted = provider === '*' ? vendors : [vendorNamed(vendors, provider)];
				for (const vendor of wanted) vendor.addBulk(count, prefix);
			}
			for (const { provider, target, change } of records) {
				if (!vendorNamed(vendors, provider).change(target, change)) {
					throw new RangeError(`${provider} has no record "${target}"`);
				}
			}
		},
		reset: ({ keepWebhooks = false } = {}) => {
			forget(controls, keepWebhooks);
			begin(controls);
		},
		play: (scenario) => play(controls, scenario),
		async close() {
			world.close();
			await app.close();
		},
	};
	return controls;
}

/** What a row of the status page says, for comparison. */
export function signature({ state, endsAt }: { state: string; endsAt?: string | null }): string {
	return `${state} ${endsAt ?? ''}`;
}

function vendorNamed(vendors: Vendor[], name: string): Vendor {
	const wanted = providerNamed(name);
	return vendors.filter((vendor) => vendor.name === wanted)[0];
}

function optional(name?: string): ProviderName | undefined {
	return name === undefined ? undefined : providerNamed(name);
}

function watching(
	world: World,
): Part<'journal' | 'requests' | 'maxInFlight' | 'deliveries' | 'delivered'> {
	return {
		journal: (provider) => world.traffic.journal(optional(provider)),
		requests: (provider) => world.traffic.requests(optional(provider)),
		maxInFlight: (provider) => world.traffic.maxInFlight(optional(provider)),
		deliveries: (provider) => world.deliveries.list(optional(provider)),
		delivered: async () => await world.deliveries.done(),
	};
}

function trouble(
	world: World,
): Part<'fault' | 'clearFaults' | 'deliveryFault' | 'limit' | 'latency' | 'settings'> {
	return {
		fault: (fault) => void world.faults.add(fault),
		clearFaults: () => world.faults.clear(),
		deliveryFault: (...fault) => world.deliveries.setFault(...fault),
		limit: (provider, limit) => world.limits.set(providerNamed(provider), limit),
		latency: (provider, ms) =>
			void world.latency.set(provider === '*' ? '*' : providerNamed(provider), ms),
		settings: (provider, change) => world.settings.set(provider, change),
	};
}

/** What happens without a request to a vendor. */
function elsewhere(
	world: World,
	vendors: Vendor[],
): Part<'catchUp' | 'change' | 'leaves' | 'returns' | 'webhooks' | 'pasteWebhook'> {
	const timeOf = (at: string | undefined): string => {
		const date = at === undefined ? world.clock.now() : new Date(at);
		if (Number.isNaN(date.getTime())) throw new RangeError(`"${at}" is not an ISO 8601 time`);
		return date.toISOString();
	};
	return {
		catchUp: () => vendors.forEach((vendor) => vendor.catchUp?.()),
		change: (provider, target, change) => vendorNamed(vendors, provider).change(target, change),
		leaves(provider, target, { at, ends = 'atPeriodEnd', ...how } = {}) {
			const vendor = vendorNamed(vendors, provider);
			if (!['atPeriodEnd', 'now'].includes(ends)) {
				throw new RangeError('A customer leaves "atPeriodEnd" or "now"');
			}
			return vendor.leaves?.(target, { ...how, ends, at: timeOf(at) }) ?? false;
		},
		returns: (provider, target, { at } = {}) =>
			vendorNamed(vendors, provider).returns?.(target, { at: timeOf(at) }) ?? false,
		webhooks: (provider) => vendorNamed(vendors, provider).webhooks?.() ?? [],
		pasteWebhook(provider, webhook) {
			const vendor = vendorNamed(vendors, provider);
			if (!vendor.pasteWebhook) {
				throw new RangeError(`${vendor.title} has no setting for a webhook's address`);
			}
			vendor.pasteWebhook(webhook);
		},
	};
}

function play(controls: Controls, scenario: Scenario): void {
	if (typeof scenario !== 'object' || scenario === null || Array.isArray(scenario)) {
		throw new RangeError('A scenario is an object, e.g. {"faults": []}');
	}
	const former = { scenario: controls.scenario, stoodAt: controls.world.clock.standsAt() };
	try {
		controls.scenario = scenario;
		if (scenario.clock !== undefined) controls.freeze(scenario.clock);
		controls.reset();
	} catch (reason) {
		// A scenario that cannot be played leaves the former one in force.
		controls.scenario = former.scenario;
		controls.freeze(former.stoodAt);
		controls.reset();
		throw reason;
	}
}

function forget({ world, vendors, model }: Controls, keepWebhooks: boolean): void {
	world.round += 1;
	world.traffic.clear();
	world.faults.clear();
	world.limits.clear();
	world.latency.clear();
	world.settings.clear();
	world.deliveries.clear();
	model.script = {};
	model.requests = [];
	for (const vendor of vendors) {
		vendor.clear();
		if (!keepWebhooks) vendor.forgetWebhooks?.();
	}
}

function begin(controls: Controls): void {
	const { world, vendors, scenario } = controls;
	const { seed = {}, faults = [], limits = {}, latency = {}, settings = {} } = scenario;
	if (seed.samples !== false) for (const vendor of vendors) vendor.addSamples();
	controls.seed(seed);
	for (const [provider, change] of Object.entries(settings)) controls.settings(provider, change);
	for (const fault of faults) world.faults.add(fault, true);
	for (const [provider, limit] of Object.entries(limits)) controls.limit(provider, limit);
	for (const [provider, ms] of Object.entries(latency)) controls.latency(provider, ms);
	controls.baseline = new Map(
		vendors.map((vendor) => [
			vendor.name,
			new Map(vendor.rows().map((row) => [row.target, signature(row)])),
		]),
	);
}
