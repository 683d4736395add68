import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const leash = path.join(__dirname, 'leash.cjs');
const longestStop = 20_000;

const running = new Map<ChildProcess, Promise<number | null>>();
let isEnding = false;

/**
 * Starts a Node program that ends when this process does, however that one goes. What it prints is
 * to be read from its pipes.
 * @throws Error once `endAll` was called
 */
export function startNode(
	node: string,
	args: string[],
	options: { cwd: string; env: NodeJS.ProcessEnv },
): { child: ChildProcess; ended: Promise<number | null> } {
	if (isEnding) throw new Error('Nothing is started any more: everything is being ended.');
	const child = spawn(node, ['-r', leash, ...args], {
		...options,
		stdio: ['pipe', 'pipe', 'pipe'],
		// A group of its own, so that a kill takes n8n's task runner along.
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
 * @throws Error if it was ended before it was done
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
	if (code === null) throw new Error(`${args.join(' ')}: ended before it was done.`);
	return { code, stdout: stdout(), stderr: stderr() };
}

/** Ends it as Ctrl-C does, and waits until it is gone. */
export async function stop(child: ChildProcess): Promise<void> {
	const ended = running.get(child);
	if (ended === undefined) return;
	send(child, 'SIGTERM');
	const patience = new AbortController();
	const late = wait(longestStop, 'late', { signal: patience.signal }).catch(() => 'ended');
	if ((await Promise.race([ended, late])) === 'late') send(child, 'SIGKILL');
	patience.abort();
	await ended;
}

/** Ends it as a power cut does, with all that it has started. */
export async function kill(child: ChildProcess): Promise<void> {
	send(child, 'SIGKILL');
	await running.get(child);
}

/** Ends all that were started, and lets none start any more. */
export async function endAll(): Promise<void> {
	isEnding = true;
	await Promise.all([...running.keys()].map(stop));
}

function send(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
	if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
	try {
		// SIGTERM goes to n8n alone: it ends its task runner itself.
		if (process.platform === 'win32' || name === 'SIGTERM') child.kill(name);
		else process.kill(-child.pid, name);
	} catch (reason) {
		if ((reason as NodeJS.ErrnoException).code !== 'ESRCH') throw reason;
	}
}
