import { parseArgs } from 'node:util';
import type { ResultRow } from './figures';
import { rateLimitedList, webhookTraffic } from './measures/limits';
import { peakMemory } from './measures/memory';
import { queueMode } from './measures/queue';
import { itemCost, emailCase, growth, dryRunCase, speed, writeCase } from './measures/speed';
import { formatTable, writeReport } from './report';
import { type BenchSetup, createSetup } from './setup';

const usage = `npm run bench -- [options]
  --only 2,4    some of the measures; RESULTS.md stays as it is
  --only queue  n8n's queue mode on Postgres and Redis, and nothing else; writes its own table
  --quick       a fast pass: fewer items and rounds; RESULTS.md stays as it is`;

/** In the order of least mutual disturbance; the table is sorted by number. */
const measures: Array<[number, (setup: BenchSetup) => Promise<ResultRow[]>]> = [
	[2, itemCost],
	[5, growth],
	[1, async (setup) => await speed(setup, writeCase)],
	[6, async (setup) => await speed(setup, dryRunCase)],
	[10, async (setup) => await speed(setup, emailCase)],
	[3, rateLimitedList],
	[8, webhookTraffic],
	[4, peakMemory],
];

const queueMeasure: (typeof measures)[number] = [9, queueMode];

async function main(): Promise<void> {
	const { quick, only } = options();
	const inQueueMode = only === 'queue';
	const began = performance.now();
	const minutes = () => (performance.now() - began) / 60_000;
	say(`Packing the package and preparing n8n …`);
	const setup = await createSetup(quick, say);
	const stop = () => void setup.close().finally(() => process.exit(130));
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
	const rows: ResultRow[] = [];
	try {
		for (const [number, measure] of inQueueMode ? [queueMeasure] : measures) {
			if (only && !inQueueMode && !only.includes(number)) continue;
			rows.push(...(await measure(setup)));
			say(`Measure ${number} done, ${minutes().toFixed(1)} minutes so far.`);
		}
	} finally {
		await setup.close();
	}
	rows.sort((one, other) => parseInt(one.measure) - parseInt(other.measure));
	say(formatTable(rows));
	if (!quick && (!only || inQueueMode)) {
		writeReport(rows, minutes(), inQueueMode ? 'queue' : 'figures');
	}
}

function options(): { quick: boolean; only?: number[] | 'queue' } {
	const { values } = parseArgs({
		options: {
			only: { type: 'string' },
			quick: { type: 'boolean', default: false },
		},
	});
	if (values.only === 'queue') return { quick: values.quick, only: values.only };
	const only = values.only?.split(',').map(Number);
	const unknown = only?.filter((number) => !measures.some(([known]) => known === number));
	if (unknown?.length) throw new RangeError(`There is no measure ${unknown.join(', ')}.\n${usage}`);
	return { quick: values.quick, only };
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
