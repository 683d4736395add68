/**
 * Installs this repository's own dependencies. It runs before they exist, so it imports nothing but
 * Node; all other modules of this folder are imported after it.
 */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
	cacheFolder,
	CannotStart,
	checkDiskSpace,
	readJson,
	repository,
	Stopped,
	withoutOuterNpm,
} from './files.mjs';

const watchdog = fileURLToPath(new URL('parentWatchdog.cjs', import.meta.url));
const oldestNode = [20, 19];
const diskSpace = 0.8e9;

/** @throws CannotStart with what happened and what to do; Stopped */
export async function bootstrap({ say = console.log, signal } = {}) {
	checkNode();
	for (const warning of warnings(repository)) say(`Warning: ${warning}`);
	fs.mkdirSync(cacheFolder, { recursive: true });
	if (hasLockedPackages(repository)) return;
	checkDiskSpace(repository, diskSpace);
	say('Installing the dependencies of this repository (about a minute) …');
	await npmCi(signal);
}

function checkNode() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	const [oldestMajor, oldestMinor] = oldestNode;
	if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
	throw new CannotStart(
		`This is Node ${process.versions.node}, but Node ${oldestNode.join('.')} or newer is needed. ` +
			'Install a newer Node (24 is a good choice) and run npm start again.',
	);
}

/**
 * What makes a later step fail with an error that does not name the cause.
 * @param folder that n8n loads the package from
 * @param home the user's home folder
 */
export function warnings(folder, home = os.homedir()) {
	return [
		...(isWritable(home)
			? []
			: [
					`${home} (HOME) cannot be written, and npm keeps its cache there. Set HOME to a folder of yours.`,
				]),
		...(folder.includes("'")
			? [`n8n cannot load packages from a path with a ' in it: ${folder}. Move this folder.`]
			: []),
	];
}

function isWritable(folder) {
	try {
		fs.accessSync(folder, fs.constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

/** npm keeps a copy of the lock file in node_modules. */
function hasLockedPackages(folder) {
	const wanted = readJson(path.join(folder, 'package-lock.json'));
	const present = readJson(path.join(folder, 'node_modules', '.package-lock.json'));
	if (!wanted || !present) return false;
	return Object.entries(wanted.packages).every(
		([name, entry]) =>
			name === '' ||
			entry.optional ||
			entry.devOptional ||
			entry.peer ||
			present.packages[name]?.version === entry.version,
	);
}

/** npm writes to this terminal: its own progress and its own errors. */
async function npmCi(signal) {
	if (signal?.aborted) throw new Stopped();
	const cli = process.env.npm_execpath;
	const isNpm = cli?.endsWith('npm-cli.js');
	const child = spawn(
		isNpm ? process.execPath : 'npm',
		[...(isNpm ? ['-r', watchdog, cli] : []), 'ci', '--loglevel=error'],
		{
			cwd: repository,
			env: withoutOuterNpm(process.env),
			shell: !isNpm && process.platform === 'win32',
			stdio: ['pipe', 'inherit', 'inherit'],
		},
	);
	const stop = () => child.kill();
	signal?.addEventListener('abort', stop, { once: true });
	const code = await new Promise((resolve, reject) => {
		child.once('error', (cause) => reject(new CannotStart(`npm cannot start: ${cause.message}`)));
		child.once('close', resolve);
	});
	signal?.removeEventListener('abort', stop);
	if (signal?.aborted) throw new Stopped();
	if (code !== 0) {
		throw new CannotStart(
			`npm ci failed with exit code ${code}; the reason is above. Fix it and run npm start again.`,
		);
	}
}
