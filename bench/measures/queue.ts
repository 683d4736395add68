import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type QueueMode, startQueueMode } from '../../host/queueMode';
import type { RunningProcess } from '../../host/server';
import type { Limit } from '../../sandbox/server';
import { type Count, countOf } from '../count';
import { type Row, seconds, times } from '../figures';
import type { Scene } from '../scene';
import { newHome } from '../stage';
import { cancel, credential, traffic } from '../workflows';

const perSecond = 10;
const webhooksPerSecond = 20;

interface Round extends Count {
	/** Webhooks answered per second while they came in. */
	taken: number;
	/** Executions that each worker began. */
	executions: number[];
}

/** What the provider does, and what is asked of four workers then: refused at most, cold and warm. */
const providers: Array<{ counted: string; limit: Limit; cold: number; next: number }> = [
	{
		counted: 'as a token bucket',
		limit: { perSecond, burst: perSecond, retryAfter: 'seconds' },
		cold: 0.1,
		next: 0.03,
	},
	{
		counted: 'in fixed windows',
		limit: { perSecond, retryAfter: 'seconds' },
		cold: 0.06,
		next: 0.06,
	},
];

/** 9: n8n's queue mode, an execution per webhook, all on one account. */
export async function queue(scene: Scene): Promise<Row[]> {
	const rows: Row[] = [];
	for (const size of scene.quick ? [4] : [1, 2, 4]) rows.push(...(await withWorkers(scene, size)));
	return rows;
}

async function withWorkers(scene: Scene, size: number): Promise<Row[]> {
	const accounts = providers.map(() => scene.freshAccount());
	const mode = await startQueueMode(
		newHome(`queue${size}`),
		accounts.map((id) => credential(id, scene.limited)),
		{ N8N_CONCURRENCY_PRODUCTION_LIMIT: '20' },
	);
	try {
		const workers: RunningProcess[] = [];
		while (workers.length < size) workers.push(await mode.hire(`worker${workers.length + 1}`));
		const rows: Row[] = [];
		for (const [index, { counted, limit, cold, next }] of providers.entries()) {
			const name = `queue${size}x${index}`;
			const options = { requestsPerMinute: perSecond * 60 };
			const node = cancel(accounts[index], options, { id: '={{ $json.body.id }}' });
			const workflow = await mode.main.createWorkflow(traffic(name, node));
			await mode.main.activate(workflow);
			await registered(mode, name);
			for (const [which, bound] of [
				['cold', cold],
				['the next round', next],
			] as const) {
				const round = await roundOf(scene, mode, workers, { name, workflow, limit });
				rows.push(rowOf(size, `${counted}, ${which}`, scene.quick ? 5 : 20, bound, round));
			}
		}
		return rows;
	} finally {
		await mode.close();
	}
}

async function roundOf(
	{ sandbox, quick }: Scene,
	mode: QueueMode,
	workers: RunningProcess[],
	{ name, workflow, limit }: { name: string; workflow: string; limit: Limit },
): Promise<Round> {
	const count = webhooksPerSecond * (quick ? 5 : 20);
	sandbox.reset();
	sandbox.seed({ bulk: { provider: 'funnelFox', count, prefix: 'q' } });
	sandbox.limit('funnelFox', limit);
	const begun = (worker: RunningProcess) =>
		readFileSync(worker.log, 'utf8').split('started execution').length - 1;
	const before = workers.map(begun);
	const began = performance.now();
	const calls: Array<Promise<void>> = [];
	for (let sent = 1; sent <= count; sent++) {
		await wait(Math.max(0, began + (sent * 1000) / webhooksPerSecond - performance.now()));
		calls.push(call(mode, name, `sub_q_${String(sent).padStart(5, '0')}`));
	}
	const refused = (await Promise.allSettled(calls)).find(({ status }) => status === 'rejected');
	if (refused) throw (refused as PromiseRejectedResult).reason;
	const taken = count / ((performance.now() - began) / 1000);
	await settled(mode, workflow);
	const executions = workers.map((worker, index) => begun(worker) - before[index]);
	return { ...countOf(sandbox, count), taken, executions };
}

async function call({ webhooks }: QueueMode, name: string, id: string): Promise<void> {
	const response = await fetch(`${webhooks.url}/webhook/${name}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ id }),
	});
	if (!response.ok) throw new Error(`The webhook answered ${response.status}.`);
}

/** A webhook is known to the processor a moment after its workflow was switched on. */
async function registered({ webhooks }: QueueMode, name: string): Promise<void> {
	// To a call by the wrong method n8n answers which one it knows.
	const known = async () =>
		(await (await fetch(`${webhooks.url}/webhook/${name}`)).text()).includes('POST');
	while (!(await known())) await wait(250);
}

/** Waits until no execution of the workflow is waiting or running any more. */
async function settled({ main }: QueueMode, workflowId: string): Promise<void> {
	const status = ['new', 'running', 'waiting'];
	const filter = encodeURIComponent(JSON.stringify({ workflowId, status }));
	const left = async () =>
		(await main.rest<{ results: unknown[] }>('GET', `/executions?filter=${filter}&limit=1`))
			.results;
	while ((await left()).length > 0) await wait(500);
}

function rowOf(size: number, how: string, long: number, bound: number, round: Round): Row {
	const { accepted, again, lost, requests, turnedAway, ms, taken, executions } = round;
	const share = turnedAway / requests;
	const ideal = ((long * webhooksPerSecond) / perSecond) * 1000;
	const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
	const allowed = size === 1 && how.includes('bucket') ? 0 : bound;
	return {
		measure: `9. Queue mode, ${size} ${size === 1 ? 'worker' : 'workers'}: ${webhooksPerSecond} webhooks a second for ${long} s, one account, API limited to ${perSecond}/s ${how}`,
		bound: `all accepted once; at most ${percent(allowed)} of requests turned away; the last within 1.2 × ${seconds(ideal)}`,
		found: `${accepted} accepted, ${again} sent again, ${lost} lost; ${turnedAway} of ${requests} requests turned away (${percent(share)}); the last after ${seconds(ms)} = ${times(ms / ideal)}; ${taken.toFixed(1)} webhooks/s taken; executions per worker ${executions.join(', ')}`,
		met: lost === 0 && again === 0 && share <= allowed && ms <= 1.2 * ideal,
	};
}
