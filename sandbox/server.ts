import { AjvCompiler } from '@fastify/ajv-compiler';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { localHostOnly } from './accessGuard';
import { addControlRoutes } from './controlRoutes';
import { createControls } from './createControls';
import { addRequestHooks } from './faultInjection';
import { addOpenAiRoutes } from './openai';
import { namedPlugin } from './plugin';
import type { ProviderApi } from './providerApi';
import type { Sandbox } from './api';
import type { ProviderName } from './providerNames';
import { createApis } from './providers';
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
 * @param options `port` 0 (default) means a free port; `scenario` is an object or the path of a JSON file;
 * `providers` are all by default
 */
export async function startSandbox(
	options: {
		port?: number;
		host?: string;
		scenario?: Scenario | string;
		providers?: readonly ProviderName[];
	} = {},
): Promise<Sandbox> {
	const sandboxState = new SandboxState();
	const apis = createApis(sandboxState, options.providers);
	const providerServers = apis.map((api) => new ProviderServer(api, sandboxState));
	const app = newServer({
		serverFactory: (handler) =>
			createServer((request, response) => {
				const server = providerServers.find(({ api }) => request.url?.startsWith(`${api.base}/`));
				if (server) void server.handle(request, response);
				else handler(request, response);
			}),
	});
	localHostOnly(app);
	const controls = createControls(app, sandboxState, apis);
	controls.loadScenario(readScenario(options.scenario));
	addOpenAiRoutes(app, sandboxState, controls.model);
	addControlRoutes(app, controls);
	await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
	const { port } = app.server.address() as AddressInfo;
	controls.port = port;
	controls.url = `http://${options.host ?? '127.0.0.1'}:${port}`;
	return controls;
}

/** The routes of one provider. They are built at the first request, because most sandboxes serve one provider only. */
class ProviderServer {
	private route?: Promise<FastifyInstance['routing']>;

	constructor(
		readonly api: ProviderApi,
		private readonly sandboxState: SandboxState,
	) {}

	async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		this.api.prepare();
		this.route ??= this.build();
		(await this.route)(request, response);
	}

	private async build(): Promise<FastifyInstance['routing']> {
		const app = newServer();
		localHostOnly(app);
		await app.register(
			namedPlugin(this.api.base, (scope) => {
				addRequestHooks(scope, this.api, this.sandboxState);
				this.api.addRoutes(scope);
			}),
			{ prefix: this.api.base },
		);
		await app.ready();
		return app.routing;
	}
}

/** Shared by all sandboxes of the process, so that a schema is compiled once. */
const buildValidator = AjvCompiler();

function newServer(options: FastifyServerOptions = {}): FastifyInstance {
	return fastify({
		...options,
		forceCloseConnections: true,
		// A connection that is closed while a client sends on it would look like a fault of the network.
		keepAliveTimeout: 0,
		schemaController: { compilersFactory: { buildValidator } },
		routerOptions: { maxParamLength: 500 },
		ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
	});
}
