import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type QueueMode, startQueueMode } from '../../host/queueMode';
import type { RunningProcess } from '../../host/server';
import type { Limit } from '../../sandbox/server';
import { type RunCount, countRun } from '../count';
import { type ResultRow, seconds, factor } from '../figures';
import { formatTable } from '../report';
import type { BenchSetup } from '../setup';
import { newHome } from '../n8nInstance';
import { cancelNode, credential, webhookWorkflow } from '../workflows';

const perSecond = 10;
const webhooksPerSecond = 20;

/** n8n in queue mode with its workers. */
interface WorkerPool {
	setup: BenchSetup;
	mode: QueueMode;
	workers: RunningProcess[];
}

/** A workflow behind a webhook, and the provider's limit. */
interface Workload {
	/** Path of the webhook. */
	name: string;
	workflow: string;
	limit: Limit;
}

interface RoundResult extends RunCount {
	/** Webhook responses per second while webhooks arrive. */
	answeredPerSecond: number;
	/** Longest time from a webhook to its acceptance, per worker, in ms. */
	longest: number[];
}

/** Limits of the provider, with the maximum share of refused requests: cold and in the next round. */
const providers: Array<{ counted: string; limit: Limit; alone: number; bounds: number[] }> = [
	{
		counted: 'as a token bucket',
		limit: { perSecond, burst: perSecond, retryAfter: 'seconds' },
		alone: 0,
		bounds: [0.1, 0.03],
	},
	{
		counted: 'in fixed windows',
		limit: { perSecond, retryAfter: 'seconds' },
		alone: 0.06,
		bounds: [0.06, 0.06],
	},
];

/** 9: n8n's queue mode, one execution per webhook, all for one account. */
export async function queueMode(setup: BenchSetup): Promise<ResultRow[]> {
	// Four first, because that measure stops three of them.
	const sizes = setup.quick ? [4] : [4, 1, 2];
	const accounts = sizes.map(() => providers.map(() => setup.freshAccount()));
	const mode = await startQueueMode(
		newHome('queue'),
		accounts.flat().map((id) => credential(id, setup.limitedUrl)),
		{ N8N_CONCURRENCY_PRODUCTION_LIMIT: '20' },
	);
	const workers: RunningProcess[] = [];
	const pool: WorkerPool = { setup, mode, workers };
	const rows: ResultRow[] = [];
	try {
		for (const [index, size] of sizes.entries()) {
			while (workers.length < size) workers.push(await mode.hire(`worker${workers.length + 1}`));
			const done = await measurePool(pool, accounts[index]);
			setup.say(formatTable(done));
			rows.push(...done);
		}
		return rows;
	} finally {
		await mode.close();
	}
}

/** All rounds of a pool. A single worker has one round, as it has no peers to detect. */
async function measurePool(pool: WorkerPool, accounts: string[]): Promise<ResultRow[]> {
	const size = pool.workers.length;
	const rows: ResultRow[] = [];
	const open: Workload[] = [];
	for (const [index, { counted, limit, alone, bounds }] of providers.entries()) {
		const workload = await openWorkload(pool, `queue${size}x${index}`, accounts[index], limit);
		open.push(workload);
		for (const [round, bound] of (size === 1 ? [alone] : bounds).entries()) {
			const how = `${counted}${size === 1 ? '' : round === 0 ? ', cold' : ', the next round'}`;
			rows.push(toResultRow(pool, how, bound, await runRound(pool, workload)));
		}
	}
	if (size === 4) rows.push(await measureLastWorker(pool, open[0]));
	return rows;
}

async function openWorkload(
	{ mode }: WorkerPool,
	name: string,
	account: string,
	limit: Limit,
): Promise<Workload> {
	// The reason holds the execution's ID, which identifies the worker of a request.
	const workload = { id: '={{ $json.body.id }}', fields: { reason: '={{ $execution.id }}' } };
	const node = cancelNode(account, { requestsPerMinute: perSecond * 60 }, workload);
	const workflow = await mode.main.createWorkflow(webhookWorkflow(name, node));
	await mode.main.activate(workflow);
	await untilRegistered(mode, name);
	return { name, workflow, limit };
}

const roundSeconds = ({ quick }: BenchSetup) => (quick ? 5 : 20);

async function runRound(pool: WorkerPool, workload: Workload): Promise<RoundResult> {
	const { setup, mode } = pool;
	const count = webhooksPerSecond * roundSeconds(setup);
	prepare(pool, count, workload);
	const { sent, answeredPerSecond } = await deliver(pool, workload, count, webhooksPerSecond);
	await untilIdle(mode, workload.workflow);
	return {
		...countRun(setup.sandbox, count),
		answeredPerSecond,
		longest: longestWaits(pool, sent),
	};
}

function prepare({ setup: { sandbox } }: WorkerPool, count: number, { limit }: Workload): void {
	sandbox.reset();
	sandbox.seed({ bulk: { provider: 'funnelFox', count, prefix: 'q' } });
	sandbox.limit('funnelFox', limit);
}

