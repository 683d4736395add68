import { cpSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Execution, itemsOf, type WorkflowFile } from '../../host/n8n';
import { cacheFolder, repository } from '../../host/paths';
import { type QueueMode, startQueueMode } from '../../host/queueMode';
import { sandboxCredentials } from '../../host/sandboxCredentials';
import type { RunningProcess } from '../../host/server';
import { type Sandbox, startSandbox } from '../../sandbox/server';
import {
	acceptedPerTarget,
	type ResponseMode,
	bulkIds,
	cancelWorkflow,
	funnelFoxCancelNode,
	webhookWorkflow,
	nodeNames,
	oncePerId,
	cancelOnWebhook,
	sentPerTarget,
	failingWorkflow,
	successes,
} from './n8nInstance';
import { templateFolder } from './places';
import { called, calling, type CallMode, createBoth } from './subWorkflow';
import { mapNodes } from './workflowCopies';
import { cancelAda, rendezvousNode, concurrentCases } from './concurrentCases';

const home = path.join(cacheFolder, 'n8n', 'e2e-queue');
const pickUpFile = path.join(repository, 'workflows/pick-up-failed.json');
let sandbox: Sandbox;
let mode: QueueMode;

beforeAll(async () => {
	rmSync(home, { recursive: true, force: true });
	cpSync(templateFolder, home, { recursive: true, verbatimSymlinks: true });
	sandbox = await startSandbox();
	mode = await startQueueMode(home, sandboxCredentials(sandbox.url), {
		// As docs/install.md advises, because n8n loses the input of a dead worker's execution.
		QUEUE_WORKER_STALLED_INTERVAL: '604800000',
	});
}, 600_000);
beforeEach(() => sandbox.reset());
afterAll(async () => {
	await mode?.close();
	await sandbox?.close();
});

const log = ({ log: file }: RunningProcess) => readFileSync(file, 'utf8');

describe('when another worker retries what one has begun', () => {
	/** A failed execution of the first worker, its targets, and what had been accepted by then. */
	interface Begun {
		ids: string[];
		executionId: string;
		failed: Execution;
		accepted: Record<string, number>;
	}
	let direct: Begun;
	const inSubWorkflow: Partial<Record<CallMode, Begun>> = {};
	const retried = new Map<string, Execution>();

	const countsOf = (ids: string[], counts: Record<string, number>) =>
		Object.fromEntries(Object.entries(counts).filter(([id]) => ids.includes(id)));

	async function begin(workflowId: string, ids: string[]): Promise<Begun> {
		const executionId = await mode.main.run(workflowId, nodeNames.trigger);
		const failed = await mode.main.finished(executionId);
		return {
			ids,
			executionId,
			failed,
			accepted: countsOf(ids, acceptedPerTarget(sandbox)),
		};
	}

	async function beginDirect(): Promise<Begun> {
		const { ids, workflow } = failingWorkflow(sandbox, 'queue');
		return await begin(await mode.main.createWorkflow(workflow), ids);
	}

	async function beginInSubWorkflow(calls: CallMode): Promise<Begun> {
		sandbox.seed({ bulk: { provider: 'funnelfox', count: 6, prefix: calls } });
		const ids = bulkIds(calls, 6);
		sandbox.fault({ provider: 'funnelfox', kind: 'badGateway', target: ids[3], times: 1 });
		const cancel = funnelFoxCancelNode('={{ $json.id }}', {
			onError: 'stopWorkflow',
			options: { maxAttempts: 1, maxConcurrency: 1, timeout: 1000 },
		});
		const items = ids.map((id) => ({ id }));
		const parent = await createBoth(mode.main, called(cancel), (child) =>
			calling(child, items, calls),
		);
		return await begin(parent, ids);
	}

	let counts: { accepted: Record<string, number>; sent: Record<string, number> };
	beforeAll(async () => {
		const first = await mode.hire('first-worker');
		[direct, inSubWorkflow.once, inSubWorkflow.each] = await Promise.all([
			beginDirect(),
			beginInSubWorkflow('once'),
			beginInSubWorkflow('each'),
		]);
		expect(log(first)).toContain(`execution ${direct.executionId}`);
		await first.stop();
		sandbox.clearFaults();
		const second = await mode.hire('second-worker');
		for (const { executionId } of [direct, inSubWorkflow.once, inSubWorkflow.each]) {
			retried.set(executionId, await mode.main.retry(executionId));
		}
		expect(log(second)).toMatch(/started execution/);
		counts = { accepted: acceptedPerTarget(sandbox), sent: sentPerTarget(sandbox) };
	}, 600_000);
	afterAll(async () => await mode.dismiss());

	it('nothing is repeated', () => {
		const { ids, failed, accepted, executionId } = direct;
		expect(failed.message).toContain(ids[11]);
		expect(Object.keys(accepted).length).toBeGreaterThanOrEqual(11);
		const execution = retried.get(executionId)!;
		expect(execution.status).toBe('success');
		expect(successes(execution).map((item) => item.target)).toEqual(ids);
		expect(countsOf(ids, counts.accepted)).toEqual(oncePerId(ids));
		expect(countsOf(ids, counts.sent)).toMatchObject(accepted);
	});

	it.each<CallMode>(['once', 'each'])(
		'nothing is repeated that a sub-workflow did, called "%s"',
		(calls) => {
			const begun = inSubWorkflow[calls]!;
			expect(begun.failed.status).toBe('error');
			expect(retried.get(begun.executionId)!.message).toBeUndefined();
			expect(countsOf(begun.ids, counts.accepted)).toEqual(oncePerId(begun.ids));
			expect(countsOf(begun.ids, counts.sent)).toEqual({
				...oncePerId(begun.ids),
				[begun.ids[3]]: 2,
			});
		},
	);
});

