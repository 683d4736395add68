import { AjvCompiler } from '@fastify/ajv-compiler';
import fastify, { type FastifyInstance } from 'fastify';
import { type AddressInfo } from 'node:net';
import { addControlRoutes } from './control';
import { controlsOf } from './controls';
import { gate } from './gate';
import { addOpenAiRoutes } from './openai';
import { part } from './part';
import type { Sandbox } from './program';
import { vendors as makeVendors } from './providers';
import { readScenario, type Scenario } from './scenario';
import { World } from './world';

export type { AgentScript } from './agent';
export type { Delivery, DeliveryFaultKind } from './deliveries';
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
			part(vendor.base, (scope) => {
				gate(scope, vendor, world);
				vendor.addRoutes(scope);
			}),
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

/** Of all sandboxes in this process: a schema is compiled once. */
const buildValidator = AjvCompiler();

function newServer(): FastifyInstance {
	return fastify({
		forceCloseConnections: true,
		schemaController: { compilersFactory: { buildValidator } },
		routerOptions: { maxParamLength: 500 },
		ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
	});
}
