import type { IDataObject, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import type { ProviderModel } from './models/providerModel';
import type { Network } from './network';
import type { Execution } from './world';

/** What one run of the node has of n8n. */
export interface HostSetting {
	run: number;
	execution: Execution;
	credential: number;
	/** Of the world: its accounts are no other's. */
	world: number;
	/** The node's memory of the execution. */
	context: IDataObject;
	executionId: string;
	runIndex: number;
	mode: 'trigger' | 'retry';
	signal: AbortSignal;
	hints: string[];
	/** Of the process; what comes for a dead one arrives nowhere. */
	isAlive: () => boolean;
}

/** One of its own for each: what waits for a promise lives as long as that does. */
const never = async () => await new Promise<never>(() => {});

export const secretOf = (credential: number) => `sk_live_5ecret/${credential}+key`;

/**
 * n8n as a node sees it, below its context: parameters, credentials, the HTTP helper and the Stop button.
 * The simulation is the only place with a host of its own; all other tests run in n8n's.
 */
export function createHost(
	model: ProviderModel,
	network: Network,
	setting: HostSetting,
): IExecuteFunctions {
	const { execution, credential, hints } = setting;
	const { constant, perItem } = model.parameters(execution);
	const { items, onError } = execution;
	const values = items.map((item) => perItem(item));
	const parameters: IDataObject = {
		...(constant as IDataObject),
		options: optionsOf(execution),
		...Object.fromEntries(Object.keys(values[0] ?? {}).map((name) => [name, '={{ … }}'])),
	};
	const type = model.credentialType;
	const host = {
		getNode: () => ({
			id: 'node',
			name: 'Cancel',
			type: 'n8n-nodes-cancellations.node',
			typeVersion: 1,
			position: [0, 0],
			parameters,
			onError: onError === 'stop' ? undefined : onError,
			credentials: { [type]: { id: `credential-${credential}-${setting.world}`, name: type } },
		}),
		getInputData: () => items.map((_, item) => ({ json: { item }, pairedItem: { item } })),
		getInputSourceData: () => ({ previousNode: 'Items' }),
		getWorkflowDataProxy: (item: number) => ({ $getPairedItem: () => ({ json: { item } }) }),
		getNodeParameter: (name: string, index: number, absent?: unknown) =>
			name in values[index] ? values[index][name] : (parameters[name] ?? absent),
		getCredentials: async () => model.credential(secretOf(credential)),
		getContext: () => setting.context,
		getExecutionId: () => setting.executionId,
		getExecutionCancelSignal: () => setting.signal,
		getMode: () => setting.mode,
		getTimezone: () => 'Europe/Berlin',
		evaluateExpression: () => setting.runIndex,
		continueOnFail: () => onError !== 'stop',
		addExecutionHints: ({ message }: { message: string }) => void hints.push(message),
		helpers: {
			async httpRequestWithAuthentication(_: string, options: IHttpRequestOptions) {
				if (!setting.isAlive()) return await never();
				const sent = network.send(setting.run, secretOf(credential), options);
				return await sent.finally(async () => (setting.isAlive() ? undefined : await never()));
			},
		},
	};
	return host as unknown as IExecuteFunctions;
}

function optionsOf({ options, naming }: Execution): IDataObject {
	const { maxConcurrency, maxAttempts, timeout, requestsPerMinute, maxPerExecution } = options;
	return {
		maxConcurrency,
		maxAttempts,
		timeout,
		maxPerExecution,
		...(requestsPerMinute !== null && { requestsPerMinute }),
		...(options.cancelAll && naming !== 'id' && { ifSeveral: 'all' }),
		...(options.expectedStatus !== null && { expectedStatus: [options.expectedStatus] }),
	};
}
