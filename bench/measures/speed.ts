import { alternate, median, ms, ratio, type ResultRow, seconds, factor } from '../figures';
import { bareAccount, type BenchSetup } from '../setup';
import type { Timing } from '../n8nInstance';
import { bareNode, cancelNode, httpRequestNode, timedWorkflow } from '../workflows';

/** Options without a rate limit, so that only the API and the CPU take time. */
export const unlimited = { maxPerExecution: 0, requestsPerMinute: 10_000_000 };

const durations = (readings: Timing[]) => readings.map((reading) => reading.ms);

/** A case of cancelling a list, with the requests that an item needs. */
interface SpeedCase {
	name: string;
	title(count: number): string;
	node: { dryRun?: boolean; byEmail?: boolean };
	reads: number;
	writes: number;
}

export const writeCase: SpeedCase = {
	name: 'speed',
	title: (count) => `1. ${count} items`,
	node: {},
	reads: 0,
	writes: 1,
};
export const dryRunCase: SpeedCase = {
	name: 'dryRun',
	title: (count) => `6. Dry run of ${count} items`,
	node: { dryRun: true },
	reads: 1,
	writes: 0,
};
export const emailCase: SpeedCase = {
	name: 'found',
	title: (count) => `10. ${count} items by e-mail address`,
	node: { byEmail: true },
	reads: 1,
	writes: 1,
};

/** 1, 6 and 10: responses after 50 ms, ten parallel requests. */
export async function speed(setup: BenchSetup, speedCase: SpeedCase): Promise<ResultRow[]> {
	const { api, quick } = setup;
	const instance = await setup.instance();
	const { name, title, node, reads, writes } = speedCase;
	const calls = reads + writes;
	const count = quick ? 200 : 1000;
	const few = count / 4;
	const lanes = (maxConcurrency: number) =>
		cancelNode(bareAccount, { ...unlimited, maxConcurrency }, node);
	await instance.activate(timedWorkflow(`${name}Ten`, lanes(10)));
	await instance.activate(timedWorkflow(`${name}One`, lanes(1)));
	await instance.activate(
		timedWorkflow(`${name}Bare`, bareNode(bareAccount, 10, { read: true, calls })),
	);

	await instance.time(`${name}Ten`, count);
	await instance.time(`${name}Bare`, count);
	const rounds = quick ? 1 : 5;
	api.latency = 50;
	const [ours, bare] = (
		await alternate(
			rounds,
			['Ten', 'Bare'].map((way) => async () => await instance.time(`${name}${way}`, count)),
		)
	).map(durations);
	const [readsBefore, writesBefore] = [api.reads, api.writes];
	const one = (await instance.time(`${name}One`, few)).ms * (count / few);
	const asked = { reads: api.reads - readsBefore, writes: api.writes - writesBefore };
	api.latency = 0;

	const [ten, beside] = [median(ours), ratio(ours, bare)];
	const onceEach = asked.reads === reads * few && asked.writes === writes * few;
	const sent = `; ${asked.reads} reads and ${asked.writes} writes for ${few} items`;
	const each = [reads && 'one read', writes && 'one write'].filter(Boolean).join(' and ');
	return [
		{
			measure: `${title(count)}, answers after 50 ms, 10 parallel requests`,
			bound: `at most 1.05 × a bare node that reads its identifier and calls n8n's helper as often; at least 6 × faster than one at a time; ${each} per item`,
			result: `${seconds(ten)} beside ${seconds(median(bare))} = ${factor(beside)}; one at a time ${seconds(one)} (${few} items, scaled) = ${factor(one / ten)}${sent}`,
			met: beside <= 1.05 && one >= 6 * ten && onceEach,
		},
	];
}

/** 2: cost of an item beside HTTP Request and beside nodes that only call n8n's helper. */
export async function itemCost(setup: BenchSetup): Promise<ResultRow[]> {
	const instance = await setup.instance();
	const count = setup.quick ? 1000 : 3000;
	const sides = {
		costOurs: cancelNode(bareAccount, { ...unlimited, maxConcurrency: 10 }),
		costHttp: httpRequestNode(bareAccount, setup.api.url),
		costBareReads: bareNode(bareAccount, 10, { read: true }),
		costBare: bareNode(bareAccount, 10),
	};
	for (const [name, side] of Object.entries(sides)) {
		await instance.activate(timedWorkflow(name, side));
		await instance.time(name, 1000);
	}
	const rounds = setup.quick ? 3 : 5;
	const read = (name: string) => async () => await instance.time(name, count);
	const results = await alternate(rounds, Object.keys(sides).map(read));
	const [ours, http, reads, only] = results.map((readings) => durations(readings));
	const [oursCpu, httpCpu, readsCpu, onlyCpu] = results.map((readings) =>
		readings.map(({ cpu }) => cpu),
	);
	const each = (taken: number[]) => ms(median(taken) / count);
	const beside = (peer: number[], peerCpu: number[]) =>
		`${each(ours)} beside ${each(peer)} = ${factor(ratio(ours, peer))}; of the CPU ${each(oursCpu)} beside ${each(peerCpu)} = ${factor(ratio(oursCpu, peerCpu))} (medians of ${rounds} runs each)`;
	return [
		{
			measure: `2. Cost per item, answers at once, ${count.toLocaleString('en')} items, 10 parallel requests, beside n8n's HTTP Request`,
			bound: 'at most 0.65 ×',
			result: beside(http, httpCpu),
			met: ratio(ours, http) <= 0.65,
			comparisons: [
				{
					measure: 'Time per item, API answers at once',
					node: each(ours),
					httpRequest: each(http),
				},
				{ measure: 'CPU time per item', node: each(oursCpu), httpRequest: each(httpCpu) },
			],
		},
		{
			measure:
				"2. The same beside a bare node that calls n8n's helper and reads its identifier through n8n, as a node has to",
			bound: 'for comparison',
			result: beside(reads, readsCpu),
		},
		{
			measure: "2. The same beside a bare node that only calls n8n's helper",
			bound: 'for comparison',
			result: beside(only, onlyCpu),
		},
	];
}

/** 5: cost of an item by the number of items. */
export async function growth(setup: BenchSetup): Promise<ResultRow[]> {
	const instance = await setup.instance();
	const counts = setup.quick ? [100, 1000] : [100, 1000, 10_000];
	await instance.activate(
		timedWorkflow('growth', cancelNode(bareAccount, { ...unlimited, maxConcurrency: 10 })),
	);
	await instance.time('growth', 1000);
	// A run of 100 is too short for n8n's timers, so the mean of five runs counts as one.
	const one = (count: number) => async () => {
		const repeats = count === 100 ? 5 : 1;
		let sum = 0;
		for (let repeat = 0; repeat < repeats; repeat++)
			sum += (await instance.time('growth', count)).ms;
		return sum / repeats / count;
	};
	const each = await alternate(setup.quick ? 1 : 5, counts.map(one));
	const grown = ratio(each[each.length - 1], each[0]);
	return [
		{
			measure: `5. Growth: cost per item at ${counts.map((count) => count.toLocaleString('en')).join(', ')} items`,
			bound: 'last : first at most 1.3',
			result: `${each.map((taken) => ms(median(taken))).join(', ')}; last : first ${grown.toFixed(2)}`,
			met: grown <= 1.3,
		},
	];
}
