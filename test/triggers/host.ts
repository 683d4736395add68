import 'reflect-metadata';
import '../host/virtualTime';
import { EventEmitter } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

process.env.N8N_ENCRYPTION_KEY = 'a-key-for-tests-only';
process.env.N8N_LOG_LEVEL = 'silent';
process.env.N8N_USER_FOLDER ??= mkdtempSync(join(tmpdir(), 'n8n-'));

import { HookContext, PollContext, WebhookContext } from 'n8n-core';
import type {
	IDataObject,
	INodeExecutionData,
	INodeType,
	IWebhookResponseData,
	IWorkflowExecuteAdditionalData,
	Workflow,
} from 'n8n-workflow';

import { credentialsHelper, made } from './signing';
import { additionalDataOf, workflowOf, type Setting } from './workflow';

/** What the provider gets for a delivery, and what starts. */
export interface Delivered {
	status: number;
	body: unknown;
	/** The message of a failed execution, which n8n shows. */
	failed?: string;
	/** The items of the execution; undefined: none was started. */
	items?: INodeExecutionData[];
}

/** The response as far as a node uses it. */
class Response extends EventEmitter {
	statusCode = 200;
	destroyed = false;
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
		this.finish(this.statusCode);
		return this;
	}

	finish(code: number): void {
		this.statusCode = code;
		this.emit('finish');
		this.emit('close');
	}
}

/** One trigger in one workflow, as n8n runs it: in the contexts of its own engine. */
export class Trigger {
	/** What n8n has saved between two calls. */
	saved: IDataObject = {};
	parameters: IDataObject;
	/** Throws where n8n cannot create the execution. */
	startExecution = async (): Promise<void> => {};
	/** n8n 1.x saves static data before it creates the execution, 2.x after. */
	savesBeforeStart = false;
	/** The provider hangs up while it waits. */
	isDisconnected = false;
	/** Changes the node's static data while a poll waits for the provider. */
	whilePolling?: (data: IDataObject) => void;
	/** Warnings in n8n's log. */
	readonly warnings: string[] = [];

	private constructor(
		private readonly type: INodeType,
		private readonly setting: Setting,
		private readonly helper: object,
	) {
		const shown = type.description.properties.filter(({ type: kind }) => kind !== 'notice');
		const defaults = Object.fromEntries(shown.map(({ name, default: value }) => [name, value]));
		this.parameters = { ...defaults, ...setting.parameters } as IDataObject;
	}

	static async of(setting: Setting): Promise<Trigger> {
		const { node, credentials } = setting;
		const folder = node.replace(/Trigger$/, '');
		const type = await made<INodeType>(`../../nodes/${folder}/${node}.node`, node);
		return new Trigger(type, setting, await credentialsHelper(credentials));
	}

	/** n8n's own order: it makes a webhook only where there is none. */
	async activate(mode: 'trigger' | 'manual' = 'trigger'): Promise<void> {
		const { checkExists, create } = this.type.webhookMethods!.default!;
		await this.inHook(mode, async (context) => {
			if (!(await checkExists.call(context))) await create.call(context);
		});
	}

	async deactivate(mode: 'trigger' | 'manual' = 'trigger'): Promise<void> {
		const { delete: remove } = this.type.webhookMethods!.default!;
		await this.inHook(mode, async (context) => void (await remove.call(context)));
	}

	/** The address that the provider is told. */
	url(mode: 'trigger' | 'manual' = 'trigger'): string {
		const context = this.hookContext(this.workflow(), mode);
		return String(context.getNodeWebhookUrl('default'));
	}

	/**
	 * One delivery, from the request to the response, in the order of n8n 2.41. A buffer is a body as it
	 * was sent, with the bytes that were signed.
	 */
	async deliver(
		body: unknown,
		headers: Record<string, string> = {},
		mode: 'webhook' | 'manual' = 'webhook',
	): Promise<Delivered> {
		const response = new Response();
		response.destroyed = this.isDisconnected;
		const workflow = this.workflow();
		const rawBody = Buffer.isBuffer(body) ? body : Buffer.from('');
		const parsed: unknown = Buffer.isBuffer(body) ? JSON.parse(body.toString()) : body;
		const additionalData = this.additionalData({
			httpRequest: { body: parsed, headers, params: {}, query: {}, rawBody },
			httpResponse: response,
		});
		const [node] = Object.values(workflow.nodes);
		const context = new WebhookContext(workflow, node, additionalData, mode, {} as never, [], null);
		this.listen(context);
		let result: IWebhookResponseData;
		try {
			result = await this.type.webhook!.call(context);
			if (this.savesBeforeStart) this.save(workflow);
			if (result.workflowData) await this.startExecution();
		} catch (error) {
			response.finish(500);
			return { status: 500, body: undefined, failed: (error as Error).message };
		}
		this.save(workflow);
		if (this.isDisconnected) response.emit('close');
		if (result.noWebhookResponse) return { status: response.statusCode, body: response.sent };
		response.finish(200);
		const items = result.workflowData?.[0];
		return { status: 200, body: result.webhookResponse, ...(items && { items }) };
	}

	/** One look; the items that start an execution. */
	async poll(mode: 'trigger' | 'manual' = 'trigger'): Promise<INodeExecutionData[]> {
		const workflow = this.workflow();
		const [node] = Object.values(workflow.nodes);
		const activation = mode === 'manual' ? 'manual' : 'activate';
		const context = new PollContext(workflow, node, this.additionalData(), mode, activation);
		this.listen(context);
		const polled = this.type.poll!.call(context);
		this.whilePolling?.(context.getWorkflowStaticData('node'));
		const outputs = await polled;
		this.save(workflow);
		return outputs?.[0] ?? [];
	}

	/** n8n's logger is one for the whole process. */
	private listen({ logger }: { logger: { warn(message: string): void } }): void {
		jest.spyOn(logger, 'warn').mockImplementation((message) => void this.warnings.push(message));
	}

	private async inHook(
		mode: 'trigger' | 'manual',
		act: (context: HookContext) => Promise<void>,
	): Promise<void> {
		const workflow = this.workflow();
		const context = this.hookContext(workflow, mode);
		this.listen(context);
		await act(context);
		this.save(workflow);
	}

	private hookContext(workflow: Workflow, mode: 'trigger' | 'manual'): HookContext {
		const [node] = Object.values(workflow.nodes);
		const isTest = mode === 'manual';
		return new HookContext(
			workflow,
			node,
			this.additionalData(),
			mode,
			isTest ? mode : 'activate',
			{
				isTest,
				webhookDescription: this.type.description.webhooks![0],
			} as never,
		);
	}

	private save(workflow: Workflow): void {
		this.saved = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
	}

	private workflow(): Workflow {
		return workflowOf(this.type, this.setting, this.parameters, this.saved);
	}

	private additionalData(more?: object): IWorkflowExecuteAdditionalData {
		return additionalDataOf(this.helper, more);
	}
}
