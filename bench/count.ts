import type { Sandbox } from '../sandbox/server';

/** Counts of a run from the sandbox's logs. */
export interface RunCount {
	/** Subscriptions whose cancellation was accepted. */
	accepted: number;
	/** Accepted cancellations that were sent more than once. */
	resent: number;
	/** Cancellations that were never accepted. */
	lost: number;
	requests: number;
	/** Requests with the response 429. */
	rateLimited: number;
	/** Time from the first request to the last accepted one, in ms. */
	ms: number;
}

/** Counts since the sandbox's last reset. @param wanted number of cancellations in the list */
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
