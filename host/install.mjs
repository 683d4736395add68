/**
 * Puts in place what `npm start` and the end-to-end tests need: the repository's own
 * dependencies, the built package, and a real n8n with the Node it wants. It runs before anything
 * is installed, so it is plain Node and imports nothing but Node.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const hostSource = path.dirname(fileURLToPath(import.meta.url));

/** The repository's folder. */
export const repository = path.dirname(hostSource);

/** Everything that a run leaves behind, logs included, is in here. */
const cacheFolder = path.join(repository, '.cache');

const oldestNode = [20, 19];
const diskSpaceForHost = 3.5e9;
const diskSpaceForPackage = 0.8e9;

/** A reason why nothing can be started, worded for the person at the terminal. */
export class CannotStart extends Error {}

/**
 * The folder that n8n is installed in. CANCELLATIONS_HOST_CACHE names a folder outside the
 * repository in which clones share one installation (2.3 GB each otherwise): for build machines.
 */
function hostFolder() {
	const shared = process.env.CANCELLATIONS_HOST_CACHE;
	return shared ? path.join(path.resolve(shared), hostStamp()) : hostSource;
}

/** The program that runs n8n: the Node from npm, or this one if it is new enough. */
function hostNode(folder) {
	const { platform, arch } = process;
	const system = platform === 'win32' ? 'win' : platform;
	const program = platform === 'win32' ? 'node.exe' : 'node';
	for (const name of [`node-${system}-${arch}`, `node-bin-${system}-${arch}`]) {
		const file = path.join(folder, 'node_modules', name, 'bin', program);
		if (fs.existsSync(file)) return file;
	}
	if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
	throw new CannotStart(
		`n8n needs Node 24, and npm carries none for ${platform} on ${arch}. ` +
			`This is Node ${process.versions.node}: switch to Node 24 and run npm start again.`,
	);
}

/** The file that starts n8n. */
function hostProgram(folder) {
	return path.join(folder, 'node_modules', 'n8n', 'bin', 'n8n');
}

/**
 * Installs what is missing and builds the package if its source changed. The second run only
 * compares stamps.
 *
 * @throws CannotStart with what happened and what to do
 */
export async function install({ say = console.log } = {}) {
	checkNode();
	fs.mkdirSync(path.join(cacheFolder, 'logs'), { recursive: true });
	await installRepository(say);
	await installHost(say);
	writePlace();
	await buildPackage(say);
}

function checkNode() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
	if (isOld) {
		throw new CannotStart(
			`This is Node ${process.versions.node}; Node ${oldestNode.join('.')} or newer is needed. ` +
				'Install a newer Node (24 is a good choice) and run npm start again.',
		);
	}
}

async function installRepository(say) {
	if (hasLockedPackages(repository)) return;
	checkDiskSpace(repository, diskSpaceForPackage);
	await step(say, 'Installing the dependencies of this repository (about a minute)', {
		log: 'install-repository.log',
		run: npm(['ci', '--loglevel=error'], repository),
	});
}

/** npm keeps a copy of the lock file with what it installed: a comparison needs no stamp. */
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

async function buildPackage(say) {
	const sources = ['nodes', 'credentials', 'index.js', 'gulpfile.js', 'tsconfig.json'];
	// With what came out of it, because anybody may have built something else in between.
	const stamp = () =>
		digest(
			...[...sources, 'dist'].flatMap((name) => filesIn(path.join(repository, name))),
			path.join(repository, 'package.json'),
		);
	const stampFile = path.join(cacheFolder, 'build-stamp');
	const isBuilt = fs.existsSync(path.join(repository, 'dist', 'nodes'));
	if (isBuilt && readText(stampFile) === stamp()) return;
	await step(say, 'Building the package', {
		log: 'build.log',
		run: npm(['run', 'build'], repository),
	});
	fs.writeFileSync(stampFile, stamp());
}

async function installHost(say) {
	const home = hostFolder();
	const isInstalled = readText(path.join(home, 'node_modules', '.installed')) === hostStamp();
	if (isInstalled && fs.existsSync(hostProgram(home))) return;
	// Several clones may fill a shared folder at once: each works apart, and the first one stays.
	const folder = home === hostSource ? home : `${home}.${process.pid}`;
	fs.mkdirSync(folder, { recursive: true });
	try {
		if (folder !== hostSource) copyHostManifest(folder);
		await fillHost(folder, say);
		if (folder !== home && !fs.existsSync(home)) fs.renameSync(folder, home);
	} finally {
		if (folder !== home) fs.rmSync(folder, { recursive: true, force: true });
	}
}

function copyHostManifest(folder) {
	for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
		fs.copyFileSync(path.join(hostSource, name), path.join(folder, name));
	}
}

async function fillHost(folder, say) {
	checkDiskSpace(folder, diskSpaceForHost);
	await step(say, 'Installing n8n and Node 24 (2.3 GB, two to five minutes, only once)', {
		log: 'install-n8n.log',
		run: npm(['ci', '--ignore-scripts', '--legacy-peer-deps', '--loglevel=error'], folder),
	});
	// n8n's other packages with install scripts ship what they need; SQLite does not.
	await step(say, "Preparing n8n's database (about a minute, only once)", {
		log: 'install-sqlite.log',
		run: npm(
			['rebuild', 'sqlite3', '--ignore-scripts=false', '--foreground-scripts', '--loglevel=error'],
			folder,
		),
		explain: explainCompiler,
	});
	const binding = path.join(folder, 'node_modules/sqlite3/build/Release/node_sqlite3.node');
	if (!fs.existsSync(binding)) {
		throw new CannotStart(
			`SQLite was not built: ${binding} is missing. The log is .cache/logs/install-sqlite.log.`,
		);
	}
	hostNode(folder);
	fs.writeFileSync(path.join(folder, 'node_modules', '.installed'), hostStamp());
}

