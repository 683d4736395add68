import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from '../host/paths';
import type { Row } from './figures';
import { limited, webhooks } from './measures/limits';
import { memory } from './measures/memory';
import { queue } from './measures/queue';
import { cost, foundByEmail, growth, rehearsed, speed, written } from './measures/speed';
import { start } from './measures/start';
import { summaryOf } from './profile';
import { tableOf, writeReport } from './report';
import { type Scene, setScene } from './scene';

const usage = `npm run bench -- [options]
  --only 2,4    some of the measures; RESULTS.md stays as it is
  --only queue  n8n's queue mode on Postgres and Redis, and nothing else; writes its own table
  --quick       a fast pass: fewer items and rounds; RESULTS.md stays as it is
  --profile     where the CPU was in measure 2; keeps the profiles in .cache/profiles`;

/** In the order in which they disturb one another least; the table is in order of their numbers. */
const measures: Array<[number, (scene: Scene) => Promise<Row[]>]> = [
	[2, async (scene) => await cost(scene, showProfile)],
	[5, growth],
	[1, async (scene) => await speed(scene, written)],
	[6, async (scene) => await speed(scene, rehearsed)],
	[10, async (scene) => await speed(scene, foundByEmail)],
	[3, limited],
	[8, webhooks],
	[4, memory],
	[7, start],
];

const queueMode: (typeof measures)[number] = [9, queue];

async function main(): Promise<void> {
	const { quick, only } = options();
	const inQueueMode = only === 'queue';
	const began = performance.now();
	const minutes = () => (performance.now() - began) / 60_000;
	say(`Packing the package and preparing n8n …`);
	const scene = await setScene(quick, say);
	const stop = () => void scene.close().finally(() => process.exit(130));
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
	const rows: Row[] = [];
	try {
		for (const [number, measure] of inQueueMode ? [queueMode] : measures) {
			if (only && !inQueueMode && !only.includes(number)) continue;
			rows.push(...(await measure(scene)));
			say(`Measure ${number} done, ${minutes().toFixed(1)} minutes so far.`);
		}
	} finally {
		await scene.close();
	}
	rows.sort((one, other) => parseInt(one.measure) - parseInt(other.measure));
	say(tableOf(rows));
	if (!quick && (!only || inQueueMode)) {
		writeReport(rows, minutes(), inQueueMode ? 'queue' : 'figures');
	}
}

function options(): { quick: boolean; only?: number[] | 'queue' } {
	const { values } = parseArgs({
		options: {
			only: { type: 'string' },
			quick: { type: 'boolean', default: false },
			profile: { type: 'boolean', default: false },
		},
	});
	// n8n inherits it, and the meter in it heeds it.
	if (values.profile) process.env.BENCH_PROFILE = '1';
	if (values.only === 'queue') return { quick: values.quick, only: values.only };
	const only = values.only?.split(',').map(Number);
	const unknown = only?.filter((number) => !measures.some(([known]) => known === number));
	if (unknown?.length) throw new RangeError(`There is no measure ${unknown.join(', ')}.\n${usage}`);
	return { quick: values.quick, only };
}

function showProfile(named: string): void {
	const [name, profile] = named.split('\n');
	const folder = path.join(cacheFolder, 'profiles');
	mkdirSync(folder, { recursive: true });
	writeFileSync(path.join(folder, `${name}.cpuprofile`), profile);
	say(`\n${name}\n${summaryOf(profile)}\n`);
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

main().then(
	() => process.exit(0),
	(reason: unknown) => {
		process.stderr.write(`${reason instanceof Error ? reason.stack : String(reason)}\n`);
		process.exit(1);
	},
);
