import type { IDataObject } from 'n8n-workflow';

import { startProcess, type EngineProcess } from './engineProcess';
import type { History, Run } from './history';
import { createHost } from './host';
import { AzotteModel } from './models/azotte';
import { FirstPromoterModel } from './models/firstPromoter';
import { FunnelFoxModel } from './models/funnelFox';
import type { ProviderModel } from './models/providerModel';
import { ReditusModel } from './models/reditus';
import { SmokeballModel } from './models/smokeball';
import { Network } from './network';
import { VirtualTime, type Ending } from './virtualTime';
import { namings, type Execution, type World } from './world';

const models = {
	funnelFox: FunnelFoxModel,
	firstPromoter: FirstPromoterModel,
	azotte: AzotteModel,
	smokeball: SmokeballModel,
	reditus: ReditusModel,
};

interface Chain {
	number: number;
	startedAt: number;
	context: IDataObject;
	executionId: string;
	runIndex: number;
	mode: 'trigger' | 'retry';
}

/** Longer than any world takes. */
const worldMs = 30 * 86_400_000;
/** The longest Retry-After that a provider means. */
const quietMs = 15 * 60_000;

let worldsSoFar = 0;

class Simulation {
	private readonly number = worldsSoFar++;
	private readonly time = new VirtualTime();
	private readonly model: ProviderModel;
	private readonly network: Network;
	private readonly programs: EngineProcess[] = [];
	/** By number of the process: the program that runs there. */
	private readonly current: EngineProcess[] = [];
	private readonly runs: Run[] = [];
	private chains = 0;
	private open = 0;
	/** The simulation itself is at fault. */
	private error?: Error;

	constructor(private readonly world: World) {
		const Model = models[world.provider];
		this.model = new Model(world, this.time);
		this.network = new Network(world, this.model, new Model(world, this.time), this.time);
	}

	async run(): Promise<History> {
		const { world, time, model, network, runs } = this;
		for (const execution of world.executions) {
			const { startMs, again } = execution;
			this.plan(startMs, async () => await this.follow(execution));
			if (again)
				this.plan(startMs + again.afterMs, async () => await this.repeat(execution, again));
		}
		for (const { atMs, customer, kind } of world.changes) {
			time.after(atMs, () => model.change(customer, kind));
		}
		for (const { atMs, process, byMs } of world.clockJumps) {
			time.after(atMs, () => this.programAt(process).setClock(byMs));
		}
		const ending = await time.passUntil(() => this.open === 0, worldMs);
		if (this.error) throw this.error;
		const history: History = {
			...{ world, model, network, runs, ending },
			clocksJumped: world.clockJumps.length > 0,
		};
		// It takes as long as an execution: every second world shows as much in half the time.
		if (ending === 'done') {
			history.afterwards = world.seed % 2 === 0 ? await this.runAfterwards() : 'done';
		}
		return history;
	}

	release(): void {
		for (const program of this.programs) program.release();
	}

	private programAt(process: number): EngineProcess {
		const program = this.current[process];
		if (program?.isAlive()) return program;
		const started = startProcess(this.programs.length, this.time, this.world.seed);
		this.programs.push(started);
		return (this.current[process] = started);
	}

	/** Part of the world, which lasts until it has ended. */
	private plan(ms: number, act: () => Promise<unknown>): void {
		this.open++;
		this.time.after(ms, () => {
			void act()
				.catch((error: Error) => (this.error ??= error))
				.finally(() => this.open--);
		});
	}

	/** The same webhook, in an execution beside the first. */
	private async repeat(execution: Execution, { process }: { process: number }): Promise<void> {
		const { credential } = execution;
		const place = { process, credential, kind: 'redelivery' as const };
		await this.runOnce(execution, this.newChain('trigger'), place);
	}

	/** An execution, and what follows it. */
	private async follow(execution: Execution): Promise<void> {
		let chain = this.newChain('trigger');
		const { process, credential } = execution;
		let run = await this.runOnce(execution, chain, { process, credential, kind: 'first' });
		for (const next of execution.next) {
			const isFailed = run.thrown !== undefined || run.diedAt !== undefined;
			const isStopped = run.stoppedAt !== undefined;
			if (next.kind === 'retryOnFail' && (!run.thrown || isStopped)) continue;
			if (next.kind === 'loop' && (isFailed || isStopped)) continue;
			if (next.kind === 'retryButton' && !isFailed && !isStopped) continue;
			await new Promise<void>((wake) => this.time.after(next.afterMs, wake));
			if (next.kind === 'loop') chain.runIndex++;
			if (next.kind === 'redelivery') chain = this.newChain('trigger');
			if (next.kind === 'retryButton') {
				const context = JSON.parse(JSON.stringify(chain.context)) as IDataObject;
				chain = { ...chain, context, executionId: `${chain.executionId}-retry`, mode: 'retry' };
			}
			const isSame = next.kind === 'retryOnFail' || next.kind === 'loop';
			const place = isSame ? { process, credential: run.credential } : next;
			run = await this.runOnce(execution, chain, { ...place, kind: next.kind });
		}
	}

