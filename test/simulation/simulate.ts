import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';

import { BrokenWorld, checkWorld, type SimulatedWorld } from './checkWorld';
import { triggerWorlds } from './triggers/worldArbitrary';
import { worlds } from './worldArbitrary';

/** Worlds between two lines of progress. */
const blockSize = 1000;
const regressions = join(__dirname, 'regressions');

const { values } = parseArgs({
	options: {
		worlds: { type: 'string', default: '2000' },
		seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
		/** `writes` or `triggers`; both where it is left out. */
		kind: { type: 'string' },
		/** Of one world, as a failure prints it. */
		path: { type: 'string' },
		/** How many share the worlds; default: one per core from 20,000 worlds on. */
		processes: { type: 'string' },
		/** Where the world that breaks an invariant is written, as small as it can be made. */
		save: { type: 'string' },
	},
});

/** Worlds that once broke an invariant. @returns whether all of them hold */
async function replayRegressions(): Promise<boolean> {
	const names = readdirSync(regressions).filter((name) => name.endsWith('.json'));
	for (const name of names) {
		const world = JSON.parse(readFileSync(join(regressions, name), 'utf8')) as SimulatedWorld;
		try {
			await checkWorld(world);
		} catch (error) {
			console.log(`The world ${name} breaks an invariant again.`);
			console.log(error instanceof BrokenWorld ? error.story : error);
			return false;
		}
	}
	console.log(`${names.length} worlds of earlier failures hold`);
	return true;
}

function worldsOf(kind: string | undefined): fc.Arbitrary<SimulatedWorld> {
	if (kind === 'writes') return worlds;
	if (kind === 'triggers') return triggerWorlds;
	return fc.oneof({ weight: 4, arbitrary: worlds }, { weight: 1, arbitrary: triggerWorlds });
}

/** Simulates worlds until one breaks an invariant. @returns whether all of them hold */
async function simulate(total: number, firstSeed: number): Promise<boolean> {
	const startedAt = performance.now();
	const { path } = values;
	for (let done = 0, seed = firstSeed; done < total; done += blockSize, seed++) {
		const numRuns = Math.min(blockSize, total - done);
		const result = await fc.check(fc.asyncProperty(worldsOf(values.kind), checkWorld), {
			...{ seed, numRuns, ...(path !== undefined && { path }) },
		});
		if (result.failed) {
			report(result, done + result.numRuns);
			return false;
		}
		const perWorld = (performance.now() - startedAt) / (done + numRuns);
		console.log(
			`${done + numRuns} worlds hold (seed ${firstSeed}, ${perWorld.toFixed(1)} ms each)`,
		);
	}
	return true;
}

function report(result: fc.RunDetails<[SimulatedWorld]>, count: number): void {
	const { seed, counterexample, counterexamplePath, errorInstance } = result;
	console.log(`World ${count} breaks an invariant. Made as small as possible:\n`);
	console.log(errorInstance instanceof BrokenWorld ? errorInstance.story : errorInstance);
	const kind = values.kind === undefined ? '' : ` --kind ${values.kind}`;
	const replay = `--worlds 1 --seed ${seed} --path ${counterexamplePath}${kind}`;
	console.log(`\nReplay it with: npm run simulate -- ${replay}`);
	if (values.save)
		writeFileSync(values.save, `${JSON.stringify(counterexample?.[0], null, '\t')}\n`);
}

/** Each process simulates its part, with seeds of its own. @returns whether all of them hold */
async function simulateInParts(
	total: number,
	firstSeed: number,
	processes: number,
): Promise<boolean> {
	const blocks = Math.ceil(total / blockSize / processes);
	const children = Array.from({ length: processes }, (_, index) => {
		const worlds = Math.min(blocks * blockSize, total - index * blocks * blockSize);
		const part = ['--worlds', `${worlds}`, '--seed', `${firstSeed + index * blocks}`];
		const kind = values.kind === undefined ? [] : ['--kind', values.kind];
		const save = values.save === undefined ? [] : ['--save', values.save];
		return fork(__filename, [...part, ...kind, ...save, '--processes', '1']);
	});
	const codes = children.map(async (child) => {
		const [code] = (await once(child, 'exit')) as [number | null];
		// One broken world is enough to look at.
		if (code !== 0) for (const other of children) other.kill();
		return code;
	});
	return (await Promise.all(codes)).every((code) => code === 0);
}

async function main(): Promise<void> {
	const [total, seed] = [Number(values.worlds), Number(values.seed)];
	const isLong = total >= 20_000 && values.path === undefined;
	const processes = Number(values.processes ?? (isLong ? availableParallelism() : 1));
	// A part's parent has replayed them.
	const isPart = process.send !== undefined;
	const holds =
		(isPart || (await replayRegressions())) &&
		(await (processes > 1 ? simulateInParts(total, seed, processes) : simulate(total, seed)));
	process.exit(holds ? 0 : 1);
}

void main();
