import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import semver from 'semver';
import { cacheFolder, CannotStart, checkDiskSpace, readJson, readText } from './files.mjs';
import { runNpm } from './runNpm.mjs';

/**
 * Installs the n8n that a manifest pins, unless a complete installation exists.
 *
 * @param host `manifest` is the manifest's file, with its lock file beside it; `place` is the folder
 *   for n8n
 * @param options.onStep called with the title of each step
 * @returns n8n's start file, and the Node that the manifest includes, if it does
 * @throws CannotStart with what happened and what to do; Stopped
 */
export async function installN8n(host, { signal, onStep = () => undefined }) {
	const description = readJson(host.manifest);
	checkNode(description);
	fs.mkdirSync(path.dirname(host.place), { recursive: true });
	removeLeftovers(host.place);
	if (damage(host) !== undefined) await replace(host, description, { signal, onStep });
	const [node] = bundledNodes(description, host.place);
	return { program: programOf(host), node };
}

/**
 * The folder of a host line: in .cache, or in the folder that CANCELLATIONS_HOST_CACHE names, so that
 * clones share one installation (2.3 GB).
 */
export function folderOf(manifest, shared = process.env.CANCELLATIONS_HOST_CACHE) {
	const line = lineOf(manifest);
	return shared
		? path.join(path.resolve(shared), `${line}-${stampOf(manifest)}`)
		: path.join(cacheFolder, line);
}

/** @returns why an installation cannot be used; undefined if it is complete */
export function damage({ manifest, place }) {
	const modules = path.join(place, 'node_modules');
	if (readText(path.join(modules, '.installed')) !== stampOf(manifest)) return 'It is not finished';
	const present = readJson(path.join(modules, '.package-lock.json'))?.packages;
	if (!present) return 'npm has left no list of it';
	const needed = [
		...Object.keys(present).map((name) => path.join(place, name, 'package.json')),
		programOf({ place }),
		sqliteIn(place),
		...bundledNodes(readJson(manifest), place),
	];
	const missing = needed.find((file) => !(fs.statSync(file, { throwIfNoEntry: false })?.size > 0));
	return missing && `${missing} is missing`;
}

/** The file name of Node's executable on this system. */
export const nodeFile = process.platform === 'win32' ? 'node.exe' : 'node';

const lineOf = (manifest) => path.basename(manifest, '.json');
const lockOf = (manifest) => manifest.replace(/\.json$/, '.lock.json');
const programOf = ({ place }) => path.join(place, 'node_modules', 'n8n', 'bin', 'n8n');
const sqliteIn = (place) =>
	path.join(place, 'node_modules', 'sqlite3', 'build', 'Release', 'node_sqlite3.node');

function stampOf(manifest) {
	const lock = createHash('sha256')
		.update(fs.readFileSync(lockOf(manifest)))
		.digest('hex');
	return `${lock.slice(0, 16)}-${process.platform}-${process.arch}`;
}

