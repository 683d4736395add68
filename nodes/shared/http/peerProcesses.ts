import type { DeduplicationHelperFunctions, IExecuteFunctions } from 'n8n-workflow';

import { monotonicNow, now } from '../contract/clock';
import type { Account, NodeContext } from './account';
import { isThrottled, setPeerCount } from './rateLimiter';

/*
 * Processes on one account (n8n's workers) count one another by marks in the only memory of n8n's that
 * all of them read and write at once: the table of processed data. n8n keeps one row per node of a
 * workflow, and one per workflow; a node can reach no other. The row of the workflow is not used: it is
 * the history of the workflow's Remove Duplicates nodes, and could not be cleared without losing it.
 *
 * So each process leaves one mark per node that has to wait, whatever account it waits for, and takes
 * the largest count of all its nodes on an account. Workers take jobs of every workflow, so each node
 * meets all of them. Two limits remain: processes that run different nodes only (an own main process for
 * manual runs, another n8n instance) do not see one another; and where one node uses two accounts, a
 * process counts for both of them, also if it uses one.
 *
 * The table tells how many marks there are and whether a certain one is among them, and is read and
 * written back as a whole: of two marks at the same moment one may be lost, and is left again a moment
 * later. The marks of a period go when the next one begins.
 */

/** How long marks count, on the time of day, ms. */
const periodMs = 40_000;
/** From one count to the next, ms: while the count changes, and otherwise. */
const [fastPollMs, slowPollMs] = [500, 5000];
/** How long a count holds, ms. */
const countHoldsMs = 20_000;

/** This process, for as long as it runs. */
const processId = Math.random().toString(36).slice(2, 10);

/** What is used of n8n's table of processed data. */
export type PresenceStore = Pick<
	DeduplicationHelperFunctions,
	'checkProcessedAndRecord' | 'clearAllProcessedItems' | 'getProcessedDataCount'
>;

/** What a process knows of the processes that run one node. */
interface NodeCount {
	processes: number;
	/** When that was counted, and when the next count is due, monotonic ms. */
	countedAt: number;
	next: number;
	/** Accounts that had to wait. */
	accounts: Set<string>;
}

/** By node. */
const nodeCounts = new Map<string, NodeCount>();

function countOf(node: string): NodeCount {
	const never = {
		processes: 1,
		countedAt: -Infinity,
		next: -Infinity,
		accounts: new Set<string>(),
	};
	const known = nodeCounts.get(node) ?? never;
	nodeCounts.set(node, known);
	return known;
}

/** The row of the table: a node ID alone is not unique, because workflows are copied. */
const nodeKey = (host: NodeContext & Partial<Pick<IExecuteFunctions, 'getWorkflow'>>) =>
	`${host.getWorkflow?.().id} ${host.getNode().id}`;

/** Counts the processes that share the account, now and then and beside everything else, and divides its rate. */
export function refreshPeerCount(host: NodeContext, { rateLimitKey: key }: Account): void {
	if (!isThrottled(key, slowPollMs) || !isPresenceStore(host.helpers)) return;
	const count = countOf(nodeKey(host));
	if (!count.accounts.has(key)) {
		count.accounts.add(key);
		// Another account of this node has its marks in the same row, and so the same count.
		const isFresh = monotonicNow() - count.countedAt < slowPollMs;
		if (isFresh) setPeerCount(key, count.processes - 1, countHoldsMs);
	}
	if (monotonicNow() < count.next) return;
	count.next = Infinity;
	// Of several processes that begin at once only one can open the period; the others fail.
	void countPeers(host.helpers, count).catch(() => scheduleNext(count, fastPollMs));
}

/** Editors, triggers and n8n's own tests of a node have no such table. */
const isPresenceStore = (helpers: object): helpers is PresenceStore =>
	'checkProcessedAndRecord' in helpers;

async function countPeers(store: PresenceStore, count: NodeCount): Promise<void> {
	const options = { mode: 'entries' } as const;
	const period = Math.floor(now() / periodMs);
	const [opening, mark] = [`${period}`, `${period} ${processId}`];
	const leaveMarks = async () =>
		await store.checkProcessedAndRecord([opening, mark], 'node', options);
	const left = await leaveMarks();
	if (left.new.includes(opening)) {
		await store.clearAllProcessedItems('node', options);
		await leaveMarks();
	}
	const processes = Math.max(1, (await store.getProcessedDataCount('node', options)) - 1);
	for (const key of count.accounts) setPeerCount(key, processes - 1, countHoldsMs);
	count.countedAt = monotonicNow();
	const isChanging = left.new.length > 0 || processes !== count.processes;
	count.processes = processes;
	scheduleNext(count, isChanging ? fastPollMs : slowPollMs);
}

/** Not all processes at once. */
function scheduleNext(count: NodeCount, ms: number): void {
	count.next = monotonicNow() + ms * (0.75 + Math.random() / 2);
}
