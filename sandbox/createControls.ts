import type { FastifyInstance } from 'fastify';
import type { SandboxControls, Sandbox } from './api';
import { type ProviderName, providerNamed } from './providerNames';
import {
	agentSchema,
	cancellationSchema,
	changeSchema,
	deliveryFaultSchema,
	faultSchema,
	latencySchema,
	limitSchema,
	parse,
	pastedWebhookSchema,
	resetSchema,
	returnSchema,
	scenarioSchema,
	seedSchema,
	settingsSchema,
	timeSchema,
} from './schemas';
import type { Scenario } from './scenario';
import type { ProviderApi } from './providerApi';
import type { SandboxState } from './sandboxState';

type Methods<Names extends keyof Sandbox> = Pick<Sandbox, Names>;

/** The sandbox's interface before the server listens; the caller then sets `url` and `port`. */
export function createControls(
	app: FastifyInstance,
	sandboxState: SandboxState,
	apis: ProviderApi[],
): SandboxControls {
	const controls: SandboxControls = {
		url: '',
		port: 0,
		sandboxState,
		apis,
		model: { script: {}, requests: [] },
		scenario: {},
		...inspectionMethods(sandboxState),
		...faultMethods(sandboxState),
		...externalChangeMethods(sandboxState, apis),
		agent(script) {
			controls.model.script = parse(agentSchema, script, 'script') ?? {};
		},
		freeze(time) {
			for (const api of apis) api.prepare();
			sandboxState.clock.freeze(parse(timeSchema, time, 'time'));
		},
		seed: (seed) => {
			const { bulk = [], records = [] } = parse(seedSchema, seed, 'seed');
			for (const { provider, count, prefix } of [bulk].flat()) {
				const wanted = provider === '*' ? apis : [findApi(apis, provider)];
				for (const api of wanted) api.addBulk(count, prefix);
			}
			for (const { provider, target, change } of records) {
				if (!findApi(apis, provider).change(target, change)) {
					throw new RangeError(`${provider} has no record "${target}"`);
				}
			}
		},
		reset: (options = {}) => {
			const { keepWebhooks = false } = parse(resetSchema, options, 'reset');
			clearAll(controls, keepWebhooks);
			applyScenario(controls);
		},
		loadScenario: (scenario) => loadScenario(controls, scenario),
		async close() {
			sandboxState.close();
			await app.close();
		},
	};
	return controls;
}

function findApi(apis: ProviderApi[], name: string): ProviderApi {
	const wanted = providerNamed(name);
	return apis.filter((api) => api.name === wanted)[0];
}

function optionalProvider(name?: string): ProviderName | undefined {
	return name === undefined ? undefined : providerNamed(name);
}

function inspectionMethods(
	sandboxState: SandboxState,
): Methods<'journal' | 'requests' | 'maxInFlight' | 'deliveries' | 'deliveriesDone'> {
	return {
		journal: (provider) => sandboxState.requestLog.journal(optionalProvider(provider)),
		requests: (provider) => sandboxState.requestLog.requests(optionalProvider(provider)),
		maxInFlight: (provider) => sandboxState.requestLog.maxInFlight(optionalProvider(provider)),
		deliveries: (provider) => sandboxState.deliveries.list(optionalProvider(provider)),
		deliveriesDone: async () => await sandboxState.deliveries.done(),
	};
}

function faultMethods(
	sandboxState: SandboxState,
): Methods<'fault' | 'clearFaults' | 'deliveryFault' | 'limit' | 'latency' | 'settings'> {
	return {
		fault: (fault) => void sandboxState.faults.add(parse(faultSchema, fault, 'fault')),
		clearFaults: () => sandboxState.faults.clear(),
		deliveryFault(provider, kind, delayMs) {
			const fault = parse(deliveryFaultSchema, { kind, delayMs }, 'fault');
			sandboxState.deliveries.setFault(provider, fault.kind, fault.delayMs);
		},
		limit: (provider, limit) =>
			sandboxState.limits.set(
				providerNamed(provider),
				limit === null ? null : parse(limitSchema, limit, 'limit'),
			),
		latency: (provider, ms) =>
			void sandboxState.latency.set(
				provider === '*' ? '*' : providerNamed(provider),
				parse(latencySchema, ms, 'ms'),
			),
		settings: (provider, change) =>
			sandboxState.settings.set(provider, parse(settingsSchema, change, 'settings')),
	};
}

