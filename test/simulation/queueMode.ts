import type { Account, NodeContext } from '../../nodes/shared/http/account';
import type * as RateLimiter from '../../nodes/shared/http/rateLimiter';
import type * as PeerProcesses from '../../nodes/shared/http/peerProcesses';
import { type Memory, newMemory } from './memory';

/** How the provider counts: tokens that come back steadily, or so many per window of a second. */
export type Counting = 'bucket' | 'windows';

export interface Setting {
	processes: number;
	counting: Counting;
	/** Requests per second that the provider takes. */
	perSecond?: number;
	/** Those that the nodes are set to; as many, unless it is given. */
	setTo?: number;
	/** Executions that a worker runs at once. */
	concurrency?: number;
	/** How many of them take jobs from the beginning; all, unless it is given. */
	atWork?: number;
	/** The provider says with each answer what remains of its limit. */
	says?: boolean;
	/** Nodes that use the account; each execution runs one of them. */
	nodes?: number;
	/** Makes another run of chance. */
	seed?: number;
}

/** One item's way. */
interface Wait {
	worker: number;
	/** From its arrival in the queue to its acceptance, in ms. */
	ms: number;
}

export interface Round {
	requests: number;
	refused: number;
	accepted: number;
	/** Given up after as many tries as a node makes. */
	lost: number;
	/** Went with the process that had begun them. */
	died: number;
	/** From the first request to the last accepted one, in ms. */
	took: number;
	waits: Wait[];
	/** When each was accepted, ms of the simulation. */
	acceptedAt: number[];
	/** Writes into the memory of marks. */
	marks: number;
}

const account = { key: 'account' } as Account;
const { key } = account;
const latency = 20;
const tries = 4;
const wait = async (ms: number) => await new Promise<void>((done) => setTimeout(done, ms));

type Engine = typeof RateLimiter & typeof PeerProcesses;

/** The parts of the engine as one process of n8n has them: with a state of its own. */
async function newProcess(): Promise<Engine> {
	let parts: Array<typeof RateLimiter | typeof PeerProcesses> = [];
	await jest.isolateModulesAsync(async () => {
		parts = [
			await import('../../nodes/shared/http/rateLimiter'),
			await import('../../nodes/shared/http/peerProcesses'),
		];
	});
	return Object.assign({}, ...(parts as object[])) as Engine;
}

/** The provider: 429 with Retry-After in whole seconds for one too many. */
function newProvider(counting: Counting, perSecond: number, says: boolean) {
	let tokens = perSecond;
	let since = Date.now();
	function take(): number {
		const passed = Date.now() - since;
		if (counting === 'bucket') {
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

/** A small generator of chance that is the same each time. */
function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

/**
 * n8n's queue mode on jest's fake clock: a queue, workers that are processes of their own with the
 * real pace and marks, and the memory in the database that they leave them in.
 */
export async function queueMode(setting: Setting) {
	const { processes, counting, perSecond = 10, concurrency = 20, seed = 1, nodes = 1 } = setting;
	const { atWork = processes, says = false, setTo = perSecond } = setting;
	const random = randomFrom(seed);
	jest.spyOn(Math, 'random').mockImplementation(random);
	const request = newProvider(counting, perSecond, says);
	const limits = { requestsPerMinute: setTo * 60, burst: 1, concurrency: 5 };
	// n8n keeps one row of its table for each node.
	const memories = Array.from({ length: nodes }, (): Memory => newMemory(random));
	const hosts = memories.map(
		({ helpers }, node) =>
			({ helpers, getNode: () => ({ id: `node ${node}` }) }) as unknown as NodeContext,
	);
	const writes = () => memories.reduce((sum, memory) => sum + memory.writes(), 0);
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
		workers.push({ engine: await newProcess(), busy: 0, alive: workers.length < atWork, never });
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

	async function execution(worker: number, arrived: number, round: Round): Promise<void> {
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
			round.acceptedAt.push(Date.now());
			round.waits.push({ worker, ms: Date.now() - arrived });
		} else round.lost++;
		await wait(5 + random() * 10);
	}

	async function send(worker: (typeof workers)[number], round: Round): Promise<boolean> {
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
		/** Webhooks come in steadily; the clock goes on until all of them are done. */
		async round(webhooksPerSecond: number, seconds: number): Promise<Round> {
			const round: Round = {
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
			const started = Date.now();
			const before = writes();
			const count = webhooksPerSecond * seconds;
			for (let sent = 0; sent < count; sent++) {
				setTimeout(
					() => {
						const arrived = Date.now();
						queue.push(async (worker) => await execution(worker, arrived, round));
						takeJobs();
					},
					(sent * 1000) / webhooksPerSecond,
				);
			}
			while (round.accepted + round.lost + round.died < count)
				await jest.advanceTimersByTimeAsync(1000);
			round.took = Math.max(...round.acceptedAt) - started;
			round.marks = writes() - before;
			return round;
		},
		/** These processes take no jobs any more. */
		stop(...which: number[]): void {
			for (const worker of which) workers[worker].alive = false;
		},
		/** They are gone at once, with what they had begun. */
		kill(...which: number[]): void {
			for (const worker of which) Object.assign(workers[worker], { alive: false, killed: true });
		},
		start(...which: number[]): void {
			for (const worker of which) workers[worker].alive = true;
		},
	};
}