/** Sends webhooks at a constant rate. @returns the time of each by target, and the responses per second */
async function deliver(
	{ mode }: WorkerPool,
	{ name }: Workload,
	count: number,
	aSecond: number,
): Promise<{ sent: Map<string, number>; answeredPerSecond: number }> {
	const sent = new Map<string, number>();
	const began = performance.now();
	const calls: Array<Promise<void>> = [];
	for (let number = 1; number <= count; number++) {
		await wait(Math.max(0, began + (number * 1000) / aSecond - performance.now()));
		const id = `sub_q_${String(number).padStart(5, '0')}`;
		sent.set(id, Date.now());
		calls.push(call(mode, name, id));
	}
	const refused = (await Promise.allSettled(calls)).find(({ status }) => status === 'rejected');
	if (refused) throw (refused as PromiseRejectedResult).reason;
	return { sent, answeredPerSecond: count / ((performance.now() - began) / 1000) };
}

async function call({ webhooks }: QueueMode, name: string, id: string): Promise<void> {
	const response = await fetch(`${webhooks.url}/webhook/${name}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ id }),
	});
	if (!response.ok) throw new Error(`The webhook answered ${response.status}.`);
}

/** Longest time from a webhook to its acceptance, per worker that executed any. */
function longestWaits(
	{ setup: { sandbox }, workers }: WorkerPool,
	sent: Map<string, number>,
): number[] {
	const journal = sandbox.journal('funnelFox');
	const ofWorker = ({ log }: RunningProcess) => {
		const begun = readFileSync(log, 'utf8').matchAll(/started execution (\d+)/g);
		const mine = new Set([...begun].map(([, id]) => id));
		return journal
			.filter(({ body }) => mine.has((body as { reason: string }).reason))
			.map(({ at, record }) => Date.parse(at) - (sent.get(record) ?? NaN));
	};
	return workers
		.map(ofWorker)
		.filter((waits) => waits.length > 0)
		.map((waits) => Math.max(...waits));
}

/** Stops three of four workers under load and measures when the last one uses the whole limit. */
async function measureLastWorker(pool: WorkerPool, workload: Workload): Promise<ResultRow> {
	const { setup, mode, workers } = pool;
	const [until, aSecond] = [90, 12];
	const count = aSecond * (until + 5);
	prepare(pool, count, workload);
	const stopping = workers.splice(1).map(async (worker) => await worker.stop());
	const stopped = Date.now();
	const [{ answeredPerSecond }] = await Promise.all([
		deliver(pool, workload, count, aSecond),
		...stopping,
	]);
	await untilIdle(mode, workload.workflow);
	const round = { ...countRun(setup.sandbox, count), answeredPerSecond };
	const late = setup.sandbox
		.journal('funnelFox')
		.map(({ at }) => (Date.parse(at) - stopped) / 1000)
		.filter((at) => at > until - 10 && at <= until).length;
	const share = late / 10 / perSecond;
	const { lost, resent } = round;
	return {
		measure: `4 workers, ${providers[0].counted}, three of them stopped; ${aSecond} webhooks a second`,
		bound: `the last one is back at 80 % of the limit within ${until} s`,
		result: {
			...measuredColumns(round, until * 1000),
			'ratio to ideal': `${percent(share)} of the limit from the ${until - 10}th to the ${until}th second`,
			'longest wait of each worker': '–',
		},
		met: share >= 0.8 && lost === 0 && resent === 0,
	};
}

/** Waits until the webhook processor knows a newly activated webhook. */
async function untilRegistered({ webhooks }: QueueMode, name: string): Promise<void> {
	// n8n's response to a wrong method names the registered one.
	const known = async () =>
		(await (await fetch(`${webhooks.url}/webhook/${name}`)).text()).includes('POST');
	while (!(await known())) await wait(250);
}

/** Waits until the workflow has no waiting or running execution. */
async function untilIdle({ main }: QueueMode, workflowId: string): Promise<void> {
	const status = ['new', 'running', 'waiting'];
	const filter = encodeURIComponent(JSON.stringify({ workflowId, status }));
	const left = async () =>
		(await main.rest<{ results: unknown[] }>('GET', `/executions?filter=${filter}&limit=1`))
			.results;
	while ((await left()).length > 0) await wait(500);
}

const percent = (part: number) => `${(100 * part).toFixed(1)} %`;

/** Columns of every round. */
const measuredColumns = (round: RunCount & { answeredPerSecond: number }, ideal: number) => ({
	'webhooks per second': round.answeredPerSecond.toFixed(1),
	refused: `${round.rateLimited} of ${round.requests} (${percent(round.rateLimited / round.requests)})`,
	'accepted once': `${round.accepted - round.resent} of ${round.accepted + round.lost}`,
	'the last after': seconds(round.ms),
	'ratio to ideal': factor(round.ms / ideal),
});

function toResultRow(
	{ setup, workers }: WorkerPool,
	how: string,
	bound: number,
	round: RoundResult,
): ResultRow {
	const { resent, lost, requests, rateLimited, ms, longest } = round;
	const share = rateLimited / requests;
	const ideal = ((roundSeconds(setup) * webhooksPerSecond) / perSecond) * 1000;
	const mean = longest.reduce((sum, one) => sum + one, 0) / longest.length;
	const unfair = Math.max(...longest) / mean;
	return {
		measure: `${workers.length} ${workers.length === 1 ? 'worker' : 'workers'}, ${how}`,
		bound: `at most ${percent(bound)} refused, 1.2 × ideal, no wait of 2 × the mean`,
		result: {
			...measuredColumns(round, ideal),
			'longest wait of each worker': `${longest.map((one) => seconds(one)).join(', ')}; ${factor(unfair)} the mean`,
		},
		met: lost === 0 && resent === 0 && share <= bound && ms <= 1.2 * ideal && unfair < 2,
	};
}
