import { setTimeout as wait } from 'node:timers/promises';
import { type Count, countOf } from '../count';
import { inTurn, median, type Row, seconds } from '../figures';
import type { Scene } from '../scene';
import type { Limit } from '../../sandbox/server';
import { batches, cancel, httpRequest, plain, type Side, traffic } from '../workflows';

interface Run extends Count {
	/** Items that the node gave out; 0 where the execution failed. */
	out: number;
}

/** 3: the same list against an API that takes 20 requests a second and says when to come back. */
export async function limited(scene: Scene): Promise<Row[]> {
	const { limited: baseUrl, quick } = scene;
	const count = quick ? 100 : 200;
	const ideal = (count / 20) * 1000;
	const http = (options = {}, more = {}) => {
		const account = scene.freshAccount();
		return { ...httpRequest(account, baseUrl, options), ...more };
	};
	const rounds = quick ? 1 : 5;
	const sides: Array<{ name: string; side: () => Side }> = [
		{
			name: 'this node, no tuning',
			side: () => cancel(scene.freshAccount(), { maxPerExecution: 0 }),
		},
		{ name: 'HTTP Request, plain', side: () => http() },
		{
			name: 'HTTP Request, Retry On Fail (5 tries, 1 s apart)',
			side: () => http({}, { retryOnFail: true, maxTries: 5, waitBetweenTries: 1000 }),
		},
		{
			name: 'HTTP Request, batches tuned by hand (18 a second)',
			side: () => http(batches(18, 1000)),
		},
	];
	const rows: Row[] = [];
	for (const [index, { name, side }] of sides.entries()) {
		const [runs] = await inTurn(rounds, [
			async (round) => await listRun(scene, `limited${index}x${round}`, side(), count),
		]);
		const mine = index === 0;
		const middle = (of: (run: Run) => number) => median(runs.map(of));
		const took = middle(({ ms }) => ms);
		const clean = runs.every(
			({ accepted, again, out }) => accepted === count && again === 0 && out === count,
		);
		rows.push({
			measure: `3. ${count} cancellations, 20/s with Retry-After: ${name}`,
			bound: mine ? `all accepted once, at most 1.15 × ${seconds(ideal)}` : 'as measured',
			found: `${middle(({ accepted }) => accepted)} accepted, ${middle(({ again }) => again)} of them sent again, ${middle(({ lost }) => lost)} never accepted, ${middle(({ out }) => out)} items out; ${middle(({ requests }) => requests)} requests, ${middle(({ turnedAway }) => turnedAway)} turned away, the last accepted after ${seconds(took)}${mine ? ` = ${(took / ideal).toFixed(2)} ×` : ''} (${runs.length} runs)`,
			met: mine ? clean && took <= 1.15 * ideal : undefined,
		});
	}
	return rows;
}

async function listRun(scene: Scene, name: string, side: Side, count: number): Promise<Run> {
	const { sandbox } = scene;
	const stage = await scene.stage();
	sandbox.reset();
	sandbox.seed({ bulk: { provider: 'funnelFox', count, prefix: 'b' } });
	const workflow = await stage.open(plain(name, side));
	sandbox.limit('funnelFox', { perSecond: 20, retryAfter: 'seconds' });
	await stage.call(name, { count, prefix: 'b' }).catch(() => {});
	await stage.settled(workflow);
	return { ...countOf(sandbox, count), out: await stage.itemsOut(workflow) };
}

/** 8: an execution per webhook, all on one account. */
export async function webhooks(scene: Scene): Promise<Row[]> {
	const long = scene.quick ? 5 : 30;
	return [
		await webhookRun(scene, long, 'as a token bucket', { perSecond: 10, burst: 10 }),
		await webhookRun(scene, long / 3, 'in fixed windows', { perSecond: 10 }),
	];
}

async function webhookRun(
	scene: Scene,
	duration: number,
	counted: string,
	limit: Limit,
): Promise<Row> {
	const { sandbox } = scene;
	const stage = await scene.stage();
	const count = Math.round(duration) * 20;
	const name = `traffic${scene.freshAccount()}`;
	sandbox.reset();
	sandbox.seed({ bulk: { provider: 'funnelFox', count, prefix: 'w' } });
	const account = scene.freshAccount();
	const node = cancel(account, { requestsPerMinute: 600 }, { id: '={{ $json.body.id }}' });
	const workflow = await stage.open(traffic(name, node));
	sandbox.limit('funnelFox', { ...limit, retryAfter: 'seconds' });
	const began = performance.now();
	const calls: Array<Promise<unknown>> = [];
	for (let sent = 1; sent <= count; sent++) {
		await wait(Math.max(0, began + sent * 50 - performance.now()));
		calls.push(stage.call(name, { id: `sub_w_${String(sent).padStart(5, '0')}` }));
	}
	await Promise.all(calls);
	await stage.settled(workflow);
	const { accepted, again, lost, requests, turnedAway, ms } = countOf(sandbox, count);
	return {
		measure: `8. Webhooks: 20 executions a second for ${Math.round(duration)} s, one item each, one account, API limited to 10/s ${counted}`,
		bound: 'under 1 % of requests turned away; all accepted once',
		found: `${accepted} accepted, ${again} sent again, ${lost} lost; ${turnedAway} of ${requests} requests turned away (${((100 * turnedAway) / requests).toFixed(1)} %), the last accepted after ${seconds(ms)} (one run)`,
		met: accepted === count && again === 0 && turnedAway < requests / 100,
	};
}
