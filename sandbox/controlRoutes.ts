import type { FastifyInstance, FastifyReply } from 'fastify';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentScript } from './scriptedAgent';
import type { DeliveryFaultKind } from './deliveries';
import { sameOriginOnly } from './accessGuard';
import { namedPlugin } from './plugin';
import type { SandboxControls } from './api';
import { providerNamed } from './providerNames';
import type { Fault, Limit, Scenario, Seed } from './scenario';
import type { SettingsChange } from './settings';
import { describeStatus, requestStats } from './status';
import type { CustomerCancellation, PastedWebhook } from './providerApi';

interface ProviderParams {
	Params: { provider: string };
}

interface RecordParams {
	Params: { provider: string; target: string };
}

type Query<Names extends string> = { Querystring: Partial<Record<Names, string>> };

const objectBody = { schema: { body: { type: 'object' } } };

/** Adds the status page and the routes under `/_control`, which are not logged and have no faults. */
export function addControlRoutes(app: FastifyInstance, controls: SandboxControls): void {
	const page = readFileSync(join(__dirname, 'statusPage.html'), 'utf8');
	const routes = namedPlugin('control routes', (scope) => {
		addInspectionRoutes(scope, controls);
		addResetRoutes(scope, controls);
		addFaultRoutes(scope, controls);
		addExternalChangeRoutes(scope, controls);
	});
	const all = namedPlugin('control', async (scope) => {
		sameOriginOnly(scope);
		scope.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
			const status = error instanceof RangeError ? 400 : (error.statusCode ?? 500);
			return reply.code(status).send({ message: error.message });
		});
		scope.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
		await scope.register(routes, { prefix: '/_control' });
	});
	app.register(all);
}

function addInspectionRoutes(scope: FastifyInstance, controls: SandboxControls): void {
	const latest = <T>(entries: T[], last?: string) => {
		if (last === undefined) return entries;
		if (!/^[1-9]\d*$/.test(last))
			throw new RangeError(`last must be a whole number, not "${last}"`);
		return entries.slice(-Number(last));
	};
	scope.get<Query<'find'>>('/state', ({ query }) => describeStatus(controls, query.find));
	scope.get('/stats', () => requestStats(controls));
	scope.get<Query<'provider' | 'last'>>('/journal', ({ query: { provider, last } }) =>
		latest(controls.journal(provider), last),
	);
	scope.get<Query<'provider'>>('/requests', ({ query }) => controls.requests(query.provider));
	scope.get<Query<'provider' | 'last'>>('/deliveries', ({ query: { provider, last } }) =>
		latest(controls.deliveries(provider), last),
	);
	scope.get('/openai', () => controls.model);
}

function addResetRoutes(scope: FastifyInstance, controls: SandboxControls): void {
	scope.post<{ Body?: { keepWebhooks?: boolean } }>('/reset', ({ body }) => {
		controls.reset(body ?? {});
		return { done: true };
	});
	scope.post<{ Body: Seed }>('/seed', objectBody, ({ body }) => {
		controls.seed(body);
		return { done: true };
	});
	scope.put<{ Body: Scenario }>('/scenario', objectBody, ({ body }) => {
		controls.loadScenario(body);
		return { done: true };
	});
	scope.put<{ Body: { at: string | null } }>('/clock', objectBody, ({ body }) => {
		controls.freeze(body.at);
		return { now: controls.sandboxState.clock.now().toISOString(), frozen: body.at !== null };
	});
	scope.put<{ Body: AgentScript | null }>('/openai', ({ body }) => {
		controls.agent(body);
		return controls.model;
	});
}

function addFaultRoutes(scope: FastifyInstance, controls: SandboxControls): void {
	const { sandboxState } = controls;
	scope.get('/faults', () => sandboxState.faults.list());
	scope.post<{ Body: Fault | Fault[] }>('/faults', ({ body }) => {
		for (const fault of [body].flat()) controls.fault(fault);
		return sandboxState.faults.list();
	});
	scope.delete('/faults', () => {
		controls.clearFaults();
		return sandboxState.faults.list();
	});
	scope.put<ProviderParams & { Body: { kind: DeliveryFaultKind | null; delayMs?: number } }>(
		'/delivery-faults/:provider',
		objectBody,
		({ params, body }) => {
			controls.deliveryFault(params.provider, body.kind, body.delayMs);
			return sandboxState.deliveries.activeFaults();
		},
	);
	scope.put<ProviderParams & { Body: Limit | null }>('/limits/:provider', ({ params, body }) => {
		controls.limit(params.provider, body);
		return sandboxState.limits.list();
	});
	scope.put<ProviderParams & { Body: { ms: number } }>(
		'/latency/:provider',
		objectBody,
		({ params, body }) => {
			controls.latency(params.provider, body.ms);
			return Object.fromEntries(sandboxState.latency);
		},
	);
	scope.get('/settings', () => sandboxState.settings.list());
	scope.put<ProviderParams & { Body: SettingsChange }>(
		'/settings/:provider',
		objectBody,
		({ params, body }) => {
			controls.settings(params.provider, body);
			return sandboxState.settings.list();
		},
	);
}

function addExternalChangeRoutes(scope: FastifyInstance, controls: SandboxControls): void {
	const doneOrNotFound = (
		{ target }: RecordParams['Params'],
		isThere: boolean,
		reply: FastifyReply,
	) => (isThere ? { done: true } : reply.code(404).send({ message: `No record "${target}"` }));
	scope.put<RecordParams & { Body: Record<string, unknown> }>(
		'/record/:provider/:target',
		objectBody,
		({ params, body }, reply) =>
			doneOrNotFound(params, controls.change(params.provider, params.target, body), reply),
	);
	scope.delete<RecordParams>('/record/:provider/:target', ({ params }, reply) => {
		const name = providerNamed(params.provider);
		const api = controls.apis.find((each) => each.name === name);
		return doneOrNotFound(params, api?.remove(params.target) ?? false, reply);
	});
	scope.post<RecordParams & { Body?: Partial<CustomerCancellation> }>(
		'/leave/:provider/:target',
		({ params, body }, reply) =>
			doneOrNotFound(
				params,
				controls.customerCancels(params.provider, params.target, body ?? {}),
				reply,
			),
	);
	scope.post<RecordParams & { Body?: { at?: string } }>(
		'/return/:provider/:target',
		({ params, body }, reply) =>
			doneOrNotFound(
				params,
				controls.customerReturns(params.provider, params.target, body ?? {}),
				reply,
			),
	);
	scope.get<ProviderParams>('/webhooks/:provider', ({ params }) =>
		controls.webhooks(params.provider),
	);
	scope.put<ProviderParams & { Body: PastedWebhook | null }>(
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
