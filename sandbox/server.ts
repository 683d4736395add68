import { AjvCompiler } from '@fastify/ajv-compiler';
import fastify, { type FastifyInstance } from 'fastify';
import { type AddressInfo } from 'node:net';
import { localHostOnly } from './accessGuard';
import { addControlRoutes } from './controlRoutes';
import { createControls } from './createControls';
import { addRequestHooks } from './faultInjection';
import { addOpenAiRoutes } from './openai';
import { namedPlugin } from './plugin';
import type { Sandbox } from './api';
import { createApis as makeVendors } from './providers';
import { readScenario, type Scenario } from './scenario';
import { SandboxState } from './sandboxState';

export type { AgentScript } from './scriptedAgent';
export type { Delivery, DeliveryFaultKind } from './deliveries';
export type { Fault, FaultKind, Limit, Scenario, Seed } from './scenario';
export type { JournalEntry, RequestEntry } from './requestLog';
export type { Sandbox } from './api';
export type { ProviderName } from './providerNames';

/**
 * Starts the providers' APIs on this machine.
 * @param options `port` 0 (default) means a free port; `scenario` is an object or the path of a JSON file
 */
export async function startSandbox(
	options: { port?: number; host?: string; scenario?: Scenario | string } = {},
): Promise<Sandbox> {
	const sandboxState = new SandboxState();
	const apis = makeVendors(sandboxState);
	const app = newServer();
	localHostOnly(app);
	const controls = createControls(app, sandboxState, apis);
	controls.loadScenario(readScenario(options.scenario));
	for (const api of apis) {
		await app.register(
			namedPlugin(api.base, (scope) => {
				addRequestHooks(scope, api, sandboxState);
				api.addRoutes(scope);
			}),
			{ prefix: api.base },
		);
	}
	addOpenAiRoutes(app, sandboxState, controls.model);
	addControlRoutes(app, controls);
	await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
	const { port } = app.server.address() as AddressInfo;
	controls.port = port;
	controls.url = `http://${options.host ?? '127.0.0.1'}:${port}`;
	return controls;
}

/** Shared by all sandboxes of the process, so that a schema is compiled once. */
const buildValidator = AjvCompiler();

function newServer(): FastifyInstance {
	return fastify({
		forceCloseConnections: true,
		schemaController: { compilersFactory: { buildValidator } },
		routerOptions: { maxParamLength: 500 },
		ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
	});
}