/** Methods that change records without a request to the provider's API. */
function externalChangeMethods(
	sandboxState: SandboxState,
	apis: ProviderApi[],
): Methods<
	'catchUp' | 'change' | 'customerCancels' | 'customerReturns' | 'webhooks' | 'pasteWebhook'
> {
	const timeOf = (at: string | undefined): string => {
		const date = at === undefined ? sandboxState.clock.now() : new Date(at);
		if (Number.isNaN(date.getTime())) throw new RangeError(`"${at}" is not an ISO 8601 time`);
		return date.toISOString();
	};
	return {
		catchUp: () => apis.forEach((api) => api.catchUp?.()),
		change: (provider, target, change) =>
			findApi(apis, provider).change(target, parse(changeSchema, change, 'record')),
		customerCancels(provider, target, how = {}) {
			const api = findApi(apis, provider);
			const { at, ends = 'atPeriodEnd', source } = parse(cancellationSchema, how, 'cancellation');
			return api.customerCancels?.(target, { source, ends, at: timeOf(at) }) ?? false;
		},
		customerReturns(provider, target, how = {}) {
			const { at } = parse(returnSchema, how, 'return');
			return findApi(apis, provider).customerReturns?.(target, { at: timeOf(at) }) ?? false;
		},
		webhooks: (provider) => findApi(apis, provider).webhooks?.() ?? [],
		pasteWebhook(provider, webhook) {
			const api = findApi(apis, provider);
			if (!api.pasteWebhook) {
				throw new RangeError(`${api.title} has no setting for a webhook's address`);
			}
			api.pasteWebhook(parse(pastedWebhookSchema, webhook, 'webhook'));
		},
	};
}

function loadScenario(controls: SandboxControls, scenario: Scenario): void {
	const parsed = parse(scenarioSchema, scenario, 'scenario');
	const former = { scenario: controls.scenario, frozenAt: controls.sandboxState.clock.frozenAt() };
	try {
		controls.scenario = parsed;
		if (parsed.clock !== undefined) controls.freeze(parsed.clock);
		controls.reset();
	} catch (reason) {
		// A scenario that names an unknown provider or record leaves the former one in force.
		controls.scenario = former.scenario;
		controls.freeze(former.frozenAt);
		controls.reset();
		throw reason;
	}
}

function clearAll({ sandboxState, apis, model }: SandboxControls, keepWebhooks: boolean): void {
	sandboxState.resetCount += 1;
	sandboxState.requestLog.clear();
	sandboxState.faults.clear();
	sandboxState.limits.clear();
	sandboxState.latency.clear();
	sandboxState.settings.clear();
	sandboxState.deliveries.clear();
	model.script = {};
	model.requests = [];
	for (const api of apis) {
		api.clear();
		if (!keepWebhooks) api.forgetWebhooks?.();
	}
}

function applyScenario(controls: SandboxControls): void {
	const { sandboxState, apis, scenario } = controls;
	const { seed = {}, faults = [], limits = {}, latency = {}, settings = {} } = scenario;
	if (seed.samples !== false) for (const api of apis) api.addSamples();
	controls.seed(seed);
	for (const [provider, change] of Object.entries(settings)) controls.settings(provider, change);
	for (const fault of faults) sandboxState.faults.add(fault, true);
	for (const [provider, limit] of Object.entries(limits)) controls.limit(provider, limit);
	for (const [provider, ms] of Object.entries(latency)) controls.latency(provider, ms);
	for (const api of apis) api.setBaseline();
}