/** Installs into a folder beside the place, which may be shared, and moves only a complete installation to it. */
async function replace(host, description, options) {
	const { manifest, place } = host;
	const apart = `${place}.${process.pid}`;
	fs.mkdirSync(apart, { recursive: true });
	try {
		await fill({ manifest, place: apart }, description, options);
		// Another process may have installed it meanwhile.
		if (damage(host) === undefined) return;
		fs.rmSync(place, { recursive: true, force: true });
		fs.renameSync(apart, place);
	} catch (reason) {
		if (damage(host) !== undefined) throw reason;
	} finally {
		// Processes that npm has started may still be ending.
		fs.rmSync(apart, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
	}
}

async function fill(host, description, { signal, onStep }) {
	const { manifest, place } = host;
	checkDiskSpace(place, description.config.diskSpace);
	fs.copyFileSync(manifest, path.join(place, 'package.json'));
	fs.copyFileSync(path.join(path.dirname(manifest), '.npmrc'), path.join(place, '.npmrc'));
	const line = lineOf(manifest);
	onStep('Download (two to five minutes)');
	const lock = await withAddresses(readJson(lockOf(manifest)), { place, line, signal });
	fs.writeFileSync(path.join(place, 'package-lock.json'), JSON.stringify(lock));
	await runNpm(`Install ${description.description}`, {
		args: ['ci', '--ignore-scripts', '--legacy-peer-deps', '--loglevel=error'],
		cwd: place,
		log: `install-${line}.log`,
		signal,
	});
	await provideSqlite(lock, { place, line, signal, onStep });
	fs.writeFileSync(path.join(place, 'node_modules', '.installed'), stampOf(manifest));
	const reason = damage(host);
	if (reason !== undefined) {
		throw new CannotStart(
			`The installation of n8n is not complete: ${reason}. The logs are in .cache/logs.`,
		);
	}
}

/**
 * Of n8n's packages with install scripts, only SQLite does not ship its binary. It is built once for all
 * lines: its interface, Node-API, is the same in all versions of Node.
 */
async function provideSqlite(lock, { place, line, signal, onStep }) {
	const { version } = lock.packages['node_modules/sqlite3'];
	const { platform, arch } = process;
	const kept = path.join(path.dirname(place), `sqlite3-${version}-${platform}-${arch}.node`);
	const binary = sqliteIn(place);
	if (fs.existsSync(kept)) {
		fs.mkdirSync(path.dirname(binary), { recursive: true });
		fs.copyFileSync(kept, binary);
		return;
	}
	onStep('Build SQLite (one to two minutes)');
	await runNpm('Build SQLite', {
		args: [
			'rebuild',
			'sqlite3',
			'--ignore-scripts=false',
			'--foreground-scripts',
			'--loglevel=error',
		],
		cwd: place,
		log: `install-${line}-sqlite.log`,
		signal,
		explain: explainCompiler,
		// Its default, -O3, takes twice as long, and n8n does not notice the difference.
		env: { CFLAGS: '-O1' },
	});
	// The rename shows other processes the whole file or none.
	const apart = `${kept}.${process.pid}`;
	fs.copyFileSync(binary, apart);
	fs.renameSync(apart, kept);
}

/**
 * The lock file with the address of each tarball: without them npm asks the registry for the list of
 * versions of every package, which takes a third of the time.
 * @returns the lock file as it is if the registry keeps its tarballs at other addresses than npm's
 */
async function withAddresses(lock, { place, line, signal }) {
	const known = 'sqlite3';
	const { version } = lock.packages[`node_modules/${known}`];
	const text = await runNpm('Ask the registry for its addresses', {
		args: ['view', `${known}@${version}`, 'dist.tarball', '--loglevel=error'],
		cwd: place,
		log: `install-${line}-registry.log`,
		signal,
	});
	const ending = `/${known}/-/${known}-${version}.tgz`;
	const address = text.trim();
	if (!address.endsWith(ending)) return lock;
	const registry = address.slice(0, -ending.length);
	const packages = Object.entries(lock.packages).map(([folder, entry]) => {
		if (folder === '') return [folder, entry];
		const name = entry.name ?? folder.replace(/^.*node_modules\//, '');
		const file = `${path.posix.basename(name)}-${entry.version}.tgz`;
		return [folder, { ...entry, resolved: `${registry}/${name}/-/${file}` }];
	});
	return { ...lock, packages: Object.fromEntries(packages) };
}

/** Removes folders of installations that a SIGKILL or a power cut ended more than an hour ago. */
function removeLeftovers(place) {
	const folder = path.dirname(place);
	const start = `${path.basename(place)}.`;
	for (const name of fs.readdirSync(folder)) {
		if (!name.startsWith(start) || isAlive(Number(name.slice(start.length)))) continue;
		const leftover = path.join(folder, name);
		const { mtimeMs } = fs.statSync(leftover, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
		if (Date.now() - mtimeMs > 3_600_000) fs.rmSync(leftover, { recursive: true, force: true });
	}
}

function isAlive(pid) {
	try {
		return Number.isInteger(pid) && process.kill(pid, 0);
	} catch (reason) {
		return reason.code !== 'ESRCH';
	}
}

/** The executables of the packages that contain Node for this machine, if the manifest has any. */
function bundledNodes({ optionalDependencies = {} }, place) {
	const { platform, arch } = process;
	const system = platform === 'win32' ? 'win' : platform;
	return [`node-${system}-${arch}`, `node-bin-${system}-${arch}`]
		.filter((name) => name in optionalDependencies)
		.map((name) => path.join(place, 'node_modules', name, 'bin', nodeFile));
}

function checkNode(description) {
	const [bundled] = bundledNodes(description, '');
	const { node } = process.versions;
	if (bundled !== undefined || semver.satisfies(node, description.engines.node)) return;
	const [name] = description.description.split(' (');
	throw new CannotStart(
		`${name} needs Node ${description.engines.node}, but this is Node ${node} on ` +
			`${process.platform}-${process.arch}. Switch to such a Node and run npm start again.`,
	);
}

function explainCompiler(text) {
	const missing = [
		[/find Python|python3?: not found|Could not find any Python/i, 'Python 3'],
		[/not found: make|make: not found|spawn make ENOENT/i, 'make'],
		[/\b(cc|gcc|c\+\+|g\+\+): (not found|command not found|No such file)/, 'a C++ compiler'],
	].flatMap(([pattern, name]) => (pattern.test(text) ? [name] : []));
	if (missing.length === 0) return undefined;
	return (
		'npm cannot download a binary of SQLite, and building it needs ' +
		`${missing.join(' and ')}. On Debian and Ubuntu: sudo apt-get install python3 make g++. ` +
		'On macOS: xcode-select --install. Then run npm start again.'
	);
}
