import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type QueueMode, startQueueMode } from '../../host/queueMode';
import type { RunningProcess } from '../../host/server';
import type { Limit } from '../../sandbox/server';
import { type Count, countOf } from '../count';
import { type Row, seconds, times } from '../figures';
import { tableOf } from '../report';
import type { Scene } from '../scene';
import { newHome } from '../stage';
import { cancel, credential, traffic } from '../workflows';

const perSecond = 10;
const webhooksPerSecond = 20;

/** Who takes webhooks, and who carries them out. */
interface Crew {
	scene: Scene;
	mode: QueueMode;
	workers: RunningProcess[];
}

/** A workflow that takes webhooks. */
interface Traffic {
	/** Its path. */
	name: string;
	workflow: string;
	limit: Limit;
}

interface Round extends Count {
	/** Webhooks answered per second while they came in. */
	taken: number;
	/** From a webhook to its acceptance at most, for each worker, in ms. */
	longest: number[];
}

/** What the provider does, and what is asked then: refused at most, cold and warm. */
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

/** 9: n8n's queue mode, an execution per webhook, all on one account. */
export async function queue(scene: Scene): Promise<Row[]> {
	// Of the four only one is left at the end.
	const sizes = scene.quick ? [4] : [4, 1, 2];
	const accounts = sizes.map(() => providers.map(() => scene.freshAccount()));
	const mode = await startQueueMode(
		newHome('queue'),
		accounts.flat().map((id) => credential(id, scene.limited)),
		{ N8N_CONCURRENCY_PRODUCTION_LIMIT: '20' },
	);
	const workers: RunningProcess[] = [];
	const crew: Crew = { scene, mode, workers };
	const rows: Row[] = [];
	try {
		for (const [index, size] of sizes.entries()) {
			while (workers.length < size) workers.push(await mode.hire(`worker${workers.length + 1}`));
			const done = await withAll(crew, accounts[index]);
			scene.say(tableOf(done));
			rows.push(...done);
		}
		return rows;
	} finally {
		await mode.close();
	}
}

/** All rounds of a crew. One worker alone learns nothing from round to round. */
async function withAll(crew: Crew, accounts: string[]): Promise<Row[]> {
	const size = crew.workers.length;
	const rows: Row[] = [];
	const open: Traffic[] = [];
	for (const [index, { counted, limit, alone, bounds }] of providers.entries()) {
		const its = await opened(crew, `queue${size}x${index}`, accounts[index], limit);
		open.push(its);
		for (const [round, bound] of (size === 1 ? [alone] : bounds).entries()) {
			const how = `${counted}${size === 1 ? '' : round === 0 ? ', cold' : ', the next round'}`;
			rows.push(rowOf(crew, how, bound, await roundOf(crew, its)));
		}
	}
	if (size === 4) rows.push(await leftAlone(crew, open[0]));
	return rows;
}

async function opened(
	{ mode }: Crew,
	name: string,
	account: string,
	limit: Limit,
): Promise<Traffic> {
	// The execution's ID goes along as the reason, and tells which worker sent a request.
	const its = { id: '={{ $json.body.id }}', fields: { reason: '={{ $execution.id }}' } };
	const node = cancel(account, { requestsPerMinute: perSecond * 60 }, its);
	const workflow = await mode.main.createWorkflow(traffic(name, node));
	await mode.main.activate(workflow);
	await registered(mode, name);
	return { name, workflow, limit };
}

const lengthOf = ({ quick }: Scene) => (quick ? 5 : 20);

async function roundOf(crew: Crew, its: Traffic): Promise<Round> {
	const { scene, mode } = crew;
	const count = webhooksPerSecond * lengthOf(scene);
	prepare(crew, count, its);
	const { sent, taken } = await deliver(crew, its, count, webhooksPerSecond);
	await settled(mode, its.workflow);
	return { ...countOf(scene.sandbox, count), taken, longest: longestWaits(crew, sent) };
}

