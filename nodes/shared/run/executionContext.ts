import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { RateLimits, Provider } from '../contract/provider';
import { Refusal } from '../contract/refusal';
import type { ItemBase, WriteItem } from '../model/item';
import { openLedger, type Ledger } from './ledger';
import { now } from '../contract/clock';
import type { ParseContext } from '../contract/field';
import type { NodeContext } from '../http/account';
import type { RequestContext } from '../http/requestWithRetry';

/** What an execution is, as far as its items need to know. */
export interface Situation {
	ledger: Ledger;
	/** Called by an AI agent. */
	agent: boolean;
	/** It may repeat an earlier execution. */
	repeated: boolean;
	around: ParseContext;
}

/** One run of a node: what all its items share. */
export interface ExecutionContext extends Situation {
	provider: Provider;
	/** Aborted with a Refusal (`skipped`) as soon as the execution is stopped. */
	signal: AbortSignal;
	/** How the calls of this item are made. */
	requestContext(asked: ItemBase): RequestContext;
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
		ledger: openLedger(contextOf(host), run, host.getExecutionId()),
		agent: isAgent(host),
		repeated: replayModes.includes(host.getMode()),
		around: { timeZone: host.getTimezone(), now: new Date(now()) },
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
	const stop = new AbortController();
	const abort = () => stop.abort(new Refusal('skipped', 'The execution was stopped.'));
	if (cancelled?.aborted) abort();
	cancelled?.addEventListener('abort', abort, { once: true });
	return stop.signal;
}

/** The node's memory of this execution; where the host keeps none, that of this call. */
function contextOf(host: IExecuteFunctions): IDataObject {
	try {
		return host.getContext('node');
	} catch {
		return {};
	}
}

/** Called as a tool: newer hosts say so; on older ones the twin that agents call is named so. */
const isAgent = (host: IExecuteFunctions) =>
	(typeof host.isToolExecution === 'function' && host.isToolExecution()) ||
	host.getNode().type.endsWith('Tool');
