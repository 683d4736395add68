import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../host/n8n';
import { type RunningN8n, type RunningProcess, startWorker } from '../../host/server';
import {
	acceptedPerTarget,
	bulkIds,
	cancelling,
	names,
	once,
	sentPerTarget,
	type Stage,
	stage,
	stopping,
	successes,
} from './stage';

/** n8n's queue, on this machine only and kept in memory. */
async function startRedis(): Promise<{ port: number; stop(): Promise<void> }> {
	const port = await freePort();
	const folder = mkdtempSync(path.join(tmpdir(), 'redis-'));
	const settings = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--dir', folder];
	const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] });
	const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
	await new Promise<void>((resolve, reject) => {
		child.once('close', (code) => reject(new Error(`redis-server ended with ${code}.`)));
		child.once('error', () =>
			reject(
				new Error('Queue mode needs redis-server in the path (apt-get install redis-server).'),
			),
		);
		child.stdout.on('data', (said: Buffer) => {
			if (said.toString().includes('Ready to accept connections')) resolve();
		});
	});
	return {
		port,
		async stop() {
			child.kill('SIGTERM');
			await ended;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

let theatre: Stage;
let redis: Awaited<ReturnType<typeof startRedis>>;
let env: NodeJS.ProcessEnv;
let n8n: RunningN8n;
const workers: RunningProcess[] = [];

async function hire(name: string): Promise<RunningProcess> {
	const worker = await startWorker({ userFolder: theatre.userFolder, env, name });
	workers.push(worker);
	return worker;
}

beforeAll(async () => {
	redis = await startRedis();
	env = {
		EXECUTIONS_MODE: 'queue',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
	};
	theatre = await stage('queue');
	n8n = await theatre.serve(env);
});
beforeEach(() => theatre.sandbox.reset());
afterEach(async () => {
	for (const worker of workers.splice(0)) await worker.stop();
});
afterAll(async () => {
	await theatre?.close();
	await redis?.stop();
});

const log = ({ log: file }: RunningProcess) => readFileSync(file, 'utf8');

describe('queue mode', () => {
	it('repeats nothing when another worker retries what one has begun', async () => {
		const { sandbox } = theatre;
		const { ids, target, workflow } = stopping(sandbox, 'queue');
		const id = await n8n.createWorkflow(workflow);

		const first = await hire('first-worker');
		const executionId = await n8n.run(id, names.trigger);
		const failed = await n8n.finished(executionId);
		expect(failed.message).toContain(target);
		const before = acceptedPerTarget(sandbox);
		expect(Object.keys(before).length).toBeGreaterThanOrEqual(11);
		expect(log(first)).toContain(`execution ${executionId}`);
		await first.stop();

		sandbox.clearFaults();
		const second = await hire('second-worker');
		const retried = await n8n.retry(executionId);
		expect(log(second)).toMatch(/started execution/);
		expect(retried.status).toBe('success');
		expect(successes(retried).map((item) => item.target)).toEqual(ids);
		expect(acceptedPerTarget(sandbox)).toEqual(once(ids));
		expect(sentPerTarget(sandbox)).toMatchObject(before);
	});

	it('loses nothing where two workers share an account that is limited', async () => {
		const { sandbox } = theatre;
		sandbox.seed({ bulk: { provider: 'funnelfox', count: 120, prefix: 'share' } });
		sandbox.limit('funnelFox', { perSecond: 20, retryAfter: 'seconds' });
		const ids = bulkIds('share', 120);
		const halves = [ids.slice(0, 60), ids.slice(60)];
		env.N8N_CONCURRENCY_PRODUCTION_LIMIT = '1';
		const both = [await hire('left-worker'), await hire('right-worker')];
		const executions = await Promise.all(
			halves.map(async (half) => {
				const id = await n8n.createWorkflow(cancelling(half));
				return await n8n.finished(await n8n.run(id, names.trigger));
			}),
		);
		for (const worker of both) expect(log(worker)).toMatch(/started execution/);
		expect(executions.map((execution) => successes(execution).length)).toEqual([60, 60]);
		expect(acceptedPerTarget(sandbox)).toEqual(once(ids));
	});
});