	private newChain(mode: Chain['mode']): Chain {
		const number = this.chains++;
		const startedAt = this.time.now;
		return { number, startedAt, context: {}, executionId: `${number}`, runIndex: 0, mode };
	}

	private async runOnce(
		execution: Execution,
		chain: Chain,
		{ process, credential, kind }: Pick<Run, 'process' | 'credential' | 'kind'>,
	): Promise<Run> {
		const { time, model, network } = this;
		const program = this.programAt(process);
		const run: Run = {
			...{ number: this.runs.length, execution, process: program.number, kind, credential },
			...{ chain: chain.number, chainStartedAt: chain.startedAt, startedAt: time.now, hints: [] },
		};
		this.runs.push(run);
		const stop = new AbortController();
		const { context, executionId, runIndex, mode } = chain;
		const setting = {
			run: run.number,
			execution,
			credential,
			context,
			executionId,
			runIndex,
			mode,
		};
		const { isAlive } = program;
		const { signal } = stop;
		const own = { signal, hints: run.hints, isAlive, world: this.number };
		const host = createHost(model, network, { ...setting, ...own });
		if (kind === 'first') this.planEnds(run, program, stop);
		return await new Promise((resolve) => {
			const died = setDeath(program, () => {
				if (run.endedAt !== undefined) return;
				run.diedAt = time.now;
				chain.context = JSON.parse(JSON.stringify(context)) as IDataObject;
				resolve(run);
			});
			const end = (result: Pick<Run, 'rows' | 'thrown'>) => {
				if (run.diedAt !== undefined) return;
				Object.assign(run, result, { endedAt: time.now });
				died();
				resolve(run);
			};
			program.execute.call(host, program.provider(this.world.provider)).then(
				([rows]) => end({ rows }),
				(thrown: Run['thrown']) => end({ thrown }),
			);
		});
	}

	/** The Stop button, and the end of the whole process. */
	private planEnds(run: Run, program: EngineProcess, stop: AbortController): void {
		const { stopAfterMs, crashAfterMs } = run.execution;
		if (stopAfterMs !== null) {
			this.time.after(stopAfterMs, () => {
				if (run.endedAt !== undefined || run.diedAt !== undefined) return;
				run.stoppedAt = this.time.now;
				stop.abort();
			});
		}
		if (crashAfterMs !== null) {
			this.time.after(crashAfterMs, () => {
				if (run.endedAt !== undefined || !program.isAlive()) return;
				program.kill();
				for (const die of deaths.get(program) ?? []) die();
			});
		}
	}

	/** When all is over: each process serves another execution on each customer. */
	private async runAfterwards(): Promise<Ending> {
		const { time, world } = this;
		let isQuiet = false;
		time.after(quietMs, () => (isQuiet = true));
		await time.passUntil(() => isQuiet, quietMs);
		this.network.heal();
		const template = world.executions[0];
		const [naming] = namings[world.provider];
		const items = world.customers.map((_, customer) => ({
			customer,
			spelling: 'exact' as const,
			rubbish: null,
		}));
		const options = {
			...template.options,
			...{ dryRun: false, maxPerExecution: 0, expectedStatus: null, cancelAll: true },
		};
		const execution: Execution = {
			...template,
			...{ naming, items, options, onError: 'continueRegularOutput' },
			...{
				stopAfterMs: null,
				crashAfterMs: null,
				again: null,
				next: [],
				isBlind: false,
				operation: 'cancel',
			},
		};
		const processes = this.current.flatMap((program, process) => (program ? [process] : []));
		let left = processes.length;
		for (const process of processes) {
			const place = { process, credential: template.credential, kind: 'afterwards' as const };
			void this.runOnce(execution, this.newChain('trigger'), place).finally(() => left--);
		}
		return await time.passUntil(() => left === 0, quietMs);
	}
}

/** What happens when a program dies. */
const deaths = new WeakMap<EngineProcess, Set<() => void>>();

function setDeath(program: EngineProcess, die: () => void): () => void {
	const all = deaths.get(program) ?? new Set();
	deaths.set(program, all.add(die));
	return () => void all.delete(die);
}

/** Lives a world through. */
export async function runWorld(world: World): Promise<History> {
	if (process.env.TZ !== world.serverZone) process.env.TZ = world.serverZone;
	const simulation = new Simulation(world);
	try {
		return await simulation.run();
	} finally {
		simulation.release();
	}
}
