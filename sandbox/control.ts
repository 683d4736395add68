import type { FastifyInstance } from 'fastify';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentScript } from './agent';
import type { Controls } from './program';
import type { Fault, Limit, Scenario, Seed } from './scenario';
import type { SettingsChange } from './settings';

const rowsShown = 200;

/** The status page, and the routes under `/_control`: not logged, and no fault meets them. */
export function addControlRoutes(app: FastifyInstance, controls: Controls): void {
	const { world, vendors } = controls;
	const page = readFileSync(join(__dirname, 'statusPage.html'), 'utf8');
	app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
	app.register(
		async (scope) => {
			scope.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) =>
				reply
					.code(error instanceof RangeError ? 400 : (error.statusCode ?? 500))
					.send({ message: error.message }),
			);
			scope.get('/state', () => state(controls));
			scope.get<{ Querystring: { provider?: string; last?: string } }>(
				'/journal',
				({ query: { provider, last } }) => {
					const entries = controls.journal(provider);
					return last ? entries.slice(-Number(last)) : entries;
				},
			);
			scope.get<{ Querystring: { provider?: string } }>('/requests', ({ query }) =>
				controls.requests(query.provider),
			);
			scope.get('/stats', () => stats(controls));
			scope.post('/reset', () => {
				controls.reset();
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
			scope.put<{ Params: { provider: string; target: string }; Body: Record<string, unknown> }>(
				'/record/:provider/:target',
				({ params, body }, reply) => {
					if (controls.change(params.provider, params.target, body)) return { done: true };
					return reply.code(404).send({ message: `No record "${params.target}"` });
				},
			);
			scope.delete<{ Params: { provider: string; target: string } }>(
				'/record/:provider/:target',
				({ params }, reply) => {
					const vendor = vendors.find(
						({ name }) => name.toLowerCase() === params.provider.toLowerCase(),
					);
					if (vendor?.remove(params.target)) return { done: true };
					return reply.code(404).send({ message: `No record "${params.target}"` });
				},
			);
			scope.get('/faults', () => world.faults.list());
			scope.post<{ Body: Fault | Fault[] }>('/faults', ({ body }) => {
				for (const fault of [body].flat()) controls.fault(fault);
				return world.faults.list();
			});
			scope.delete('/faults', () => {
				controls.clearFaults();
				return world.faults.list();
			});
			scope.put<{ Params: { provider: string }; Body: Limit | null }>(
				'/limits/:provider',
				({ params, body }) => {
					controls.limit(params.provider, body);
					return world.limits.list();
				},
			);
			scope.put<{ Params: { provider: string }; Body: { ms: number } }>(
				'/latency/:provider',
				({ params, body }) => {
					controls.latency(params.provider, body.ms);
					return Object.fromEntries(world.latency);
				},
			);
			scope.get('/settings', () => world.settings.list());
			scope.put<{ Params: { provider: string }; Body: SettingsChange }>(
				'/settings/:provider',
				({ params, body }) => {
					controls.settings(params.provider, body);
					return world.settings.list();
				},
			);
			scope.post('/catch-up', () => {
				controls.catchUp();
				return { done: true };
			});
			scope.get('/openai', () => controls.model);
			scope.put<{ Body: AgentScript | null }>('/openai', ({ body }) => {
				controls.agent(body);
				return controls.model;
			});
			scope.put<{ Body: { at: string | null } }>('/clock', ({ body }) => {
				controls.freeze(body.at);
				return { now: world.clock.now().toISOString(), frozen: body.at !== null };
			});
		},
		{ prefix: '/_control' },
	);
}

function state({ world, vendors }: Controls) {
	return {
		now: world.clock.now().toISOString(),
		frozenAt: world.clock.standsAt(),
		providers: vendors.map((vendor) => {
			const rows = vendor.rows();
			const { name, title, base } = vendor;
			return { name, title, base, records: rows.length, rows: rows.slice(0, rowsShown) };
		}),
		faults: world.faults.list(),
		limits: world.limits.list(),
		latency: Object.fromEntries(world.latency),
	};
}

function stats({ world, vendors }: Controls) {
	return {
		maxInFlight: world.traffic.maxInFlight(),
		providers: Object.fromEntries(vendors.map(({ name }) => [name, world.traffic.stats(name)])),
	};
}
