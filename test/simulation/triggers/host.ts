import { EventEmitter } from 'node:events';
import type {
	IDataObject,
	IHookFunctions,
	IHttpRequestOptions,
	INodeType,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import type { EngineProcess } from '../engineProcess';
import { secretOf } from '../host';
import type { Network } from '../network';
import type { Delivery, Source } from './sources/source';

/** One of its own for each: what waits for a promise lives as long as that does. */
const never = async () => await new Promise<never>(() => {});

/** The response to a delivery, as far as a node and n8n use it. */
export class WebhookResponse extends EventEmitter {
	statusCode = 200;
	destroyed = false;
	isFinished = false;
	sent: unknown;

	status(code: number): this {
		this.statusCode = code;
		return this;
	}

	send(body: unknown): this {
		this.sent = body;
		return this;
	}

	end(): this {
		return this.finish(this.statusCode);
	}

	/** The answer has left, unless the connection is gone. */
	finish(code: number): this {
		if (this.destroyed || this.isFinished) return this;
		this.statusCode = code;
		this.isFinished = true;
		this.emit('finish');
		this.emit('close');
		return this;
	}

	/** The provider closes the connection. */
	hangUp(): void {
		if (this.destroyed || this.isFinished) return;
		this.destroyed = true;
		this.emit('close');
	}
}

/** What a trigger has of n8n in every context. */
export interface TriggerHostSetting {
	source: Source;
	network: Network;
	program: EngineProcess;
	node: INodeType;
	wantsRestored: boolean;
	/** Of the world: its accounts and nodes are no other's. */
	world: number;
	/** The node's static data. */
	data: IDataObject;
	/** Gets each line of n8n's log. */
	log: (line: string) => void;
}

function commonContext(setting: TriggerHostSetting) {
	const { source, network, program, node, data, log, world, wantsRestored } = setting;
	const type = source.credentialType;
	const defaults = node.description.properties
		.filter((one) => one.type !== 'notice')
		.map((one) => [one.name, one.default]);
	const parameters = Object.fromEntries(defaults) as IDataObject;
	// The default is every event that ends something.
	if (wantsRestored && Array.isArray(parameters.events)) {
		parameters.events = [...parameters.events, 'restored'].filter((event) =>
			JSON.stringify(node.description.properties).includes(`"value":"${event}"`),
		);
	}
	if ('authentication' in parameters) parameters.authentication = 'accessToken';
	return {
		getNode: () => ({
			id: 'trigger',
			name: 'Trigger',
			type: `n8n-nodes-cancellations.${node.description.name}`,
			typeVersion: 1,
			position: [0, 0],
			parameters,
			credentials: { [type]: { id: `credential-${world}`, name: type } },
		}),
		getWorkflow: () => ({ id: `workflow-${world}`, name: 'Workflow', active: true }),
		getWorkflowStaticData: () => data,
		getNodeParameter: (name: string, absent?: unknown) => parameters[name] ?? absent,
		getCredentials: async () => source.credential(secretOf(0)),
		getMode: () => 'trigger',
		getTimezone: () => 'Europe/Berlin',
		logger: { warn: log, error: log, info: log, debug: log },
		helpers: {
			async httpRequestWithAuthentication(_: string, options: IHttpRequestOptions) {
				if (!program.isAlive()) return await never();
				const sent = network.send(0, secretOf(0), options);
				return await sent.finally(async () => (program.isAlive() ? undefined : await never()));
			},
		},
	};
}

export const hookContext = (setting: TriggerHostSetting) =>
	({
		...commonContext(setting),
		getNodeWebhookUrl: () => 'https://n8n.example/webhook/4711',
		getActivationMode: () => 'activate',
	}) as unknown as IHookFunctions;

export const pollContext = (setting: TriggerHostSetting) =>
	commonContext(setting) as unknown as IPollFunctions;

export function webhookContext(
	setting: TriggerHostSetting,
	{ body, headers }: Delivery,
	response: WebhookResponse,
): IWebhookFunctions {
	const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
	const rawBody = Buffer.from(JSON.stringify(body));
	const context = {
		...commonContext(setting),
		getMode: () => 'webhook',
		getHeaderData: () => Object.fromEntries(lower) as IDataObject,
		getBodyData: () => JSON.parse(rawBody.toString()) as IDataObject,
		getRequestObject: () => ({ rawBody }),
		getResponseObject: () => response,
	};
	return context as unknown as IWebhookFunctions;
}
