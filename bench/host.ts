import { spawn } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';

import {
	environment,
	executeWorkflow,
	importCredentials,
	importWorkflows,
	prepareHost,
	type WorkflowFile,
} from '../host/n8n';
import { cacheFolder, hostPlace } from '../host/place';
import { sandboxCredentials } from '../host/sandboxCredentials';
import { startN8n } from '../host/server';
import { packPackage } from '../host/tarball';
import { keys } from '../sandbox/keys';
import { startSandbox, type Sandbox } from '../sandbox/server';
import { inTurn, ms, startApi, type Row } from './sides';

const home = (name: string) => path.join(cacheFolder, 'n8n', `bench-${name}`);

const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: IDataObject,
	more = {},
) => ({
	id: name,
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters,
	...more,
});

function chain(id: string, nodes: Array<{ name: string }>): WorkflowFile {
	const next = (index: number) => ({
		main: [[{ node: nodes[index + 1].name, type: 'main', index: 0 }]],
	});
	return {
		id,
		name: id,
		nodes: nodes as never,
		connections: Object.fromEntries(
			nodes.slice(0, -1).map(({ name }, index) => [name, next(index)]),
		),
		settings: { executionOrder: 'v1' },
		active: false,
	};
}

/** A trigger and `count` items with the ids of a bulk seed. */
const list = (count: number, prefix: string) => [
	node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
	node('List', 'n8n-nodes-base.code', 2, {
		jsCode: `return Array.from({ length: ${count} }, (_, i) => ({ json: { id: 'sub_${prefix}_' + String(i + 1).padStart(5, '0') } }));`,
	}),
];

const ours = (options: IDataObject = {}) =>
	node(
		'Cancel',
		'n8n-nodes-cancellations.funnelFox',
		1,
		{
			resource: 'subscription',
			operation: 'cancel',
			subscriptionId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
			options: { maxPerExecution: 0, ...options },
		},
		{ credentials: { funnelFoxApi: { id: 'rehearsalFunnelFox', name: 'FunnelFox' } } },
	);

/** What people use today: n8n's HTTP Request node with the key in a header. */
const httpRequest = (baseUrl: string, options: IDataObject = {}, more: IDataObject = {}) =>
	node(
		'Cancel',
		'n8n-nodes-base.httpRequest',
		4.2,
		{
			method: 'POST',
			url: `=${baseUrl}/subscriptions/{{ $json.id }}/cancel`,
			sendHeaders: true,
			headerParameters: { parameters: [{ name: 'Fox-Secret', value: keys.funnelFox.secretKey }] },
			options,
		},
		more,
	);

/** Accepted at least once, accepted or sent again after that, and seconds from the first to the last. */
function tally(sandbox: Sandbox, count: number) {
	const writes = sandbox.requests('funnelFox').filter(({ effect }) => effect === 'write');
	const accepted = new Set(sandbox.journal('funnelFox').map(({ record }) => record));
	const again = writes.filter(({ status }) => status === 400).length;
	const turnedAway = writes.filter(({ status }) => status === 429).length;
	const times = writes.map(({ at }) => Date.parse(at));
	const seconds = (times[times.length - 1] - times[0]) / 1000;
	return {
		accepted: accepted.size,
		again,
		turnedAway,
		requests: writes.length,
		seconds,
		lost: count - accepted.size,
	};
}

