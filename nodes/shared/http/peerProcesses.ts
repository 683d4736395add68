import type { DeduplicationHelperFunctions } from 'n8n-workflow';

import { monotonicNow, now } from '../contract/clock';
import type { Account, NodeContext } from './account';
import { isThrottled, setPeerCount } from './rateLimiter';

/*
 * Processes on one account (n8n's workers) count one another by marks in the only memory of n8n's that
 * all of them read and write at once: what a node has processed, which lies in the database. It tells how
 * many marks there are and whether a certain one is among them, and it is read and written back as a
 * whole: of two at the same moment one may be lost, and is left again a moment later. The marks of a
 * period go when the next one begins. Only who has to wait for the account leaves any.
 */

/** Of marks, on the time of day, ms. */
const periodMs = 40_000;
/** From one look to the next, ms: while the count changes, and then. */
const [fastPollMs, slowPollMs] = [500, 5000];

/** This process, for as long as it runs. */
const processId = Math.random().toString(36).slice(2, 10);

/** What is used of n8n's memory of what a node has processed. */
export type PresenceStore = Pick<
	DeduplicationHelperFunctions,
	'checkProcessedAndRecord' | 'clearAllProcessedItems' | 'getProcessedDataCount'
>;

/** By account: what the last look said, and when the next one is due. */
const lastChecks = new Map<string, { count: number; next: number }>();

/** Looks who shares the account, now and then and beside whatever goes on, and divides its pace. */
export function refreshPeerCount(host: NodeContext, { key }: Account): void {
	const { count, next } = lastChecks.get(key) ?? { count: 1, next: -Infinity };
	if (monotonicNow() < next || !isThrottled(key, slowPollMs) || !isPresenceStore(host.helpers))
		return;
	lastChecks.set(key, { count, next: Infinity });
	// Of several that begin at once only one can open the period; the others fail.
	void countPeers(host.helpers, key, count).catch(() => scheduleNext(key, count, fastPollMs));
}

/** Editors, triggers and n8n's own tests of a node have no such memory. */
const isPresenceStore = (helpers: object): helpers is PresenceStore =>
	'checkProcessedAndRecord' in helpers;

async function countPeers(marks: PresenceStore, key: string, before: number): Promise<void> {
	const options = { mode: 'entries' } as const;
	const index = Math.floor(now() / periodMs);
	const [opening, mine] = [`${index}`, `${index} ${processId} ${key}`];
	const leave = async () => await marks.checkProcessedAndRecord([opening, mine], 'node', options);
	const left = await leave();
	if (left.new.includes(opening)) {
		await marks.clearAllProcessedItems('node', options);
		await leave();
	}
	const count = Math.max(1, (await marks.getProcessedDataCount('node', options)) - 1);
	setPeerCount(key, count - 1, 20_000);
	scheduleNext(key, count, left.new.length > 0 || count !== before ? fastPollMs : slowPollMs);
}

/** Not all at once. */
function scheduleNext(key: string, count: number, ms: number): void {
	lastChecks.set(key, { count, next: monotonicNow() + ms * (0.75 + Math.random() / 2) });
}
