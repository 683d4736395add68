import 'reflect-metadata';
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
	IWorkflowExecuteAdditionalData,
	Workflow,
} from 'n8n-workflow';

import { credentialsHelper, made } from './signing';
import { additionalDataOf, workflowOf, type Setting } from './workflow';

/** What the provider gets for a delivery, and what starts. */
export interface Delivered {
	status: number;
	body: unknown;
	/** The items of the execution; undefined: none was started. */
	items?: INodeExecutionData[];
}

/** One trigger in one workflow, as n8n runs it: in the contexts of its own engine. */
export class Trigger {
	/** What n8n has saved between two calls. */
	saved: IDataObject = {};
	parameters: IDataObject;

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

	async deliver(
		body: unknown,
		headers: Record<string, string> = {},
		mode: 'webhook' | 'manual' = 'webhook',
	): Promise<Delivered> {
		const answered = { status: 200, body: undefined as unknown };
		const response = {
			status: (status: number) => Object.assign(response, { at: (answered.status = status) }),
			send: (sent: unknown) => Object.assign(response, { at: (answered.body = sent) }),
			end: () => response,
		};
		const workflow = this.workflow();
		const additionalData = this.additionalData({
			httpRequest: { body, headers, params: {}, query: {} },
			httpResponse: response,
		});
		const [node] = Object.values(workflow.nodes);
		const context = new WebhookContext(workflow, node, additionalData, mode, {} as never, [], null);
		const result = await this.type.webhook!.call(context);
		this.save(workflow);
		if (result.noWebhookResponse) return answered;
		const items = result.workflowData?.[0];
		return { status: 200, body: result.webhookResponse, ...(items && { items }) };
	}

	/** One look; the items that start an execution. */
	async poll(mode: 'trigger' | 'manual' = 'trigger'): Promise<INodeExecutionData[]> {
		const workflow = this.workflow();
		const [node] = Object.values(workflow.nodes);
		const activation = mode === 'manual' ? 'manual' : 'activate';
		const context = new PollContext(workflow, node, this.additionalData(), mode, activation);
		const outputs = await this.type.poll!.call(context);
		this.save(workflow);
		return outputs?.[0] ?? [];
	}

	private async inHook(
		mode: 'trigger' | 'manual',
		act: (context: HookContext) => Promise<void>,
	): Promise<void> {
		const workflow = this.workflow();
		await act(this.hookContext(workflow, mode));
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