async function limited(rows: Row[], userFolder: string, sandbox: Sandbox): Promise<void> {
	const count = 200;
	const baseUrl = `${sandbox.url}/funnelfox/public/v1`;
	const sides: Array<[string, ReturnType<typeof node>]> = [
		['this node, no tuning', ours()],
		['HTTP Request, plain', httpRequest(baseUrl)],
		[
			'HTTP Request, Retry On Fail (5 tries, 1 s)',
			httpRequest(baseUrl, {}, { retryOnFail: true, maxTries: 5, waitBetweenTries: 1000 }),
		],
		[
			'HTTP Request, batches of 20 a second',
			httpRequest(baseUrl, { batching: { batch: { batchSize: 20, batchInterval: 1000 } } }),
		],
	];
	for (const [name, side] of sides) {
		sandbox.reset();
		sandbox.seed({ bulk: { provider: 'funnelFox', count, prefix: 'b' } });
		sandbox.limit('funnelFox', { perSecond: 20, retryAfter: 'seconds' });
		const workflow = chain('limited', [...list(count, 'b'), side]);
		await importWorkflows(userFolder, [workflow]);
		const { status, runData } = await executeWorkflow(userFolder, workflow.id);
		const { accepted, again, lost, requests, seconds } = tally(sandbox, count);
		const out = runData.Cancel?.at(-1)?.data?.main[0]?.length ?? 0;
		const mine = side.type.includes('cancellations');
		rows.push({
			measure: `3. 200 against 20/s with Retry-After: ${name}`,
			bound: mine ? 'all accepted once, at most 1.15 × 10 s' : 'as measured',
			found: `${accepted} accepted, ${again} of them sent again, ${lost} never; ${requests} requests, ${out} items out (${status}), ${seconds.toFixed(1)} s`,
			met: !mine || (accepted === count && again === 0 && out === count && seconds <= 11.5),
		});
	}
}

/** Runs a workflow from the command line. @returns peak resident memory of n8n's process in MiB */
async function peak(userFolder: string, id: string): Promise<number> {
	const { node: program, program: n8n } = hostPlace();
	const child = spawn(program, [n8n, 'execute', `--id=${id}`], {
		cwd: userFolder,
		env: await environment(userFolder),
		stdio: 'ignore',
	});
	let most = 0;
	const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
	let running = true;
	void ended.then(() => (running = false));
	while (running) {
		try {
			const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
			most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
		} catch {
			running = false;
		}
		await wait(25);
	}
	if ((await ended) !== 0) throw new Error(`n8n execute of ${id} ended with another code than 0`);
	return most / 1024;
}

async function memory(rows: Row[], userFolder: string, quick: boolean): Promise<void> {
	const count = quick ? 2000 : 10_000;
	const api = await startApi(0);
	try {
		const credentials = sandboxCredentials('http://127.0.0.1').map((one) => ({
			...one,
			data: { ...one.data, baseUrl: api.url },
		}));
		await importCredentials(userFolder, credentials);
		const batching = { batch: { batchSize: 50, batchInterval: 0 } };
		await importWorkflows(userFolder, [
			chain('memoryOurs', [
				...list(count, 'm'),
				ours({ requestsPerMinute: 10_000_000, maxConcurrency: 50 }),
			]),
			chain('memoryHttp', [...list(count, 'm'), httpRequest(api.url, { batching })]),
		]);
		const [mine, peer] = await inTurn(
			quick ? 1 : 5,
			async () => await peak(userFolder, 'memoryOurs'),
			async () => await peak(userFolder, 'memoryHttp'),
		);
		rows.push({
			measure: `4. peak memory of n8n, ${count} items, beside HTTP Request in batches of 50`,
			bound: 'at most 1.10 ×',
			found: `${Math.round(mine)} MiB beside ${Math.round(peer)} MiB = ${(mine / peer).toFixed(2)} ×`,
			met: mine <= 1.1 * peer,
		});
	} finally {
		api.close();
	}
}

