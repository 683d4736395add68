import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Limits, Provider } from '../contract/provider';
import { Refusal } from '../contract/refusal';
import type { Asked, Item } from './item';
import { openLedger } from './ledger';
import type { Situation } from './make';
import type { Host } from '../wire/account';
import type { Manner } from '../wire/exchange';
import type { Cancelled } from '../wire/pace';

/** One run of a node: what all its items share. */
export interface Run extends Situation {
	provider: Provider;
	/** Rejects with a Refusal (`skipped`) as soon as the execution is stopped. */
	cancelled: Cancelled;
	isCancelled(): boolean;
	/** How the calls of this item are made. */
	manner(asked: Asked): Manner;
}

/** Another execution's Retry, or a sub-workflow, whose caller may have called it before. */
const repeatedModes = ['retry', 'integrated'];

export function openRun(host: IExecuteFunctions, provider: Provider): Run {
	const signal = host.getExecutionCancelSignal?.();
	const run = Number(host.evaluateExpression('{{ $runIndex }}', 0));
	const cancelled = stopOf(signal);
	return {
		provider,
		ledger: openLedger(contextOf(host), run, host.getExecutionId()),
		agent: isAgent(host),
		repeated: repeatedModes.includes(host.getMode()),
		around: { timeZone: host.getTimezone(), now: new Date() },
		cancelled,
		isCancelled: () => signal?.aborted === true,
		manner: ({ account, options }) => ({
			host: host as Host,
			account,
			cancelled,
			timeout: options.timeout,
			maxAttempts: options.maxAttempts,
			limits: limitsOf(account.limits, options),
		}),
	};
}

const limitsOf = (
	{ requestsPerMinute, burst, concurrency = 50 }: Limits,
	options: Item['options'],
): Required<Limits> => ({
	requestsPerMinute: options.requestsPerMinute ?? requestsPerMinute,
	burst,
	concurrency: Math.min(options.maxConcurrency, concurrency),
});

function stopOf(signal?: AbortSignal): Cancelled {
	const cancelled: Cancelled = new Promise((_, reject) => {
		const stop = () => reject(new Refusal('skipped', 'The execution was stopped.'));
		if (signal?.aborted) stop();
		signal?.addEventListener('abort', stop, { once: true });
	});
	cancelled.catch(() => {});
	return cancelled;
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
