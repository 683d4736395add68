import type { Account, NodeContext } from '../../nodes/shared/http/account';
import type * as RateLimiter from '../../nodes/shared/http/rateLimiter';
import type * as PeerProcesses from '../../nodes/shared/http/peerProcesses';
import { startProcess } from './engineProcess';
import { type ProcessedStore, createProcessedStore } from './processedStore';
import { randomFrom, VirtualTime } from './virtualTime';

/** How the provider counts: by a token bucket, or in fixed windows of a second. */
export type WindowKind = 'bucket' | 'windows';

export interface SimulationSetting {
	processes: number;
	windowKind: WindowKind;
	/** Requests per second that the provider accepts. */
	perSecond?: number;
	/** Requests per second that the nodes are set to. Default: perSecond. */
	configuredPerSecond?: number;
	/** Concurrent executions of a worker. */
	concurrency?: number;
	/** Number of processes that take jobs from the start. Default: all. */
	initialWorkers?: number;
	/** Whether responses have X-RateLimit headers. */
	sendsRemaining?: boolean;
	/** Number of nodes that use the account; each execution runs one of them. Default: 1. */
	nodes?: number;
	/** Seed of the random numbers. */
	seed?: number;
}

/** The wait of one item. */
interface Wait {
	worker: number;
	/** Time from its arrival in the queue to its acceptance, in ms. */
	ms: number;
}

export interface RoundResult {
	requests: number;
	refused: number;
	accepted: number;
	/** Items that failed after all attempts. */
	lost: number;
	/** Items whose process was killed. */
	died: number;
	/** Time from the first request to the last acceptance, in ms. */
	took: number;
	waits: Wait[];
	/** Times of acceptance, in ms of the simulated clock. */
	acceptedAt: number[];
	/** Number of writes to the store. */
	marks: number;
}

const account = { key: 'account', rateLimitKey: 'account' } as Account;
const { key } = account;
const latency = 20;
const tries = 4;
/** Longer than any round takes, ms. */
const roundMs = 3_600_000;

type Engine = typeof RateLimiter & typeof PeerProcesses;

/** The engine's modules with a state of their own, as in one n8n process. */
function startEngine(number: number, time: VirtualTime, seed: number): Engine {
	const { module } = startProcess(number, time, seed);
	return {
		...module('nodes/shared/http/rateLimiter'),
		...module('nodes/shared/http/peerProcesses'),
	} as Engine;
}

/** The provider, which responds 429 to a request over the limit. */
function newProvider(
	time: VirtualTime,
	{ windowKind, perSecond, says }: { windowKind: WindowKind; perSecond: number; says: boolean },
) {
	let tokens = perSecond;
	let since = time.now;
	function take(): number {
		const passed = time.now - since;
		if (windowKind === 'bucket') {
			tokens = Math.min(perSecond, tokens + (passed / 1000) * perSecond);
			since += passed;
		} else if (passed >= 1000) {
			tokens = perSecond;
			since += passed;
		}
		if (tokens < 1) return 429;
		tokens--;
		return 200;
	}
	return () => {
		const status = take();
		const remaining = { 'x-ratelimit-remaining': String(Math.floor(tokens)) };
		const headers = { ...remaining, 'x-ratelimit-reset': '1' };
		return { status, headers: says ? headers : {} };
	};
}

/**
 * n8n's queue mode in virtual time: a queue, workers with the real rate limiter and peer counting,
 * and the database in which they record their presence.
 */