async function start(rows: Row[], tarball: string, quick: boolean): Promise<void> {
	const [withIt, without] = [home('with'), home('without')];
	await prepareHost({ userFolder: withIt, tarball, fresh: true });
	await prepareHost({ userFolder: without, tarball, fresh: true });
	rmSync(path.join(without, '.n8n', 'nodes'), { recursive: true, force: true });
	const until = async (userFolder: string) => {
		const began = performance.now();
		const n8n = await startN8n({ userFolder });
		const took = performance.now() - began;
		await n8n.stop();
		return took;
	};
	// The first start of a home makes its database.
	await inTurn(
		1,
		async () => await until(withIt),
		async () => await until(without),
	);
	const [mine, bare] = await inTurn(
		quick ? 1 : 7,
		async () => await until(withIt),
		async () => await until(without),
	);
	const size = statSync(tarball).size;
	rows.push({
		measure: "7. n8n's start with the package, and the tarball's size",
		bound: 'at most 50 ms more than without; at most 200 kB',
		found: `${ms(mine)} beside ${ms(bare)}: ${Math.round(mine - bare)} ms more; ${Math.round(size / 1000)} kB`,
		met: mine - bare <= 50 && size <= 200_000,
	});
}

async function traffic(
	rows: Row[],
	userFolder: string,
	sandbox: Sandbox,
	quick: boolean,
): Promise<void> {
	const seconds = quick ? 5 : 30;
	const count = seconds * 20;
	sandbox.reset();
	sandbox.seed({ bulk: { provider: 'funnelFox', count, prefix: 'w' } });
	sandbox.limit('funnelFox', { perSecond: 10, burst: 10, retryAfter: 'seconds' });
	const n8n = await startN8n({ userFolder });
	try {
		const webhook = node(
			'Hook',
			'n8n-nodes-base.webhook',
			2,
			{ httpMethod: 'POST', path: 'bench', options: {} },
			{ webhookId: 'bench' },
		);
		const cancel = ours({ requestsPerMinute: 600 });
		cancel.parameters.subscriptionId = { __rl: true, mode: 'id', value: '={{ $json.body.id }}' };
		const id = await n8n.createWorkflow(chain('traffic', [webhook, cancel]));
		await n8n.activate(id);
		for (let sent = 0; sent < count; sent++) {
			const body = JSON.stringify({ id: `sub_w_${String(sent + 1).padStart(5, '0')}` });
			void fetch(`${n8n.url}/webhook/bench`, {
				method: 'POST',
				headers: { 'Content-Type': 'application/json' },
				body,
			}).catch(() => {});
			await wait(50);
		}
		const deadline = Date.now() + seconds * 2000 + 30_000;
		while (tally(sandbox, count).accepted < count && Date.now() < deadline) await wait(500);
		const { accepted, again, turnedAway, requests, seconds: took } = tally(sandbox, count);
		rows.push({
			measure: `8. webhooks: 20 executions a second for ${seconds} s, one account limited to 10/s`,
			bound: 'under 1 % answered by 429, all accepted once',
			found: `${accepted} of ${count} accepted, ${again} sent again, ${turnedAway} of ${requests} requests turned away (${((100 * turnedAway) / requests).toFixed(1)} %), ${took.toFixed(0)} s`,
			met: accepted === count && again === 0 && turnedAway < requests / 100,
		});
	} finally {
		await n8n.stop();
	}
}

/** Measures in a real n8n: against a limited API, memory, start, webhook traffic. */
export async function hostMeasures(
	wanted: (measure: number) => boolean,
	quick: boolean,
): Promise<Row[]> {
	if (![3, 4, 7, 8].some(wanted)) return [];
	const rows: Row[] = [];
	const tarball = await packPackage();
	const userFolder = home('runs');
	const sandbox = await startSandbox();
	try {
		await prepareHost({ userFolder, tarball, fresh: true });
		await importCredentials(userFolder, sandboxCredentials(sandbox.url));
		if (wanted(3)) await limited(rows, userFolder, sandbox);
		if (wanted(8)) await traffic(rows, userFolder, sandbox, quick);
		if (wanted(4)) await memory(rows, userFolder, quick);
		if (wanted(7)) await start(rows, tarball, quick);
	} finally {
		await sandbox.close();
		for (const name of ['runs', 'with', 'without'])
			rmSync(home(name), { recursive: true, force: true });
	}
	return rows;
}
