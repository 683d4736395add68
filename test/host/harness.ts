import { resolve } from 'node:path';
import { ExecutionLifecycleHooks, PackageDirectoryLoader, WorkflowExecute } from 'n8n-core';
import {
	deepCopy,
	ICredentialsHelper,
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type IDataObject,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeExecutionData,
	type INodeParameters,
	type INodeProperties,
	type INodeType,
	type INodeTypes,
	type IRun,
	type IRunExecutionData,
	type IVersionedNodeType,
	type IWorkflowExecuteAdditionalData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import type { SigningCredential } from '../../nodes/shared/contract/credential';
import './virtualTime';

const packageName = 'n8n-nodes-cancellations';
let loading: Promise<PackageDirectoryLoader> | undefined;

/** The built package, loaded as n8n loads it. */
export async function load(): Promise<PackageDirectoryLoader> {
	loading ??= (async () => {
		const loader = new PackageDirectoryLoader(resolve(__dirname, '../..'));
		await loader.loadAll();
		return loader;
	})();
	return await loading;
}

/** Hands out its items; stands where a trigger would. */
const source = {
	description: {
		displayName: 'Items',
		name: 'items',
		group: ['input'],
		version: 1,
		description: '',
		defaults: { name: 'Items' },
		inputs: [],
		outputs: ['main'],
		properties: [],
	},
} as unknown as INodeType;

/** The loaded package's types, and the source. */
export const nodeTypesOf = (loader: PackageDirectoryLoader) => new NodeTypes(loader);

class NodeTypes implements INodeTypes {
	constructor(private readonly loader: PackageDirectoryLoader) {}

	getByName(type: string): INodeType | IVersionedNodeType {
		if (type === 'test.items') return source;
		return this.loader.getNode(type.replace(`${packageName}.`, '').replace(/Tool$/, '')).type;
	}

	getByNameAndVersion(type: string): INodeType {
		const found = this.getByName(type) as INodeType;
		if (!type.endsWith('Tool')) return found;
		// The twin that agents call: the same node with a tool's output.
		const description = { ...found.description, name: `${found.description.name}Tool` };
		return Object.assign(Object.create(Object.getPrototypeOf(found)), { ...found, description });
	}

	getKnownTypes(): IDataObject {
		return {};
	}
}

/** Plain credentials by type; signs with what the credential type itself declares. */
class Credentials extends ICredentialsHelper {
	constructor(
		private readonly loader: PackageDirectoryLoader,
		private readonly plain: Record<string, ICredentialDataDecryptedObject>,
	) {
		super();
	}

	getParentTypes(name: string): string[] {
		const parents = this.loader.getCredential(name).type.extends ?? [];
		return parents.flatMap((parent) => [
			parent,
			...(parent === 'oAuth2Api' ? [] : this.getParentTypes(parent)),
		]);
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const { type } = this.loader.getCredential(typeName);
		return await (type as SigningCredential).authenticate(credentials, options);
	}

	async preAuthentication() {
		return undefined;
	}

	async runPreAuthentication() {
		return undefined;
	}

	async getCredentials(): Promise<ICredentials> {
		throw new Error('Not used');
	}

	async getDecrypted(
		_data: IWorkflowExecuteAdditionalData,
		_details: INodeCredentialsDetails,
		type: string,
	): Promise<ICredentialDataDecryptedObject> {
		return deepCopy(this.plain[type]);
	}

	async updateCredentials() {}

	async updateCredentialsOauthTokenData(
		_details: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	) {
		this.plain[type] = data;
	}

	getCredentialsProperties(): INodeProperties[] {
		return [];
	}
}

export interface Setting {
	/** The node's name in this package; ends in "Tool" for the twin that agents call. */
	node: string;
	/** The node's ID in its workflow, by which n8n keeps what a node has processed. */
	nodeId?: string;
	parameters: IDataObject;
	items: IDataObject[];
	/** What n8n holds of the node before, where other items were typed in as mock data. */
	recorded?: IDataObject[];
	credentials: Record<string, ICredentialDataDecryptedObject>;
	onError?: INode['onError'];
	/** Tries of n8n's Retry On Fail; absent: off. */
	maxTries?: number;
	mode?: WorkflowExecuteMode;
	executionId?: string;
	/** A second run of the node in the same execution, as a loop makes it. */
	continued?: IRunExecutionData;
	timezone?: string;
	/** Gets what n8n's Stop button reaches. */
	onStart?: (running: { cancel(): void }) => void;
}

export interface Outcome {
	run: IRun;
	/** The node's outputs: main, then the error output where it is switched on. */
	main: INodeExecutionData[];
	errors: INodeExecutionData[];
	/** The exception of stop mode. */
	thrown?: {
		message: string;
		description?: string | null;
		context?: IDataObject;
		httpCode?: string | null;
	};
	hints: string[];
	/** The workflow's static data where n8n would save it. */
	saved?: IDataObject;
}

const nodeName = 'Cancel';

/** A credential of its own for each test: accounts share rate limits, locks and doubts in a process. */
let account = 0;
beforeEach(() => {
	account++;
});

/** Runs the node once in n8n's own engine. */
export async function runNode(setting: Setting): Promise<Outcome> {
	return await process_(setting, started(setting));
}

/** What n8n's Retry button does with a failed execution that was saved. */
export async function retrySaved(setting: Setting, failed: IRun): Promise<Outcome> {
	const saved = JSON.parse(JSON.stringify(failed.data)) as IRunExecutionData;
	const { resultData } = saved;
	delete resultData.error;
	const runs = resultData.runData[nodeName] ?? [];
	if (runs.at(-1)?.error !== undefined) runs.pop();
	return await process_({ executionId: '8', ...setting, mode: 'retry' }, saved);
}

function nodes(setting: Setting): INode[] {
	const { node, parameters, credentials, onError, maxTries } = setting;
	return [
		{
			id: 'i',
			name: 'Items',
			type: 'test.items',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		},
		{
			id: setting.nodeId ?? 'c',
			name: nodeName,
			type: `${packageName}.${node}`,
			typeVersion: 1,
			position: [0, 0],
			parameters: parameters as INodeParameters,
			credentials: Object.fromEntries(
				Object.keys(credentials).map((type) => [type, { id: `id-${type}-${account}`, name: type }]),
			),
			onError,
			...(maxTries && { retryOnFail: true, maxTries, waitBetweenTries: 1 }),
		},
	];
}

function started(setting: Setting): IRunExecutionData {
	const node = nodes(setting)[1];
	const items: INodeExecutionData[] = setting.items.map((json, item) => ({
		json,
		pairedItem: { item },
	}));
	const recorded = setting.recorded?.map((json, item) => ({ json, pairedItem: { item } })) ?? items;
	const before = setting.continued;
	const runData = { ...before?.resultData.runData };
	runData.Items = [
		...(runData.Items ?? []),
		{ startTime: 0, executionTime: 0, executionIndex: 0, source: [], data: { main: [recorded] } },
	];
	return {
		version: 1,
		startData: {},
		resultData: { runData, pinData: {}, lastNodeExecuted: 'Items' },
		executionData: {
			contextData: before?.executionData?.contextData ?? {},
			metadata: {},
			nodeExecutionStack: [
				{
					node,
					data: { main: [items] },
					source: { main: [{ previousNode: 'Items', previousNodeRun: runData.Items.length - 1 }] },
				},
			],
			waitingExecution: {},
			waitingExecutionSource: {},
		},
	} as unknown as IRunExecutionData;
}

async function process_(setting: Setting, data: IRunExecutionData): Promise<Outcome> {
	const loader = await load();
	const mode = setting.mode ?? 'trigger';
	const executionId = setting.executionId ?? '7';
	const workflow = new Workflow({
		id: 'w',
		name: 'w',
		nodes: nodes(setting),
		connections: { Items: { main: [[{ node: nodeName, type: 'main', index: 0 }]] } },
		active: false,
		nodeTypes: new NodeTypes(loader),
		settings: { executionOrder: 'v1', timezone: setting.timezone ?? 'UTC' },
	});
	// n8n runs the workflow's own node, which has the defaults of what the user left alone.
	for (const entry of data.executionData?.nodeExecutionStack ?? []) {
		entry.node = workflow.getNode(entry.node.name) ?? entry.node;
	}
	const workflowData = { id: 'w', name: 'w', nodes: [], connections: {} } as never;
	const additionalData = {
		credentialsHelper: new Credentials(loader, setting.credentials),
		executionId,
		hooks: new ExecutionLifecycleHooks(mode, executionId, workflowData),
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: '',
		instanceBaseUrl: '',
		webhookBaseUrl: '',
		formWaitingBaseUrl: '',
		webhookWaitingBaseUrl: '',
		webhookTestBaseUrl: '',
		logAiEvent: () => {},
	} as unknown as IWorkflowExecuteAdditionalData;
	const execution = new WorkflowExecute(additionalData, mode, data);
	const running = execution.processRunExecutionData(workflow);
	setting.onStart?.(running as unknown as { cancel(): void });
	const run = await running;
	const task = run.data.resultData.runData[nodeName]?.at(-1);
	return {
		run,
		main: task?.data?.main[0] ?? [],
		errors: task?.data?.main[1] ?? [],
		thrown: run.data.resultData.error as Outcome['thrown'],
		hints: (task?.hints ?? []).map(({ message }) => message),
		saved: workflow.staticData.__dataChanged
			? (JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject)
			: undefined,
	};
}
