import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { IRun } from 'n8n-workflow';
import { workflowCalls } from './executions';
import { environment, type Execution, freePort, type WorkflowFile } from './n8n';
import { hostPlace } from './place';
import { kill, startNode, stop } from './processes';
import { answers, isUp, type Rest, session, signIn } from './session';

/** A process of n8n. */
export interface RunningProcess {
	pid: number;
	/** Where its log goes. */
	log: string;
	/** Ends it as Ctrl-C does, and waits until it is gone. */
	stop(): Promise<void>;
	/** Ends it as a power cut does. */
	kill(): Promise<void>;
	/** Resolves with its exit code as soon as it is gone, for whatever reason. */
	ended: Promise<number | null>;
}

/** A running n8n that serves its editor. */
export interface RunningN8n extends RunningProcess {
	/** Without a slash at the end. */
	url: string;
	/** Signed in as the owner of its home. */
	rest: Rest;
	/** Saves a copy of the workflow. @returns the id that n8n gave it */
	createWorkflow(workflow: WorkflowFile): Promise<string>;
	/** Switches a workflow's triggers on. */
	activate(workflowId: string): Promise<void>;
	/** Starts a workflow as the Execute button does. @returns the execution's id */
	run(workflowId: string, trigger: string): Promise<string>;
	/** Waits until an execution is over. */
	finished(executionId: string): Promise<Execution>;
	execution(executionId: string): Promise<Execution>;
	/** Newest first. */
	executions(workflowId: string): Promise<Array<{ id: string; status: IRun['status'] }>>;
	/** Presses Retry on a failed execution, and waits. @returns the new execution */
	retry(executionId: string): Promise<Execution>;
}

const longestStart = 180_000;

interface Start {
	userFolder: string;
	/** Settings of n8n besides those of the pinned host. */
	env?: NodeJS.ProcessEnv;
}

/**
 * Starts n8n, waits until it answers, and signs in; the owner is set up if there is none.
 * @throws Error with the end of n8n's log, if it does not come up
 */
export async function startN8n(options: Start & { port?: number }): Promise<RunningN8n> {
	const { userFolder, env } = options;
	const port = options.port ?? (await freePort());
	const url = `http://127.0.0.1:${port}`;
	const log = path.join(userFolder, 'n8n.log');
	const settings = { ...env, N8N_PORT: String(port) };
	const running = await spawnN8n('start', userFolder, log, settings, async () => await isUp(url));
	const rest = session(url);
	try {
		await signIn(url, rest, userFolder);
	} catch (reason) {
		await running.kill();
		throw reason;
	}
	return { ...running, url, rest, ...workflowCalls(rest) };
}

/**
 * Starts a worker of queue mode in the home of a running n8n, and waits until it takes jobs.
 * @throws Error with the end of its log, if it does not come up
 */
export async function startWorker(options: Start & { name: string }): Promise<RunningProcess> {
	const { userFolder, env, name } = options;
	const log = path.join(userFolder, `${name}.log`);
	return await spawnN8n('worker', userFolder, log, env, async (recent) =>
		recent.includes('worker is now ready'),
	);
}

/**
 * Starts a webhook processor of queue mode: it takes webhooks and nothing else.
 * @throws Error with the end of its log, if it does not come up
 */
export async function startWebhooks(options: Start): Promise<RunningProcess & { url: string }> {
	const { userFolder, env } = options;
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const log = path.join(userFolder, 'webhooks.log');
	const settings = { ...env, N8N_PORT: String(port) };
	const isUp = async () => await answers(url);
	return { ...(await spawnN8n('webhook', userFolder, log, settings, isUp)), url };
}

/** @param isUp asked again and again, with the end of the log, until it says so */
async function spawnN8n(
	command: 'start' | 'worker' | 'webhook',
	userFolder: string,
	log: string,
	env: NodeJS.ProcessEnv | undefined,
	isUp: (recent: string) => Promise<boolean>,
): Promise<RunningProcess> {
	const { node, program } = hostPlace();
	const { child, ended } = startNode(node, [program, command], {
		cwd: userFolder,
		env: { ...(await environment(userFolder)), ...env },
	});
	const recent = keepLog(child, log);
	const running: RunningProcess = {
		pid: child.pid ?? 0,
		log,
		ended,
		stop: async () => await stop(child),
		kill: async () => await kill(child),
	};
	try {
		await ready(ended, recent, isUp);
	} catch (reason) {
		await running.kill();
		throw reason;
	}
	return running;
}

async function ready(
	ended: Promise<unknown>,
	recent: () => string,
	isUp: (recent: string) => Promise<boolean>,
): Promise<void> {
	let gone = false;
	void ended.then(() => (gone = true));
	const deadline = Date.now() + longestStart;
	while (Date.now() < deadline) {
		if (gone) {
			throw new Error(
				`n8n ended while it was starting. Its last words:\n${recent()}\n` +
					`If n8n itself is broken, delete ${hostPlace().folder} and start again.`,
			);
		}
		if (await isUp(recent())) return;
		await wait(200);
	}
	throw new Error(`n8n did not come up within ${longestStart / 1000} s. Its log:\n${recent()}`);
}

function keepLog(child: ChildProcess, file: string): () => string {
	const log = createWriteStream(file, { flags: 'a' });
	let recent = '';
	const keep = (chunk: Buffer) => {
		log.write(chunk);
		recent = (recent + chunk.toString()).slice(-4000);
	};
	child.stdout?.on('data', keep);
	child.stderr?.on('data', keep);
	child.once('close', () => log.end());
	return () => recent;
}
