import { setTimeout as wait } from 'node:timers/promises';
import { type RunCount, countRun } from '../count';
import { alternate, factor, median, type ResultRow, seconds } from '../figures';
import type { BenchSetup } from '../setup';
import type { Limit } from '../../sandbox/server';
import {
	batching,
	cancelNode,
	httpRequestNode,
	savedWorkflow,
	type NodeConfig,
	webhookWorkflow,
} from '../workflows';

interface Run extends RunCount {
	/** Items that the node returned; 0 if the execution failed. */
	out: number;
}

/** 3: a list at an API that accepts 20 requests a second and sends Retry-After. */
export async function rateLimitedList(setup: BenchSetup): Promise<ResultRow[]> {
	const { limitedUrl: baseUrl, quick } = setup;
	const count = quick ? 100 : 200;
	const ideal = (count / 20) * 1000;
	const http = (options = {}, more = {}) => {
		const account = setup.freshAccount();
		return { ...httpRequestNode(account, baseUrl, options), ...more };
	};
	const rounds = quick ? 1 : 5;
	const sides: Array<{ name: string; side: () => NodeConfig }> = [
		{
			name: 'this node as it comes',
			side: () => cancelNode(setup.freshAccount(), { maxPerExecution: 0 }),
		},
		{ name: 'HTTP Request as it comes', side: () => http() },
		{
			name: 'HTTP Request with Retry On Fail (5 tries, 1 s apart)',
			side: () => http({}, { retryOnFail: true, maxTries: 5, waitBetweenTries: 1000 }),
		},
		{
			name: 'HTTP Request with batches set by hand (18 a second)',
			side: () => http(batching(18, 1000)),
		},
	];
	const results: Array<{ name: string; runs: Run[]; median: Run }> = [];
	for (const [index, { name, side }] of sides.entries()) {
		const [runs] = await alternate(rounds, [
			async (round) => await runList(setup, `limited${index}x${round}`, side(), count),
		]);
		results.push({ name, runs, median: medianRun(runs) });
	}
	const [own, ...peers] = results;
	const took = own.median.ms / ideal;
	const isComplete = own.runs.every(
		({ accepted, resent, out }) => accepted === count && resent === 0 && out === count,
	);
	const measure = `3. ${count} cancellations, 20/s with Retry-After`;
	return [
		{
			measure: `${measure}: ${own.name}`,
			bound: `all accepted once, at most 1.15 × ${seconds(ideal)}`,
			result: `${describeRun(own.median)} = ${factor(took)} (${rounds} runs)`,
			met: isComplete && took <= 1.15,
			comparisons: peers.map(({ name, median: peer }) => ({
				measure: `${count} cancellations at an API that accepts 20 a second: ${name}`,
				node: compareRun(own.median),
				httpRequest: compareRun(peer),
			})),
		},
		...peers.map(({ name, median: peer }) => ({
			measure: `${measure}: ${name}`,
			bound: 'as measured',
			result: `${describeRun(peer)} (${rounds} runs)`,
		})),
	];
}

function medianRun(runs: Run[]): Run {
	const fields = Object.keys(runs[0]) as Array<keyof Run>;
	return Object.fromEntries(
		fields.map((field) => [field, median(runs.map((run) => run[field]))]),
	) as unknown as Run;
}

const describeRun = ({ accepted, resent, lost, out, requests, rateLimited, ms }: Run) =>
	`${accepted} accepted, ${resent} of them sent again, ${lost} never accepted, ${out} items out; ${requests} requests, ${rateLimited} refused by a 429, the last accepted after ${seconds(ms)}`;

const compareRun = ({ accepted, resent, lost, ms }: Run) =>
	lost === 0 && resent === 0
		? `all ${accepted} accepted once, in ${seconds(ms)}`
		: `${accepted} accepted (${resent} of them sent again), ${lost} never accepted`;

async function runList(
	setup: BenchSetup,
	name: string,
	side: NodeConfig,
	count: number,
): Promise<Run> {
	const { sandbox } = setup;
	const instance = await setup.instance();
	sandbox.reset();
	sandbox.seed({ bulk: { provider: 'funnelFox', count, prefix: 'b' } });
	const workflow = await instance.activate(savedWorkflow(name, side));
	sandbox.limit('funnelFox', { perSecond: 20, retryAfter: 'seconds' });
	await instance.call(name, { count, prefix: 'b' }).catch(() => {});
	await instance.untilIdle(workflow);
	return { ...countRun(sandbox, count), out: await instance.itemsOut(workflow) };
}

/** Webhooks, one execution each, at an API that accepts ten requests a second. */
interface Traffic {
	count: number;
	/** Milliseconds from one to the next. */
	interval: number;
	title: string;
	limit: Limit;
}

/** 8: one execution per webhook, all for one account. */
export async function webhookTraffic(setup: BenchSetup): Promise<ResultRow[]> {
	const long = setup.quick ? 6 : 30;
	const perSecond = (duration: number, counted: string, limit: Limit): Traffic => ({
		count: duration * 20,
		interval: 50,
		title: `20 executions a second for ${duration} s, one item each, one account, API limited to 10/s ${counted}`,
		limit,
	});
	const atOnce = 10 * long;
	const cases: Traffic[] = [
		perSecond(long, 'as a token bucket', { perSecond: 10, burst: 10 }),
		perSecond(long / 3, 'in fixed windows', { perSecond: 10 }),
		{
			count: atOnce,
			interval: 0,
			title: `${atOnce} at once, one item each, one account, API limited to 10/s as a token bucket`,
			limit: { perSecond: 10, burst: 10 },
		},
	];
	const rows: ResultRow[] = [];
	for (const one of cases) rows.push(await runWebhooks(setup, one));
	return rows;
}

async function runWebhooks(
	setup: BenchSetup,
	{ count, interval, title, limit }: Traffic,
): Promise<ResultRow> {
	const { sandbox } = setup;
	const instance = await setup.instance();
	const name = `traffic${setup.freshAccount()}`;
	sandbox.reset();
	sandbox.seed({ bulk: { provider: 'funnelFox', count, prefix: 'w' } });
	const account = setup.freshAccount();
	const node = cancelNode(account, { requestsPerMinute: 600 }, { id: '={{ $json.body.id }}' });
	const workflow = await instance.activate(webhookWorkflow(name, node));
	sandbox.limit('funnelFox', { ...limit, retryAfter: 'seconds' });
	const began = performance.now();
	const calls: Array<Promise<unknown>> = [];
	for (let sent = 1; sent <= count; sent++) {
		await wait(Math.max(0, began + sent * interval - performance.now()));
		calls.push(instance.call(name, { id: `sub_w_${String(sent).padStart(5, '0')}` }));
	}
	await Promise.all(calls);
	await instance.untilIdle(workflow);
	const { accepted, resent, lost, requests, rateLimited, ms } = countRun(sandbox, count);
	return {
		measure: `8. Webhooks: ${title}`,
		bound: 'under 1 % of requests refused by a 429; all accepted once',
		result: `${accepted} accepted, ${resent} sent again, ${lost} lost; ${rateLimited} of ${requests} requests refused by a 429 (${((100 * rateLimited) / requests).toFixed(1)} %), the last accepted after ${seconds(ms)} (one run)`,
		met: accepted === count && resent === 0 && rateLimited < requests / 100,
	};
}