/** Tells the TypeScript side (place.ts) where n8n is. */
function writePlace() {
	const folder = hostFolder();
	const place = { folder, node: hostNode(folder), program: hostProgram(folder) };
	fs.writeFileSync(path.join(cacheFolder, 'host.json'), JSON.stringify(place, null, '\t'));
}

function hostStamp() {
	const lock = digest(path.join(hostSource, 'package-lock.json')).slice(0, 16);
	return `${lock}-${process.platform}-${process.arch}`;
}

function npm(args, cwd) {
	const cli = process.env.npm_execpath;
	// Under npm its own program is known; otherwise the shell finds npm (npm.cmd on Windows).
	return cli?.endsWith('npm-cli.js')
		? { command: process.execPath, args: [cli, ...args], cwd }
		: { command: 'npm', args, cwd, shell: process.platform === 'win32' };
}

async function step(say, title, { log, run, explain = () => undefined }) {
	const startedAt = Date.now();
	const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
	const isTerminal = process.stdout.isTTY === true;
	const logFile = path.join(cacheFolder, 'logs', log);
	const output = fs.openSync(logFile, 'w');
	if (!isTerminal) say(`${title} …`);
	const ticker = isTerminal
		? setInterval(() => process.stdout.write(`\r${title} … ${seconds()}`), 1000)
		: setInterval(() => say(`  still at it, ${seconds()}`), 60_000);
	if (isTerminal) process.stdout.write(`${title} …`);
	let code;
	try {
		code = await new Promise((resolve, reject) => {
			const child = spawn(run.command, run.args, {
				cwd: run.cwd,
				shell: run.shell ?? false,
				stdio: ['ignore', output, output],
				env: withoutOuterNpm(process.env),
			});
			child.on('error', reject);
			child.on('close', resolve);
		});
	} catch (cause) {
		throw new CannotStart(`${run.command} could not be started: ${cause.message}`);
	} finally {
		clearInterval(ticker);
		fs.closeSync(output);
	}
	if (isTerminal) process.stdout.write(`\r${title}: ${seconds()}      \n`);
	else say(`  done in ${seconds()}`);
	if (code === 0) return;
	const text = readText(logFile) ?? '';
	const shown = path.relative(repository, logFile);
	const reason = explain(text) ?? explainNpm(text);
	const end = text.trim().split('\n').slice(-15).join('\n');
	throw new CannotStart(
		`${title}: stopped with exit code ${code}.\n` +
			(reason ? `${reason}\nThe whole log is in ${shown}.` : `${end}\n\nThe log is in ${shown}.`),
	);
}

/** npm hands its settings of one folder on to a child that works in another. */
function withoutOuterNpm(env) {
	return Object.fromEntries(
		Object.entries(env).filter(
			([name]) =>
				!/^npm_(config_(ignore_scripts|local_prefix|prefix)|package_|lifecycle_)/.test(name),
		),
	);
}

function explainNpm(text) {
	if (/ENOSPC/.test(text)) {
		return 'The disk is full. Free about 4 GB and run npm start again.';
	}
	if (
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/.test(
			text,
		)
	) {
		return (
			"npm's registry could not be reached. Check the network (and npm's proxy settings, if " +
			'there is a proxy) and run npm start again; what was downloaded already is kept.'
		);
	}
	if (/EACCES|EPERM/.test(text)) {
		return 'A file could not be written. See to it that this folder belongs to you, then run npm start again.';
	}
	return undefined;
}

function explainCompiler(text) {
	const missing = [
		[/find Python|python3?: not found|Could not find any Python/i, 'Python 3'],
		[/not found: make|make: not found|spawn make ENOENT/i, 'make'],
		[/\b(cc|gcc|c\+\+|g\+\+): (not found|command not found|No such file)/, 'a C++ compiler'],
	].flatMap(([pattern, name]) => (pattern.test(text) ? [name] : []));
	if (missing.length === 0) return undefined;
	return (
		'A ready-made SQLite could not be downloaded, and building it here needs ' +
		`${missing.join(' and ')}. On Debian and Ubuntu: sudo apt-get install python3 make g++. ` +
		'On macOS: xcode-select --install. Then run npm start again.'
	);
}

function checkDiskSpace(folder, needed) {
	const { bavail, bsize } = fs.statfsSync(folder);
	const free = Number(bavail) * Number(bsize);
	if (free >= needed) return;
	const gigabytes = (bytes) => (bytes / 1e9).toFixed(1);
	throw new CannotStart(
		`The disk of ${folder} has ${gigabytes(free)} GB left and ${gigabytes(needed)} GB are needed. ` +
			'Free some space and run npm start again.',
	);
}

function filesIn(start) {
	if (!fs.existsSync(start)) return [];
	if (!fs.statSync(start).isDirectory()) return [start];
	return fs
		.readdirSync(start)
		.sort()
		.flatMap((name) => filesIn(path.join(start, name)));
}

function digest(...files) {
	const hash = createHash('sha256');
	for (const file of files) {
		hash.update(path.relative(repository, file)).update('\0').update(fs.readFileSync(file));
	}
	return hash.digest('hex');
}

function readText(file) {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}

function readJson(file) {
	const text = readText(file);
	return text === undefined ? undefined : JSON.parse(text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	install().catch((reason) => {
		console.error(reason instanceof CannotStart ? reason.message : reason);
		process.exitCode = 1;
	});
}
