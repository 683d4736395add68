import type { FastifyInstance, FastifyReply } from 'fastify';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentScript } from './agent';
import type { DeliveryFaultKind } from './deliveries';
import { keepStrangersOut } from './guard';
import { part } from './part';
import type { Controls } from './program';
import { providerNamed } from './providerNames';
import type { Fault, Limit, Scenario, Seed } from './scenario';
import type { SettingsChange } from './settings';
import { state, stats } from './state';
import type { Leaving, PastedWebhook } from './vendor';

interface OfProvider {
	Params: { provider: string };
}

interface OfRecord {
	Params: { provider: string; target: string };
}

type Query<Names extends string> = { Querystring: Partial<Record<Names, string>> };

/** The status page, and the routes under `/_control`: not logged, and no fault meets them. */
export function addControlRoutes(app: FastifyInstance, controls: Controls): void {
	const page = readFileSync(join(__dirname, 'statusPage.html'), 'utf8');
	const routes = part('control routes', (scope) => {
		addWatching(scope, controls);
		addStarting(scope, controls);
		addTrouble(scope, controls);
		addElsewhere(scope, controls);
	});
	const all = part('control', async (scope) => {
		keepStrangersOut(scope);
		scope.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
			// A body of the wrong shape is the caller's mistake, not the sandbox's.
			const isAsked = error instanceof RangeError || error instanceof TypeError;
			return reply.code(isAsked ? 400 : (error.statusCode ?? 500)).send({ message: error.message });
		});
		scope.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
		await scope.register(routes, { prefix: '/_control' });
	});
	app.register(all);
}

function addWatching(scope: FastifyInstance, controls: Controls): void {
	const latest = <T>(entries: T[], last?: string) =>
		last ? entries.slice(-Number(last)) : entries;
	scope.get<Query<'find'>>('/state', ({ query }) => state(controls, query.find));
	scope.get('/stats', () => stats(controls));
	scope.get<Query<'provider' | 'last'>>('/journal', ({ query: { provider, last } }) =>
		latest(controls.journal(provider), last),
	);
	scope.get<Query<'provider'>>('/requests', ({ query }) => controls.requests(query.provider));
	scope.get<Query<'provider' | 'last'>>('/deliveries', ({ query: { provider, last } }) =>
		latest(controls.deliveries(provider), last),
	);
	scope.get('/openai', () => controls.model);
}

function addStarting(scope: FastifyInstance, controls: Controls): void {
	scope.post<{ Body?: { keepWebhooks?: boolean } }>('/reset', ({ body }) => {
		controls.reset(body);
		return { done: true };
	});
	scope.post<{ Body: Seed }>('/seed', ({ body }) => {
		controls.seed(body);
		return { done: true };
	});
	scope.put<{ Body: Scenario }>('/scenario', ({ body }) => {
		controls.play(body);
		return { done: true };
	});
	scope.put<{ Body: { at: string | null } }>('/clock', ({ body }) => {
		controls.freeze(body.at);
		return { now: controls.world.clock.now().toISOString(), frozen: body.at !== null };
	});
	scope.put<{ Body: AgentScript | null }>('/openai', ({ body }) => {
		controls.agent(body);
		return controls.model;
	});
}

function addTrouble(scope: FastifyInstance, controls: Controls): void {
	const { world } = controls;
	scope.get('/faults', () => world.faults.list());
	scope.post<{ Body: Fault | Fault[] }>('/faults', ({ body }) => {
		for (const fault of [body].flat()) controls.fault(fault);
		return world.faults.list();
	});
	scope.delete('/faults', () => {
		controls.clearFaults();
		return world.faults.list();
	});
	scope.put<OfProvider & { Body: { kind: DeliveryFaultKind | null; delayMs?: number } }>(
		'/delivery-faults/:provider',
		({ params, body }) => {
			controls.deliveryFault(params.provider, body.kind, body.delayMs);
			return world.deliveries.faultsOn();
		},
	);
	scope.put<OfProvider & { Body: Limit | null }>('/limits/:provider', ({ params, body }) => {
		controls.limit(params.provider, body);
		return world.limits.list();
	});
	scope.put<OfProvider & { Body: { ms: number } }>('/latency/:provider', ({ params, body }) => {
		controls.latency(params.provider, body.ms);
		return Object.fromEntries(world.latency);
	});
	scope.get('/settings', () => world.settings.list());
	scope.put<OfProvider & { Body: SettingsChange }>('/settings/:provider', ({ params, body }) => {
		controls.settings(params.provider, body);
		return world.settings.list();
	});
}

function addElsewhere(scope: FastifyInstance, controls: Controls): void {
	const told = ({ target }: OfRecord['Params'], isThere: boolean, reply: FastifyReply) =>
		isThere ? { done: true } : reply.code(404).send({ message: `No record "${target}"` });
	scope.put<OfRecord & { Body: Record<string, unknown> }>(
		'/record/:provider/:target',
		({ params, body }, reply) =>
			told(params, controls.change(params.provider, params.target, body), reply),
	);
	scope.delete<OfRecord>('/record/:provider/:target', ({ params }, reply) => {
		const name = providerNamed(params.provider);
		const vendor = controls.vendors.find((each) => each.name === name);
		return told(params, vendor?.remove(params.target) ?? false, reply);
	});
	scope.post<OfRecord & { Body?: Partial<Leaving> }>(
		'/leave/:provider/:target',
		({ params, body }, reply) =>
			told(params, controls.leaves(params.provider, params.target, body), reply),
	);
	scope.post<OfRecord & { Body?: { at?: string } }>(
		'/return/:provider/:target',
		({ params, body }, reply) =>
			told(params, controls.returns(params.provider, params.target, body), reply),
	);
	scope.get<OfProvider>('/webhooks/:provider', ({ params }) => controls.webhooks(params.provider));
	scope.put<OfProvider & { Body: PastedWebhook | null }>(
		'/webhooks/:provider',
		({ params, body }) => {
			controls.pasteWebhook(params.provider, body);
			return controls.webhooks(params.provider);
		},
	);
	scope.post('/catch-up', () => {
		controls.catchUp();
		return { done: true };
	});
}
