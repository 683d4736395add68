import type { Sandbox } from '../sandbox/server';

/** What the sandbox saw of a run. */
export interface RunCount {
	/** Subscriptions whose cancellation was accepted. */
	accepted: number;
	/** Of those, sent again although they had been accepted. */
	resent: number;
	/** Never accepted. */
	lost: number;
	requests: number;
	/** Answered by 429. */
	rateLimited: number;
	/** From the first request to the last accepted one. */
	ms: number;
}

/** Counts what came in since the sandbox's last reset. @param wanted cancellations asked for */
export function countRun(sandbox: Sandbox, wanted: number): RunCount {
	const requests = sandbox.requests('funnelFox');
	const journal = sandbox.journal('funnelFox');
	const sent = new Map<string, number>();
	for (const { effect, target, status } of requests) {
		if (effect !== 'write' || status === 429 || target === undefined) continue;
		sent.set(target, (sent.get(target) ?? 0) + 1);
	}
	const accepted = new Set(journal.map(({ record }) => record));
	const first = Math.min(...requests.map(({ at }) => Date.parse(at)));
	const last = Math.max(...journal.map(({ at }) => Date.parse(at)));
	return {
		accepted: accepted.size,
		resent: [...sent].filter(([target, count]) => accepted.has(target) && count > 1).length,
		lost: wanted - accepted.size,
		requests: requests.length,
		rateLimited: requests.filter(({ status }) => status === 429).length,
		ms: last - first,
	};
}