function prepare({ scene: { sandbox } }: Crew, count: number, { limit }: Traffic): void {
	sandbox.reset();
	sandbox.seed({ bulk: { provider: 'funnelFox', count, prefix: 'q' } });
	sandbox.limit('funnelFox', limit);
}

/** Webhooks at a steady pace. @returns when each was sent, by target, and how many a second were answered */
async function deliver(
	{ mode }: Crew,
	{ name }: Traffic,
	count: number,
	aSecond: number,
): Promise<{ sent: Map<string, number>; taken: number }> {
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
	return { sent, taken: count / ((performance.now() - began) / 1000) };
}

async function call({ webhooks }: QueueMode, name: string, id: string): Promise<void> {
	const response = await fetch(`${webhooks.url}/webhook/${name}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ id }),
	});
	if (!response.ok) throw new Error(`The webhook answered ${response.status}.`);
}

/** From a webhook to its acceptance at most, for each worker that carried any out. */
function longestWaits({ scene: { sandbox }, workers }: Crew, sent: Map<string, number>): number[] {
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

/** Three of four workers are stopped under load: how soon the last one has the limit to itself. */
async function leftAlone(crew: Crew, its: Traffic): Promise<Row> {
	const { scene, mode, workers } = crew;
	const [until, aSecond] = [90, 12];
	const count = aSecond * (until + 5);
	prepare(crew, count, its);
	const stopping = workers.splice(1).map(async (worker) => await worker.stop());
	const stopped = Date.now();
	const [{ taken }] = await Promise.all([deliver(crew, its, count, aSecond), ...stopping]);
	await settled(mode, its.workflow);
	const round = { ...countOf(scene.sandbox, count), taken };
	const late = scene.sandbox
		.journal('funnelFox')
		.map(({ at }) => (Date.parse(at) - stopped) / 1000)
		.filter((at) => at > until - 10 && at <= until).length;
	const share = late / 10 / perSecond;
	const { lost, again } = round;
	return {
		measure: `4 workers, ${providers[0].counted}, three of them stopped; ${aSecond} webhooks a second`,
		bound: `the last one is back at 80 % of the limit within ${until} s`,
		found: {
			...found(round, until * 1000),
			'ratio to ideal': `${percent(share)} of the limit from the ${until - 10}th to the ${until}th second`,
			'longest wait of each worker': '–',
		},
		met: share >= 0.8 && lost === 0 && again === 0,
	};
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

const percent = (part: number) => `${(100 * part).toFixed(1)} %`;

/** What is told of any round. */
const found = (round: Count & { taken: number }, ideal: number) => ({
	'webhooks per second': round.taken.toFixed(1),
	refused: `${round.turnedAway} of ${round.requests} (${percent(round.turnedAway / round.requests)})`,
	'accepted once': `${round.accepted - round.again} of ${round.accepted + round.lost}`,
	'the last after': seconds(round.ms),
	'ratio to ideal': times(round.ms / ideal),
});

function rowOf({ scene, workers }: Crew, how: string, bound: number, round: Round): Row {
	const { again, lost, requests, turnedAway, ms, longest } = round;
	const share = turnedAway / requests;
	const ideal = ((lengthOf(scene) * webhooksPerSecond) / perSecond) * 1000;
	const mean = longest.reduce((sum, one) => sum + one, 0) / longest.length;
	const unfair = Math.max(...longest) / mean;
	return {
		measure: `${workers.length} ${workers.length === 1 ? 'worker' : 'workers'}, ${how}`,
		bound: `at most ${percent(bound)} refused, 1.2 × ideal, no wait of 2 × the mean`,
		found: {
			...found(round, ideal),
			'longest wait of each worker': `${longest.map((one) => seconds(one)).join(', ')}; ${times(unfair)} the mean`,
		},
		met: lost === 0 && again === 0 && share <= bound && ms <= 1.2 * ideal && unfair < 2,
	};
}
