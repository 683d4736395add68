import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const watchdog = path.join(__dirname, 'parentWatchdog.cjs');
const killDelayMs = 20_000;

const running = new Map<ChildProcess, Promise<number | null>>();
let isEnding = false;

/**
 * Starts a Node program that ends when this process ends, even by SIGKILL. Read its output from its
 * pipes.
 * @throws Error after a call of `endAll`
 */
export function startNode(
	node: string,
	args: string[],
	options: { cwd: string; env: NodeJS.ProcessEnv },
): { child: ChildProcess; ended: Promise<number | null> } {
	if (isEnding) throw new Error('No process starts any more: endAll was called.');
	const child = spawn(node, ['-r', watchdog, ...args], {
		...options,
		stdio: ['pipe', 'pipe', 'pipe'],
		// A process group of its own, so that a kill includes n8n's task runner.
		detached: process.platform !== 'win32',
	});
	const ended = new Promise<number | null>((resolve) => {
		child.once('error', () => resolve(null));
		child.once('close', resolve);
	});
	running.set(child, ended);
	child.once('close', () => running.delete(child));
	return { child, ended };
}

/**
 * Runs a Node program to its end, as `startNode` does.
 * @throws Error if a signal ended it
 */
export async function runNode(
	node: string,
	args: string[],
	options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<{ code: number; stdout: string; stderr: string }> {
	const { child, ended } = startNode(node, args, options);
	const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => {
		const chunks: Buffer[] = [];
		stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
		return () => Buffer.concat(chunks).toString();
	});
	const code = await ended;
	if (code === null) throw new Error(`${args.join(' ')}: a signal ended it.`);
	return { code, stdout: stdout(), stderr: stderr() };
}

/** Ends it as Ctrl-C does, and waits for its end. */
export async function stop(child: ChildProcess): Promise<void> {
	const ended = running.get(child);
	if (ended === undefined) return;
	send(child, 'SIGTERM');
	const timeout = new AbortController();
	const late = wait(killDelayMs, 'late', { signal: timeout.signal }).catch(() => 'ended');
	if ((await Promise.race([ended, late])) === 'late') send(child, 'SIGKILL');
	timeout.abort();
	await ended;
}

/** Ends it as a power cut does, with all processes that it has started. */
export async function kill(child: ChildProcess): Promise<void> {
	send(child, 'SIGKILL');
	await running.get(child);
}

/** Ends all started processes; `startNode` then starts no more. */
export async function endAll(): Promise<void> {
	isEnding = true;
	await Promise.all([...running.keys()].map(stop));
}

function send(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
	if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
	try {
		// n8n ends its task runner itself after a SIGTERM.
		if (process.platform === 'win32' || name === 'SIGTERM') child.kill(name);
		else process.kill(-child.pid, name);
	} catch (reason) {
		if ((reason as NodeJS.ErrnoException).code !== 'ESRCH') throw reason;
	}
}
