import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { now } from '../contract/clock';
import type { ParseContext } from '../contract/field';
import type { RateLimits, Provider } from '../contract/provider';
import type { NodeContext } from '../http/account';
import type { RequestContext } from '../http/requestWithRetry';
import type { ItemBase, WriteItem } from '../model/item';
import { Ledger } from './ledger';

/** Ends what an item waits for; `because` completes "… not tried, because …". */
export class Stopped extends Error {
	constructor(readonly because: string) {
		super(`The run was stopped, because ${because}.`);
	}
}

/** One run of a node: what all its items share. */
export interface ExecutionContext {
	provider: Provider;
	/** The node's ID: the same request of another node is another request. */
	nodeId: string;
	ledger: Ledger;
	/** Called by an AI agent. */
	agent: boolean;
	/** It may repeat an earlier execution. */
	mayBeReplay: boolean;
	parseContext: ParseContext;
	/** Aborted with `Stopped` as soon as the user stops the execution. */
	signal: AbortSignal;
	/** How this item's requests are made. */
	requestContext(item: ItemBase): RequestContext;
}

/** Another execution's Retry, or a sub-workflow, whose caller may have called it before. */
const replayModes = ['retry', 'integrated'];

export function createExecutionContext(
	host: IExecuteFunctions,
	provider: Provider,
): ExecutionContext {
	const run = Number(host.evaluateExpression('{{ $runIndex }}', 0));
	const signal = stopSignal(host.getExecutionCancelSignal?.());
	return {
		provider,
		nodeId: host.getNode().id,
		ledger: new Ledger(nodeContext(host), run, host.getExecutionId()),
		agent: isAgent(host),
		mayBeReplay: replayModes.includes(host.getMode()),
		parseContext: { timeZone: host.getTimezone(), now: new Date(now()) },
		signal,
		requestContext: ({ account, options }) => ({
			host: host as NodeContext,
			account,
			signal,
			timeout: options.timeout,
			maxAttempts: options.maxAttempts,
			limits: limitsOf(account.rateLimits, options),
		}),
	};
}

const limitsOf = (
	{ requestsPerMinute, burst, concurrency = 50 }: RateLimits,
	options: WriteItem['options'],
): Required<RateLimits> => ({
	requestsPerMinute: options.requestsPerMinute ?? requestsPerMinute,
	burst,
	concurrency: Math.min(options.maxConcurrency, concurrency),
});

/** n8n's own signal with the engine's reason. */
function stopSignal(cancelled?: AbortSignal): AbortSignal {
	const controller = new AbortController();
	const abort = () => controller.abort(new Stopped('the execution was stopped'));
	if (cancelled?.aborted) abort();
	cancelled?.addEventListener('abort', abort, { once: true });
	return controller.signal;
}

/** The node's memory of this execution; on a host that keeps none, that of this call. */
function nodeContext(host: IExecuteFunctions): IDataObject {
	try {
		return host.getContext('node');
	} catch {
		return {};
	}
}

/** Called as a tool: newer hosts say so; on older ones the node that agents call is named so. */
const isAgent = (host: IExecuteFunctions) =>
	(typeof host.isToolExecution === 'function' && host.isToolExecution()) ||
	host.getNode().type.endsWith('Tool');
