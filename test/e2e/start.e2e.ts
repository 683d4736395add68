import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createServer, get } from 'node:http';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../host/n8n';
import { ownerOf } from '../../host/owner';
import { cacheFolder, repository } from '../../host/paths';
import { eventually } from '../eventually';

const program = path.join(repository, 'host', 'start.mjs');
const homes = path.join(cacheFolder, 'n8n');
const alone = [process.execPath, program];
/** No server listens on this port. */
const deadProxy = { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' };

function start(...options: string[]) {
	const env = { ...process.env, ...deadProxy };
	return spawnSync(process.execPath, [program, ...options], {
		cwd: repository,
		encoding: 'utf8',
		env,
	});
}

describe('npm start -- --once', () => {
	it('prints the table and ends with 0, whatever proxy there is', () => {
		const { stdout, stderr, status } = start('--once');
		expect(stderr).toBe('');
		expect(stdout).toContain('all as expected');
		expect(status).toBe(0);
	});

	it('leaves nothing behind when it is told to end', async () => {
		const child = begin(alone, '--once');
		const tree = await untilSaid(child, 'Installing the packed package', 'n8n', 'import:');
		child.kill('SIGTERM');
		expect(await exitOf(child)).toBe(130);
		expect(alive(tree)).toEqual([]);
		expect(existsSync(path.join(homes, `once-${child.pid}`))).toBe(false);
	});

	it('leaves nothing running when it is killed, and the next one takes its home away', async () => {
		const child = begin(alone, '--once');
		const tree = await untilSaid(child, 'Installing the packed package', 'n8n', 'import:');
		child.kill('SIGKILL');
		// n8n has ten seconds to end by itself.
		await eventually(async () => expect(alive(tree)).toEqual([]), 60_000);
		expect(existsSync(path.join(homes, `once-${child.pid}`))).toBe(true);
		const next = begin(alone, '--once');
		await untilSaid(next, 'Installing the packed package');
		next.kill('SIGINT');
		await exitOf(next);
		expect(readdirSync(homes).filter((name) => name.startsWith('once-'))).toEqual([]);
	});
});

describe('npm start', () => {
	const ports = { editor: 0, sandbox: 0 };
	const options = () => ['--port', String(ports.editor), '--sandbox-port', String(ports.sandbox)];
	const editor = () => `http://127.0.0.1:${ports.editor}`;
	const sandbox = () => `http://127.0.0.1:${ports.sandbox}`;
	const home = () => path.join(homes, `rehearsal-${ports.editor}`);
	/** Targets of the writes. */
	const told = async () => {
		const journal = await (await fetch(`${sandbox()}/_control/journal`)).json();
		return (journal as Array<{ provider: string }>).map(({ provider }) => provider).sort();
	};

	beforeAll(async () => {
		[ports.editor, ports.sandbox] = [await freePort(), await freePort()];
	});
	afterAll(() => rmSync(home(), { recursive: true, force: true }));

	it('says so when a port is taken, and how to choose another', async () => {
		const port = await freePort();
		const other = createServer();
		await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
		const { stdout, status } = start('--port', String(port));
		await new Promise((resolve) => other.close(resolve));
		expect(stdout).toContain(`Port ${port} is taken`);
		expect(stdout).toContain(`npm start -- --port ${port + 1}`);
		expect(status).toBe(1);
	});

	it('keeps the editor open until Ctrl-C, and then ends everything', async () => {
		const child = begin(alone, ...options());
		const said = saidBy(child);
		try {
			await untilSaid(child, 'Ctrl-C');
			const { password } = ownerOf(home());
			expect(said()).toContain('all as expected');
			expect(said()).toContain(`${editor()}/workflow/rehearsal`);
			expect(said()).toContain(`password ${password}`);
			expect(welcomeIn(said()).length).toBeLessThanOrEqual(10);
			expect(await statusOf(`${editor()}/workflow/rehearsal`)).toBe(200);
			expect(await statusOf(`${editor()}/`, 'localhost')).toBe(200);
			expect(await statusOf(`${editor()}/`, 'rebound.example')).toBe(403);
			expect(await statusOf(`${editor()}/rest/settings`, 'rebound.example')).toBe(403);
			expect(await statusOf(`${sandbox()}/`)).toBe(200);
			expect(await told()).toEqual([]);
			expect(await changedRows(sandbox())).toEqual([]);
			// The ready workflow customer-leaves is active.
			await fetch(`${sandbox()}/_control/leave/funnelFox/sub_ada`, { method: 'POST' });
			await eventually(async () => expect(await told()).toEqual(['firstPromoter', 'reditus']));
			const cookie = await signIn(editor(), password);
			expect(await preselected(editor(), cookie, 'funnelFoxApi')).toBe('FunnelFox sandbox');
		} finally {
			// Signals the whole process group, as a terminal does.
			if (child.pid) process.kill(-child.pid, 'SIGINT');
		}
		expect(await exitOf(child)).toBe(0);
		expect(said()).toMatch(/\nStopped\n$/);
		expect(said()).not.toContain('exit code');
		expect(await statusOf(editor())).toBe('no answer');
		expect(await statusOf(sandbox())).toBe('no answer');
	});

	it('shows the password of a home once, and ends everything when it is killed', async () => {
		const child = begin(alone, ...options());
		const said = saidBy(child);
		const tree = await untilSaid(child, 'Ctrl-C', 'n8n', 'start');
		expect(said()).not.toContain(ownerOf(home()).password);
		expect(said()).toContain('owner.json');
		child.kill('SIGKILL');
		// n8n has ten seconds to end by itself.
		await eventually(async () => expect(alive(tree)).toEqual([]), 60_000);
	});

	it('ends everything when npm is told to end', async () => {
		const child = begin(['npm', 'start', '--'], ...options());
		const tree = await untilSaid(child, 'Installing the packed package', 'n8n', 'import:');
		// Signals one process, as `kill` does.
		child.kill('SIGTERM');
		await exitOf(child);
		// n8n has ten seconds to end by itself.
		await eventually(async () => expect(alive(tree)).toEqual([]), 60_000);
	});
});

/** The lines after the table that say what to do next. */
const welcomeIn = (output: string) =>
	output.slice(output.indexOf('n8n runs with this package')).trim().split('\n');

/** Customers whose records have changed. */
async function changedRows(url: string): Promise<string[]> {
	const state = (await (await fetch(`${url}/_control/state`)).json()) as {
		providers: Array<{ rows: Array<{ target: string; isChanged: boolean }> }>;
	};
	const rows = state.providers.flatMap((provider) => provider.rows);
	expect(rows.length).toBeGreaterThan(0);
	return rows.filter(({ isChanged }) => isChanged).map(({ target }) => target);
}

/** Starts `npm start`, or its process alone, in the background. */
function begin([command, ...args]: string[], ...options: string[]): ChildProcess {
	return spawn(command, [...args, ...options], {
		cwd: repository,
		stdio: ['ignore', 'pipe', 'inherit'],
		detached: true,
	});
}

function saidBy(child: ChildProcess): () => string {
	let said = '';
	child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
	return () => said;
}

/**
 * Waits for a text of the output, then for a descendant process whose command has all the words.
 * @returns all descendant processes
 */
async function untilSaid(
	child: ChildProcess,
	words: string,
	...command: string[]
): Promise<number[]> {
	const said = saidBy(child);
	while (!said().includes(words)) {
		if (child.exitCode !== null) throw new Error(`npm start ended early:\n${said()}`);
		await wait(50);
	}
	for (;;) {
		const below = processesBelow(child.pid ?? 0);
		if (command.length === 0) return below.map(({ pid }) => pid);
		if (below.some(({ args }) => command.every((word) => args.includes(word)))) {
			return below.map(({ pid }) => pid);
		}
		await wait(100);
	}
}

interface Process {
	pid: number;
	parent: number;
	args: string;
}

function processes(): Process[] {
	return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
		.split('\n')
		.flatMap((line) => {
			const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
			return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
		});
}

function processesBelow(pid: number, all = processes()): Process[] {
	return all
		.filter(({ parent }) => parent === pid)
		.flatMap((each) => [each, ...processesBelow(each.pid, all)]);
}

/** The running ones of these processes, with their commands. */
const alive = (pids: number[]) =>
	processes()
		.filter(({ pid, args }) => pids.includes(pid) && !args.includes('<defunct>'))
		.map(({ args }) => args);

async function exitOf(child: ChildProcess): Promise<number | null> {
	if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
	return await new Promise((resolve) => child.once('exit', resolve));
}

/** @param host value of the Host header */
async function statusOf(url: string, host?: string): Promise<number | string | undefined> {
	return await new Promise((resolve) => {
		get(url, { headers: host === undefined ? {} : { host } }, (response) => {
			response.resume();
			resolve(response.statusCode);
		}).once('error', () => resolve('no answer'));
	});
}

/** @returns the cookie of the session */
async function signIn(url: string, password: string): Promise<string> {
	const response = await fetch(`${url}/rest/login`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'browser-id': 'start' },
		body: JSON.stringify({ emailOrLdapLoginId: 'you@example.com', password }),
	});
	expect(response.status).toBe(200);
	return response.headers
		.getSetCookie()
		.map((entry) => entry.split(';')[0])
		.join('; ');
}

/** The credential that n8n preselects in a new node: the one that was changed last. */
async function preselected(url: string, cookie: string, type: string): Promise<string> {
	const response = await fetch(`${url}/rest/credentials`, {
		headers: { cookie, 'browser-id': 'start' },
	});
	const { data } = (await response.json()) as {
		data: Array<{ name: string; type: string; updatedAt: string }>;
	};
	const ofType = data.filter((each) => each.type === type);
	expect(ofType.length).toBeGreaterThan(1);
	return ofType.reduce((one, other) => (one.updatedAt > other.updatedAt ? one : other)).name;
}
