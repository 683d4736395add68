import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { IRun } from 'n8n-workflow';
import { workflowCalls } from './executions';
import { environment, type Execution, freePort, type WorkflowFile } from './n8n';
import { n8nInstallation } from './paths';
import { kill, startNode, stop } from './processes';
import { answers, isUp, type Rest, session, signIn } from './session';

/** A process of n8n. */
export interface RunningProcess {
	pid: number;
	/** Path of its log. */
	log: string;
	/** Ends it as Ctrl-C does, and waits for its end. */
	stop(): Promise<void>;
	/** Ends it as a power cut does. */
	kill(): Promise<void>;
	/** Resolves with its exit code at its end. */
	ended: Promise<number | null>;
}

/** A session of the owner in a running n8n. */
export interface N8nSession {
	/** Without a slash at the end. */
	url: string;
	/** Signed in as the owner of its home. */
	rest: Rest;
	/** Saves a copy of the workflow. @returns the id that n8n gave it */
	createWorkflow(workflow: WorkflowFile): Promise<string>;
	/** Activates a workflow. */
	activate(workflowId: string): Promise<void>;
	/** Starts a workflow as the Execute button does. @returns the execution's id */
	run(workflowId: string, trigger: string): Promise<string>;
	/** Waits for the end of an execution. */
	finished(executionId: string): Promise<Execution>;
	execution(executionId: string): Promise<Execution>;
	/** Newest first. */
	executions(workflowId: string): Promise<Array<{ id: string; status: IRun['status'] }>>;
	/** Retries a failed execution and waits for its end. @returns the new execution */
	retry(executionId: string): Promise<Execution>;
}

/** A running n8n that serves its editor. */
export type RunningN8n = RunningProcess & N8nSession;

const startTimeoutMs = 180_000;

interface Start {
	userFolder: string;
	/** More settings of n8n. */
	env?: NodeJS.ProcessEnv;
}

/**
 * Starts n8n, waits until it responds, and signs in; creates the owner if there is none.
 * @throws Error with the end of n8n's log if it does not start
 */
export async function startN8n(options: Start & { port?: number }): Promise<RunningN8n> {
	const { userFolder, env } = options;
	const port = options.port ?? (await freePort());
	const url = `http://127.0.0.1:${port}`;
	const log = path.join(userFolder, 'n8n.log');
	const settings = { ...env, N8N_PORT: String(port) };
	const running = await spawnN8n('start', userFolder, log, settings, async () => await isUp(url));
	try {
		return { ...running, ...(await openSession(url, userFolder)) };
	} catch (reason) {
		await running.kill();
		throw reason;
	}
}

/** Signs in to a running n8n; creates the owner if there is none. @param userFolder its home */
export async function openSession(url: string, userFolder: string): Promise<N8nSession> {
	const rest = session(url);
	await signIn(url, rest, userFolder);
	return { url, rest, ...workflowCalls(rest) };
}

/**
 * Starts a worker of queue mode in the home of a running n8n, and waits until it takes jobs.
 * @throws Error with the end of its log if it does not start
 */
export async function startWorker(options: Start & { name: string }): Promise<RunningProcess> {
	const { userFolder, env, name } = options;
	const log = path.join(userFolder, `${name}.log`);
	return await spawnN8n('worker', userFolder, log, env, async (recent) =>
		recent.includes('worker is now ready'),
	);
}

/**
 * Starts a webhook processor of queue mode.
 * @throws Error with the end of its log if it does not start
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

/** @param isUp polled with the end of the log until it returns true */
async function spawnN8n(
	command: 'start' | 'worker' | 'webhook',
	userFolder: string,
	log: string,
	env: NodeJS.ProcessEnv | undefined,
	isUp: (recent: string) => Promise<boolean>,
): Promise<RunningProcess> {
	const { node, program } = n8nInstallation();
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
	const deadline = Date.now() + startTimeoutMs;
	while (Date.now() < deadline) {
		if (gone) {
			throw new Error(
				`n8n ended during its start. The end of its log:\n${recent()}\n` +
					`If the installation of n8n is damaged, delete ${n8nInstallation().folder} and start again.`,
			);
		}
		if (await isUp(recent())) return;
		await wait(200);
	}
	throw new Error(`n8n did not start within ${startTimeoutMs / 1000} s. Its log:\n${recent()}`);
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