describe('two workers with one execution at a time', () => {
	let workers: RunningProcess[];
	/** How many executions each has started. */
	const begun = () => workers.map((worker) => log(worker).split('started execution').length - 1);
	beforeAll(async () => {
		const one = { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' };
		workers = [await mode.hire('this-worker', one), await mode.hire('that-worker', one)];
	});
	afterAll(async () => await mode.dismiss());

	it('that cancel the same target in the same second end it once at each provider, and FirstPromoter is told twice', async () => {
		const before = begun();
		const found: Record<string, unknown> = {};
		for (const [index, [title, its]] of Object.entries(concurrentCases).entries()) {
			sandbox.reset();
			// Slow enough for both to read Ada's record before either cancels.
			sandbox.latency('*', 1000);
			const path = `twice${index}`;
			const executions = await deliveredTwice(path, await opened(path, its));
			const outcomes = executions.flatMap(successes).map(({ outcome }) => outcome);
			const accepted = sandbox.journal(its.provider).length;
			found[title] = { outcomes: outcomes.sort(), accepted };
		}
		const expected = Object.entries(concurrentCases).map(([title, { outcomes, accepted }]) => [
			title,
			{ outcomes, accepted },
		]);
		expect(found).toEqual(Object.fromEntries(expected));
		const each = Object.keys(concurrentCases).length;
		expect(begun()).toEqual(before.map((count) => count + each));
	});

	/** Holds the first request until the second one arrives. */
	const waiting: ServerResponse[] = [];
	const door = createServer((_, response) => {
		waiting.push(response);
		if (waiting.length === 2) for (const one of waiting.splice(0)) one.end('{}');
	});
	beforeAll(async () => await new Promise<void>((done) => door.listen(0, '127.0.0.1', done)));
	afterAll(() => door.close());
	const doorAddress = () => `http://127.0.0.1:${(door.address() as AddressInfo).port}`;

	const address = (path: string) => `${mode.webhooks.url}/webhook/${path}`;

	async function opened(path: string, its: (typeof concurrentCases)[string]): Promise<string> {
		const id = await mode.main.createWorkflow(
			webhookWorkflow(path, [rendezvousNode(doorAddress()), cancelAda(its)]),
		);
		await mode.main.activate(id);
		// n8n's response to a wrong method names the registered one.
		while (!(await (await fetch(address(path))).text()).includes('POST')) await wait(100);
		return id;
	}

	async function deliveredTwice(path: string, id: string): Promise<Execution[]> {
		await Promise.all([1, 2].map(async () => await fetch(address(path), { method: 'POST' })));
		const both = await mode.main.executions(id);
		return await Promise.all(both.map(async (each) => await mode.main.finished(each.id)));
	}

	it('that share an account that is limited lose nothing', async () => {
		const { main } = mode;
		const before = begun();
		sandbox.seed({ bulk: { provider: 'funnelfox', count: 120, prefix: 'share' } });
		sandbox.limit('funnelFox', { perSecond: 20, retryAfter: 'seconds' });
		const ids = bulkIds('share', 120);
		const halves = [ids.slice(0, 60), ids.slice(60)];
		const executions = await Promise.all(
			halves.map(async (half) => {
				const id = await main.createWorkflow(cancelWorkflow(half));
				return await main.finished(await main.run(id, nodeNames.trigger));
			}),
		);
		expect(begun()).toEqual(before.map((count) => count + 1));
		expect(executions.map((execution) => successes(execution).length)).toEqual([60, 60]);
		expect(acceptedPerTarget(sandbox)).toEqual(oncePerId(ids));
	});
});

describe('what dies in the middle of webhooks', () => {
	const deadAfterMs = 15_000;
	const settingsOf = (workflow: WorkflowFile) =>
		workflow.nodes.find(({ name }) => name === 'Settings')!.parameters as {
			assignments: { assignments: Array<{ name: string; value: unknown }> };
		};

	/** A workflow behind a webhook, and the one that resumes its executions. */
	interface Pair {
		path: string;
		workflowId: string;
		pickUpId: string;
	}
	let atOnce: Pair;
	let whenDone: Pair;
	/** An API key of this n8n. */
	let apiCredential: { id: string };

	beforeAll(async () => {
		const { main } = mode;
		const { rawApiKey } = await main.rest<{ rawApiKey: string }>('POST', '/api-keys', {
			label: 'Pick-up',
			expiresAt: null,
			scopes: ['execution:list', 'execution:read', 'execution:stop', 'execution:retry'],
		});
		const data = { apiKey: rawApiKey, baseUrl: `${main.url}/api/v1` };
		const credential = { name: 'n8n API', type: 'n8nApi', data };
		apiCredential = await main.rest<{ id: string }>('POST', '/credentials', credential);
		atOnce = await published('lost-customer', 'onReceived');
		whenDone = await published('told-customer', 'lastNode');
	});

	async function published(path: string, answers: ResponseMode): Promise<Pair> {
		const { main } = mode;
		const workflowId = await main.createWorkflow(cancelOnWebhook(path, answers));
		await main.activate(workflowId);
		const file = mapNodes(JSON.parse(readFileSync(pickUpFile, 'utf8')) as WorkflowFile, (one) =>
			one.credentials ? { credentials: { n8nApi: { ...apiCredential, name: 'n8n API' } } } : {},
		);
		const mine: Record<string, unknown> = {
			n8n: `${main.url}/api/v1`,
			workflowId,
			deadAfterMinutes: deadAfterMs / 60_000,
		};
		for (const one of settingsOf(file).assignments.assignments) {
			one.value = mine[one.name] ?? one.value;
		}
		const pickUpId = await main.createWorkflow(file);
		const known = async () => await (await fetch(addressOf(path))).text();
		while (!(await known()).includes('POST')) await wait(200);
		return { path, workflowId, pickUpId };
	}

	const addressOf = (path: string) => `${mode.webhooks.url}/webhook/${path}`;

	/**
	 * Delivers an event as a provider does: with retries, later and later, until a 2xx response. A bound below a
	 * minute would repeat all events faster than two workers on a busy machine take them.
	 */
	async function deliver({ path }: Pair, id: string): Promise<void> {
		for (let pause = 500; ; pause = Math.min(2 * pause, 60_000)) {
			const taken = await fetch(addressOf(path), {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ id }),
				signal: AbortSignal.timeout(20_000),
			}).then(
				({ ok }) => ok,
				() => false,
			);
			if (taken) return;
			await wait(pause);
		}
	}

	/** Unfinished executions of the workflow. */
	async function open({
		workflowId,
	}: Pair): Promise<Array<{ id: string; startedAt: string | null }>> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId, status: ['new', 'running'] }));
		const answer = await mode.main.rest<{ results: Array<{ id: string; startedAt: string }> }>(
			'GET',
			`/executions?filter=${filter}&limit=100`,
		);
		return answer.results;
	}

	/** Waits until all executions have ended, or no write has been accepted for the duration of a run. */
	async function quiet(pair: Pair): Promise<void> {
		let [accepted, since] = [-1, 0];
		while ((await open(pair)).length > 0) {
			const { length } = sandbox.journal();
			if (length !== accepted) [accepted, since] = [length, Date.now()];
			if (Date.now() - since > deadAfterMs) return;
			await wait(500);
		}
	}

	async function pickUp({ pickUpId }: Pair): Promise<Execution> {
		const { main } = mode;
		const execution = await main.finished(await main.run(pickUpId, 'Run it now'));
		expect(execution.message).toBeUndefined();
		return execution;
	}

	/** Delivers events for these IDs, a third of them twice, and calls `harm` in the middle. */
	async function underHarm(pair: Pair, ids: string[], harm: () => Promise<void>): Promise<void> {
		sandbox.limit('funnelFox', { perSecond: 20, burst: 20, retryAfter: 'seconds' });
		sandbox.latency('funnelFox', 200);
		const events = ids.flatMap((id, index) => (index % 3 === 0 ? [id, id] : [id]));
		const deliveries: Array<Promise<void>> = [];
		let harmed: Promise<void> | undefined;
		for (const [index, id] of events.entries()) {
			if (index === Math.floor(events.length / 2)) harmed = harm();
			deliveries.push(deliver(pair, id));
			await wait(50);
		}
		await Promise.all([...deliveries, harmed]);
		await quiet(pair);
	}

	function seeded(count: number, prefix: string): string[] {
		sandbox.seed({ bulk: { provider: 'funnelfox', count, prefix } });
		return bulkIds(prefix, count);
	}

	it('a worker: what it had begun is picked up, and each of 300 is accepted exactly once', async () => {
		const ids = seeded(300, 'worker');
		const doomed = await mode.hire('doomed-worker');
		await mode.hire('lasting-worker');
		await underHarm(atOnce, ids, doomed.kill);
		const left = (await open(atOnce)).length;
		const report = itemsOf(await pickUp(atOnce), 'Report');
		expect(report.length).toBeGreaterThanOrEqual(left);
		expect(report.map(({ json }) => json.outcome)).toEqual(report.map(() => 'success'));
		expect(acceptedPerTarget(sandbox)).toEqual(oncePerId(ids));
		expect(await open(atOnce)).toEqual([]);
		await mode.dismiss();
	}, 600_000);

	describe('with two workers that live on', () => {
		beforeAll(async () => {
			await mode.hire('one-worker');
			await mode.hire('other-worker');
		});
		afterAll(async () => await mode.dismiss());

		const others: Array<[string, () => Pair, () => Promise<void>]> = [
			[
				'the main process',
				() => atOnce,
				async () => {
					await mode.main.kill();
					await mode.startMain();
				},
			],
			['Redis', () => atOnce, async () => await mode.redis.restart()],
			// n8n drops the input of a job that begins while Postgres starts; the sender gets an error.
			['Postgres', () => whenDone, async () => await mode.postgres.restart()],
		];

		it.each(others)(
			'%s: after the pick-up each of 300 is accepted exactly once',
			async (name, its, harm) => {
				const ids = seeded(300, name.replace(/\W/g, '').toLowerCase());
				await underHarm(its(), ids, harm);
				// A retry may lose its connection, too; the next round repeats it.
				await pickUp(its());
				await pickUp(its());
				expect(acceptedPerTarget(sandbox)).toEqual(oncePerId(ids));
			},
			600_000,
		);
	});
});