export function startSimulation(setting: SimulationSetting) {
	const { processes, windowKind, perSecond = 10, concurrency = 20, seed = 1 } = setting;
	const {
		initialWorkers = processes,
		sendsRemaining = false,
		configuredPerSecond = perSecond,
		nodes = 1,
	} = setting;
	const random = randomFrom(seed);
	const time = new VirtualTime();
	const wait = async (ms: number) => await new Promise<void>((done) => time.after(ms, done));
	const request = newProvider(time, { windowKind, perSecond, says: sendsRemaining });
	const limits = { requestsPerMinute: configuredPerSecond * 60, burst: 1, concurrency: 5 };
	// n8n keeps one row of its table for each node.
	const stores = Array.from({ length: nodes }, (): ProcessedStore =>
		createProcessedStore(random, wait),
	);
	const hosts = stores.map(
		({ helpers }, node) =>
			({ helpers, getNode: () => ({ id: `node ${node}` }) }) as unknown as NodeContext,
	);
	const writes = () => stores.reduce((sum, store) => sum + store.writes(), 0);
	const queue: Array<(worker: number) => Promise<void>> = [];
	const workers: Array<{
		engine: Engine;
		busy: number;
		alive: boolean;
		killed?: boolean;
		never: AbortSignal;
	}> = [];
	while (workers.length < processes) {
		const never = new AbortController().signal;
		workers.push({
			engine: startEngine(workers.length, time, seed),
			busy: 0,
			alive: workers.length < initialWorkers,
			never,
		});
	}

	function takeJobs(): void {
		for (;;) {
			const free = workers.filter(({ alive, busy }) => alive && busy < concurrency);
			const job = free.length > 0 ? queue.shift() : undefined;
			if (!job) return;
			const worker = free[Math.floor(random() * free.length)];
			worker.busy++;
			void job(workers.indexOf(worker)).then(() => {
				worker.busy--;
				takeJobs();
			});
		}
	}

	async function execution(worker: number, arrived: number, round: RoundResult): Promise<void> {
		await wait(5 + random() * 10);
		if (workers[worker].killed) {
			round.died++;
			return;
		}
		const accepted = await send(workers[worker], round);
		if (workers[worker].killed) {
			round.died++;
			return;
		}
		if (accepted) {
			round.accepted++;
			round.acceptedAt.push(time.now);
			round.waits.push({ worker, ms: time.now - arrived });
		} else round.lost++;
		await wait(5 + random() * 10);
	}

	async function send(worker: (typeof workers)[number], round: RoundResult): Promise<boolean> {
		const { engine } = worker;
		const host = nodes > 1 ? hosts[Math.floor(random() * nodes)] : hosts[0];
		for (let attempt = 1; attempt <= tries; attempt++) {
			engine.refreshPeerCount(host, account);
			const slot = await engine.acquire(key, limits, worker.never);
			if (slot.kind === 'limited') return false;
			if (worker.killed) {
				slot.release();
				return false;
			}
			await wait(latency * random());
			round.requests++;
			const { status, headers } = request();
			await wait(latency * random());
			slot.release({ status, headers });
			if (status === 200) return true;
			round.refused++;
			engine.pauseAccount(key, { ms: 1000, source: 'provider' }, limits);
		}
		return false;
	}

	return {
		time,
		/** Sends webhooks at a constant rate and lets time pass until all are done. */
		async round(webhooksPerSecond: number, seconds: number): Promise<RoundResult> {
			const round: RoundResult = {
				requests: 0,
				refused: 0,
				accepted: 0,
				lost: 0,
				died: 0,
				took: 0,
				waits: [],
				acceptedAt: [],
				marks: 0,
			};
			const started = time.now;
			const before = writes();
			const count = webhooksPerSecond * seconds;
			for (let sent = 0; sent < count; sent++) {
				time.after((sent * 1000) / webhooksPerSecond, () => {
					const arrived = time.now;
					queue.push(async (worker) => await execution(worker, arrived, round));
					takeJobs();
				});
			}
			const isOver = () => round.accepted + round.lost + round.died === count;
			const ending = await time.passUntil(isOver, roundMs);
			if (ending !== 'done') throw new Error(`the round did not end: ${ending}`);
			round.took = Math.max(...round.acceptedAt) - started;
			round.marks = writes() - before;
			return round;
		},
		/** These processes stop taking jobs. */
		stop(...which: number[]): void {
			for (const worker of which) workers[worker].alive = false;
		},
		/** These processes end at once, with their running executions. */
		kill(...which: number[]): void {
			for (const worker of which) Object.assign(workers[worker], { alive: false, killed: true });
		},
		start(...which: number[]): void {
			for (const worker of which) workers[worker].alive = true;
		},
	};
}
