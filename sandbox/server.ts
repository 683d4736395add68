import fastify, { type FastifyInstance } from 'fastify';
import { type AddressInfo } from 'node:net';
import { addControlRoutes } from './control';
import { gate } from './gate';
import { addOpenAiRoutes } from './openai';
import type { Controls, Sandbox } from './program';
import { type ProviderName, providerNamed } from './providerNames';
import { vendors as makeVendors } from './providers';
import { readScenario, type Scenario } from './scenario';
import type { Vendor } from './vendor';
import { World } from './world';

export type { AgentScript } from './agent';
export type { Fault, FaultKind, Limit, Scenario, Seed } from './scenario';
export type { JournalEntry, RequestEntry } from './traffic';
export type { Sandbox } from './program';
export type { ProviderName } from './providerNames';

/**
 * Starts the vendors' APIs on this machine.
 * @param options `port` 0 (default) takes a free one; `scenario` is an object or a JSON file's path
 */
export async function startSandbox(
	options: { port?: number; host?: string; scenario?: Scenario | string } = {},
): Promise<Sandbox> {
	const world = new World();
	const vendors = makeVendors(world);
	const app = newServer();
	const controls = controlsOf(app, world, vendors);
	controls.play(readScenario(options.scenario));
	for (const vendor of vendors) {
		await app.register(
			async (scope) => {
				gate(scope, vendor, world);
				vendor.addRoutes(scope);
			},
			{ prefix: vendor.base },
		);
	}
	addOpenAiRoutes(app, world, controls.model);
	addControlRoutes(app, controls);
	await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
	const { port } = app.server.address() as AddressInfo;
	controls.port = port;
	controls.url = `http://${options.host ?? '127.0.0.1'}:${port}`;
	return controls;
}

function newServer(): FastifyInstance {
	return fastify({
		forceCloseConnections: true,
		routerOptions: { maxParamLength: 500 },
		ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
	});
}

function controlsOf(app: FastifyInstance, world: World, vendors: Vendor[]): Controls {
	const named = (name: string) => {
		const wanted = providerNamed(name);
		return vendors.filter((vendor) => vendor.name === wanted)[0];
	};
	const optional = (name?: string): ProviderName | undefined =>
		name === undefined ? undefined : providerNamed(name);
	const controls: Controls = {
		url: '',
		port: 0,
		world,
		vendors,
		model: { script: {}, requests: [] },
		scenario: {},
		journal: (provider) => world.traffic.journal(optional(provider)),
		requests: (provider) => world.traffic.requests(optional(provider)),
		maxInFlight: (provider) => world.traffic.maxInFlight(optional(provider)),
		fault: (fault) => void world.faults.add(fault),
		clearFaults: () => world.faults.clear(),
		limit: (provider, limit) => world.limits.set(providerNamed(provider), limit),
		latency: (provider, ms) =>
			void world.latency.set(provider === '*' ? '*' : providerNamed(provider), ms),
		settings: (provider, change) => world.settings.set(provider, change),
		catchUp: () => vendors.forEach((vendor) => vendor.catchUp?.()),
		change: (provider, target, change) => named(provider).change(target, change),
		agent(script) {
			controls.model.script = script ?? {};
		},
		freeze: (time) => world.clock.freeze(time),
		seed({ bulk = [], records = [] }) {
			for (const { provider, count, prefix } of [bulk].flat()) {
				const wanted = provider === '*' ? vendors : [named(provider)];
				for (const vendor of wanted) vendor.addBulk(count, prefix);
			}
			for (const { provider, target, change } of records) {
				if (!named(provider).change(target, change)) {
					throw new RangeError(`${provider} has no record "${target}"`);
				}
			}
		},
		reset() {
			const {
				seed = {},
				faults = [],
				limits = {},
				latency = {},
				settings = {},
			} = controls.scenario;
			world.round += 1;
			world.traffic.clear();
			world.faults.clear();
			world.limits.clear();
			world.latency.clear();
			world.settings.clear();
			controls.model.script = {};
			controls.model.requests = [];
			for (const vendor of vendors) {
				vendor.clear();
				if (seed.samples !== false) vendor.addSamples();
			}
			controls.seed(seed);
			for (const [provider, change] of Object.entries(settings)) {
				controls.settings(provider, change);
			}
			for (const fault of faults) controls.fault(fault);
			for (const [provider, limit] of Object.entries(limits)) controls.limit(provider, limit);
			for (const [provider, ms] of Object.entries(latency)) controls.latency(provider, ms);
		},
		play(scenario) {
			controls.scenario = scenario;
			if (scenario.clock !== undefined) world.clock.freeze(scenario.clock);
			controls.reset();
		},
		async close() {
			world.close();
			await app.close();
		},
	};
	return controls;
}
