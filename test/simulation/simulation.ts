import type { Account, Host } from '../../nodes/shared/wire/account';
import type * as Pace from '../../nodes/shared/wire/pace';
import type * as Sharers from '../../nodes/shared/wire/sharers';
import { type ProcessedStore, createProcessedStore } from './processedStore';

/** How the provider counts: tokens that come back steadily, or so many per window of a second. */
export type WindowKind = 'bucket' | 'windows';

export interface SimulationSetting {
	processes: number;
	windowKind: WindowKind;
	/** Requests per second that the provider takes. */
	perSecond?: number;
	/** Those that the nodes are set to; as many, unless it is given. */
	configuredPerSecond?: number;
	/** Executions that a worker runs at once. */
	concurrency?: number;
	/** How many of them take jobs from the beginning; all, unless it is given. */
	initialWorkers?: number;
	/** The provider says with each answer what remains of its limit. */
	sendsRemaining?: boolean;
	/** Makes another run of chance. */
	seed?: number;
}

/** One item's way. */
interface Wait {
	worker: number;
	/** From its arrival in the queue to its acceptance, in ms. */
	ms: number;
}

export interface RoundResult {
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

type Engine = typeof Pace & typeof Sharers;

/** The parts of the engine as one process of n8n has them: with a state of its own. */
async function newProcess(): Promise<Engine> {
	let parts: Array<typeof Pace | typeof Sharers> = [];
	await jest.isolateModulesAsync(async () => {
		parts = [
			await import('../../nodes/shared/wire/pace'),
			await import('../../nodes/shared/wire/sharers'),
		];
	});
	return Object.assign({}, ...(parts as object[])) as Engine;
}

/** The provider: 429 with Retry-After in whole seconds for one too many. */
function newProvider(counting: WindowKind, perSecond: number, says: boolean) {
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
export async function startSimulation(setting: SimulationSetting) {
	const { processes, windowKind, perSecond = 10, concurrency = 20, seed = 1 } = setting;
	const {
		initialWorkers = processes,
		sendsRemaining = false,
		configuredPerSecond = perSecond,
	} = setting;
	const random = randomFrom(seed);
	jest.spyOn(Math, 'random').mockImplementation(random);
	const request = newProvider(windowKind, perSecond, sendsRemaining);
	const limits = { requestsPerMinute: configuredPerSecond * 60, burst: 1, concurrency: 5 };
	const never = new Promise<never>(() => {});
	const memory: ProcessedStore = createProcessedStore(random);
	const host = { helpers: memory.helpers } as unknown as Host;
	const queue: Array<(worker: number) => Promise<void>> = [];
	const workers: Array<{ engine: Engine; busy: number; alive: boolean; killed?: boolean }> = [];
	while (workers.length < processes) {
		workers.push({ engine: await newProcess(), busy: 0, alive: workers.length < initialWorkers });
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
			round.acceptedAt.push(Date.now());
			round.waits.push({ worker, ms: Date.now() - arrived });
		} else round.lost++;
		await wait(5 + random() * 10);
	}

	async function send(worker: (typeof workers)[number], round: RoundResult): Promise<boolean> {
		const { engine } = worker;
		for (let attempt = 1; attempt <= tries; attempt++) {
			engine.noticeSharers(host, account);
			const giveBack = await engine.turn(key, limits, never);
			if (typeof giveBack !== 'function') return false;
			if (worker.killed) {
				giveBack();
				return false;
			}
			await wait(latency * random());
			round.requests++;
			const { status, headers } = request();
			await wait(latency * random());
			giveBack(status, headers);
			if (status === 200) return true;
			round.refused++;
			engine.pauseAccount(key, 1000, limits);
		}
		return false;
	}

	return {
		/** Webhooks come in steadily; the clock goes on until all of them are done. */
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
			const started = Date.now();
			const before = memory.writes();
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
			round.marks = memory.writes() - before;
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
