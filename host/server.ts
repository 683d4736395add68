import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { IRun } from 'n8n-workflow';
import { environment, type Execution, executionOf, freePort, type WorkflowFile } from './n8n';
import { type Owner, ownerFile, ownerOf } from './owner';
import { hostPlace } from './place';
import { kill, startNode, stop } from './processes';

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
	/**
	 * One call to n8n's own interface, signed in as the owner.
	 * @throws Error with n8n's answer, unless it is 2xx
	 */
	rest<T>(method: string, path: string, body?: unknown): Promise<T>;
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
	const isUp = async () => (await answers(url)) && (await isServing(url));
	const settings = { ...env, N8N_PORT: String(port) };
	const running = await spawnN8n('start', userFolder, log, settings, isUp);
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

type Rest = RunningN8n['rest'];

function workflowCalls(rest: Rest) {
	async function execution(id: string): Promise<Execution> {
		return executionOf(unpacked(await rest<PackedRun>('GET', `/executions/${id}`)));
	}
	return {
		async createWorkflow(workflow: WorkflowFile) {
			const { name, nodes, connections, settings } = workflow;
			const content = { name, nodes, connections, settings };
			return (await rest<{ id: string }>('POST', '/workflows', content)).id;
		},
		async activate(id: string) {
			const { versionId } = await rest<{ versionId: string }>('GET', `/workflows/${id}`);
			await rest('POST', `/workflows/${id}/activate`, { versionId });
		},
		async run(id: string, trigger: string) {
			const body = { triggerToStartFrom: { name: trigger } };
			const answer = await rest<{ executionId: string }>('POST', `/workflows/${id}/run`, body);
			return answer.executionId;
		},
		execution,
		async finished(id: string) {
			for (;;) {
				const { status } = await rest<{ status: IRun['status'] }>('GET', `/executions/${id}`);
				if (!['new', 'running', 'waiting'].includes(status)) return await execution(id);
				await wait(200);
			}
		},
		async executions(workflowId: string) {
			const filter = encodeURIComponent(JSON.stringify({ workflowId }));
			const answer = await rest<{ results: Array<{ id: string; status: IRun['status'] }> }>(
				'GET',
				`/executions?filter=${filter}`,
			);
			return answer.results;
		},
		async retry(id: string) {
			const answer = await rest<{ id: string }>('POST', `/executions/${id}/retry`, {
				loadWorkflow: false,
			});
			return await execution(answer.id);
		},
	};
}

/** n8n binds a session to the browser that opened it, so every call carries the same browser id. */
function session(url: string): Rest {
	let cookie = '';
	const browser = randomUUID();
	return async <T>(method: string, address: string, body?: unknown): Promise<T> => {
		const response = await fetch(`${url}/rest${address}`, {
			method,
			headers: {
				'browser-id': browser,
				'content-type': 'application/json',
				...(cookie ? { cookie } : {}),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) {
			throw new Error(`n8n answered ${response.status} to ${method} ${address}: ${text}`);
		}
		const cookies = response.headers.getSetCookie().map((entry) => entry.split(';')[0]);
		if (cookies.length > 0) cookie = cookies.join('; ');
		return (JSON.parse(text) as { data: T }).data;
	};
}

async function signIn(url: string, rest: Rest, userFolder: string): Promise<void> {
	const owner = ownerOf(userFolder);
	const settings = (await (await fetch(`${url}/rest/settings`)).json()) as {
		data: { userManagement: { showSetupOnFirstLoad?: boolean } };
	};
	if (settings.data.userManagement.showSetupOnFirstLoad) await rest('POST', '/owner/setup', owner);
	await logIn(rest, owner).catch((cause: unknown) => {
		throw new Error(
			`n8n does not take the password that ${ownerFile(userFolder)} keeps: was it changed in n8n? ` +
				'Write the new one into that file, or begin anew with npm start -- --fresh.',
			{ cause },
		);
	});
}

async function logIn(rest: Rest, { email, password }: Owner): Promise<void> {
	await rest('POST', '/login', { emailOrLdapLoginId: email, password });
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
		if (gone) throw new Error(`n8n ended while it was starting. Its last words:\n${recent()}`);
		if (await isUp(recent())) return;
		await wait(200);
	}
	throw new Error(`n8n did not come up within ${longestStart / 1000} s. Its log:\n${recent()}`);
}

/** Before the port is open, and while the database is prepared, this is no answer or a 503. */
const answers = async (url: string): Promise<boolean> =>
	await fetch(`${url}/healthz/readiness`).then(
		({ ok }) => ok,
		() => false,
	);

async function isServing(url: string): Promise<boolean> {
	const response = await fetch(`${url}/rest/settings`);
	return response.ok && (response.headers.get('content-type') ?? '').includes('json');
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

interface PackedRun {
	status: IRun['status'];
	data: string;
}

function unpacked({ status, data }: PackedRun): Pick<IRun, 'status' | 'data'> {
	return { status, data: unflatten(data) as IRun['data'] };
}

/**
 * n8n sends execution data as one table: a string inside an object or list is the position of the
 * value it stands for.
 */
function unflatten(text: string): unknown {
	const table = JSON.parse(text) as unknown[];
	const made = new Map<number, unknown>();
	const at = (position: number): unknown => {
		if (made.has(position)) return made.get(position);
		const entry = table[position];
		if (typeof entry !== 'object' || entry === null) return entry;
		const copy: Record<string, unknown> | unknown[] = Array.isArray(entry) ? [] : {};
		made.set(position, copy);
		for (const [key, value] of Object.entries(entry)) {
			Reflect.set(copy, key, typeof value === 'string' ? at(Number(value)) : value);
		}
		return copy;
	};
	return at(0);
}
