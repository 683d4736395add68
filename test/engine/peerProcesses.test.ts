import { randomUUID } from 'node:crypto';
import { DataDeduplicationService } from 'n8n-core';

import type { Account, NodeContext } from '../../nodes/shared/http/account';
import { refreshPeerCount } from '../../nodes/shared/http/peerProcesses';
import { acquire, pauseAccount } from '../../nodes/shared/http/rateLimiter';
import { createProcessedStore } from '../simulation/processedStore';
import type { Sandbox } from '../../sandbox/server';
import { runNode } from '../host/harness';
import { virtualTime } from '../host/virtualTime';
import { cancelling, onFunnelFox, seeded } from './funnelFoxNode';

/** n8n's memory of what nodes have processed, as its database has it, or as a test wants it. */
const newStore = (random = Math.random) =>
	createProcessedStore(random, async (ms) => await virtualTime().sleep(ms));
let memory = newStore();
beforeAll(async () => {
	await DataDeduplicationService.init({
		checkProcessedAndRecord: async (items, scope, _, options) =>
			await memory.helpers.checkProcessedAndRecord(items, scope, options),
		clearAllProcessedItems: async (scope, _, options) =>
			await memory.helpers.clearAllProcessedItems(scope, options),
		getProcessedDataCount: async (scope, _, options) =>
			await memory.helpers.getProcessedDataCount(scope, options),
		removeProcessed: async () => await Promise.reject(new Error('Not called.')),
	});
});
/** Another one for each test: a process remembers the counts of its nodes. */
let nodeId = '';
beforeEach(() => {
	memory = newStore();
	nodeId = randomUUID();
});

/** When the last of eight requests came in, in ms after the first: 700 at the pace that is set. */
async function took(sandbox: Sandbox): Promise<number> {
	const options = { requestsPerMinute: 600 };
	const items = seeded(sandbox, 8);
	const { main } = await runNode(cancelling(sandbox, items, { options, nodeId }));
	expect(main.map(({ json }) => json.ended)).toEqual(items.map(() => true));
	const at = sandbox.requests('funnelFox').map((request) => Date.parse(request.at));
	return at[7] - at[0];
}
const marks = async () => await memory.helpers.getProcessedDataCount('node', { mode: 'entries' });

test('a run that has to wait leaves its mark, and keeps its full rate while there is no other process', async () =>
	await onFunnelFox(async (sandbox) => {
		expect(await took(sandbox)).toBeLessThan(1150);
		// What tells the period, and this process.
		expect(await marks()).toBe(2);
	}));

test('a run that need not wait leaves no mark', async () =>
	await onFunnelFox(async (sandbox) => {
		for (const item of seeded(sandbox, 3)) await runNode(cancelling(sandbox, [item], { nodeId }));
		expect(await marks()).toBe(0);
	}));

test('a run that finds the mark of another process takes half the rate', async () =>
	await onFunnelFox(async (sandbox) => {
		memory.helpers.checkProcessedAndRecord = async (items) =>
			await Promise.resolve({ new: [], processed: items });
		memory.helpers.getProcessedDataCount = async () => await Promise.resolve(3);
		expect(await took(sandbox)).toBeGreaterThan(1150);
	}));

test('a mark that another process kept from being left is left half a second later', async () =>
	await onFunnelFox(async (sandbox) => {
		const leave = memory.helpers.checkProcessedAndRecord;
		memory.helpers.checkProcessedAndRecord = async () => {
			memory.helpers.checkProcessedAndRecord = leave;
			return await Promise.reject(new Error('duplicate key value violates unique constraint'));
		};
		await took(sandbox);
		await virtualTime().sleep(650);
		await took(sandbox);
		expect(await marks()).toBe(2);
	}));

test.each([
	['fails', async () => await Promise.reject(new Error('database is locked'))],
	['does not answer', async () => await new Promise<never>(() => {})],
])(
	'a table that %s delays no run',
	async (_, instead) =>
		await onFunnelFox(async (sandbox) => {
			memory.helpers.checkProcessedAndRecord = instead;
			expect(await took(sandbox)).toBeLessThan(1150);
		}),
);

describe('accounts and nodes', () => {
	const limits = { requestsPerMinute: 600, burst: 1, concurrency: 50 };
	const forever = new AbortController().signal;
	let nodes = 0;
	const newNode = (store = newStore(() => 0)) => {
		const id = `node ${nodes++}`;
		const host = { helpers: store.helpers, getNode: () => ({ id }) } as unknown as NodeContext;
		return { host, store };
	};
	const newAccount = () => ({ key: `peers ${nodes++}` }) as Account;

	/** Makes the account wait, so that its processes are counted on these nodes. */
	async function count({ key }: Account, ...hosts: NodeContext[]): Promise<void> {
		pauseAccount(key, { ms: 1, source: 'provider' }, limits);
		for (const host of hosts) refreshPeerCount(host, { rateLimitKey: key } as Account);
		await virtualTime().sleep(300);
	}

	/** Milliseconds from one request to the next: 100 for one process, a slowdown of 5 % aside. */
	async function interval({ key }: Account): Promise<number> {
		const starts: number[] = [];
		for (let requests = 0; requests < 3; requests++) {
			const admission = await acquire(key, limits, forever);
			starts.push(virtualTime().monotonicNow());
			if (admission.kind === 'slot') admission.release();
		}
		return (starts[2] - starts[0]) / 2;
	}

	test('a process that uses two accounts on one node counts once', async () => {
		const { host, store } = newNode();
		const [one, other] = [newAccount(), newAccount()];
		await count(one, host);
		await virtualTime().sleep(700);
		await count(other, host);
		expect(await store.helpers.getProcessedDataCount('node', { mode: 'entries' })).toBe(2);
		for (const account of [one, other]) expect(await interval(account)).toBeLessThan(140);
	});

	test('an account that begins to wait takes the count that its node knows', async () => {
		const { host, store } = newNode();
		store.helpers.getProcessedDataCount = async () => await Promise.resolve(3);
		const [one, other] = [newAccount(), newAccount()];
		await count(one, host);
		await count(other, host);
		for (const account of [one, other]) expect(await interval(account)).toBeGreaterThan(180);
	});

	test('a process is counted on each node that uses the account, and the largest count counts', async () => {
		const account = newAccount();
		const [alone, crowded] = [newNode(), newNode()];
		crowded.store.helpers.getProcessedDataCount = async () => await Promise.resolve(4);
		await count(account, alone.host, crowded.host);
		expect(await alone.store.helpers.getProcessedDataCount('node', { mode: 'entries' })).toBe(2);
		expect(await interval(account)).toBeGreaterThan(270);
	});
});
