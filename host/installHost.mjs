import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { cacheFolder, CannotStart, checkDiskSpace, readJson, readText } from './files.mjs';
import { npmStep } from './step.mjs';

/**
 * Installs the n8n that a manifest pins, unless it is there and whole.
 *
 * @param host `manifest` is the manifest's file, its lock file lies beside it; `place` is the folder
 *   that n8n is to be in
 * @returns n8n's own start file, and the Node that came with it, if one did
 * @throws CannotStart with what happened and what to do; Stopped
 */
export async function installHost(host, { say, signal }) {
	const description = readJson(host.manifest);
	checkNode(description);
	fs.mkdirSync(path.dirname(host.place), { recursive: true });
	removeLeftovers(host.place);
	if (damage(host) !== undefined) await replace(host, description, { say, signal });
	const [node] = bundledNodes(description, host.place);
	return { program: programOf(host), node };
}

/**
 * Where a line of n8n goes: into .cache, or, to be shared by clones (2.3 GB each otherwise), into
 * the folder that CANCELLATIONS_HOST_CACHE names.
 */
export function placeOf(manifest, shared = process.env.CANCELLATIONS_HOST_CACHE) {
	const line = lineOf(manifest);
	return shared
		? path.join(path.resolve(shared), `${line}-${stampOf(manifest)}`)
		: path.join(cacheFolder, line);
}

/** @returns what makes an installation unfit to be used; undefined if nothing does */
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

/** What Node's program is called here. */
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

/** Works beside the place, which may be shared: only what is whole gets there. */
async function replace(host, description, { say, signal }) {
	const { manifest, place } = host;
	const apart = `${place}.${process.pid}`;
	fs.mkdirSync(apart, { recursive: true });
	try {
		await fill({ manifest, place: apart }, description, { say, signal });
		// Meanwhile somebody else may have been at it, too.
		if (damage(host) === undefined) return;
		fs.rmSync(place, { recursive: true, force: true });
		fs.renameSync(apart, place);
	} catch (reason) {
		if (damage(host) !== undefined) throw reason;
	} finally {
		// What npm has started may take a moment longer to end.
		fs.rmSync(apart, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
	}
}

async function fill(host, description, { say, signal }) {
	const { manifest, place } = host;
	checkDiskSpace(place, description.config.diskSpace);
	fs.copyFileSync(manifest, path.join(place, 'package.json'));
	fs.copyFileSync(lockOf(manifest), path.join(place, 'package-lock.json'));
	fs.copyFileSync(path.join(path.dirname(manifest), '.npmrc'), path.join(place, '.npmrc'));
	const line = lineOf(manifest);
	await npmStep(`Installing ${description.description}, two to five minutes, only once`, {
		args: ['ci', '--ignore-scripts', '--legacy-peer-deps', '--loglevel=error'],
		cwd: place,
		log: `install-${line}.log`,
		say,
		signal,
	});
	// n8n's other packages with install scripts ship what they need; SQLite does not.
	await npmStep("Preparing n8n's database (one to two minutes, only once)", {
		args: [
			'rebuild',
			'sqlite3',
			'--ignore-scripts=false',
			'--foreground-scripts',
			'--loglevel=error',
		],
		cwd: place,
		log: `install-${line}-sqlite.log`,
		say,
		signal,
		explain: explainCompiler,
	});
	fs.writeFileSync(path.join(place, 'node_modules', '.installed'), stampOf(manifest));
	const reason = damage(host);
	if (reason !== undefined) {
		throw new CannotStart(
			`n8n was installed, and yet it is not whole: ${reason}. The logs are in .cache/logs.`,
		);
	}
}

/** What was cut off by something that nothing survives; an hour ago, as the place may be shared. */
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

/** The programs of the packages that carry a Node for this machine, where the manifest has any. */
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
	if (bundled !== undefined || isWithin(node, description.engines.node)) return;
	const [name] = description.description.split(' (');
	throw new CannotStart(
		`${name} runs on Node ${description.engines.node}, and this is Node ${node} on ` +
			`${process.platform}-${process.arch}. Switch to such a Node and try again.`,
	);
}

/** @param range such as `>=20.19 <25` */
export function isWithin(version, range) {
	const [from, below] = range.match(/\d+(\.\d+)*/g).map(numbers);
	return !isLess(numbers(version), from) && isLess(numbers(version), below);
}

const numbers = (version) => version.split('.').map(Number);

function isLess([major, minor = 0], [otherMajor, otherMinor = 0]) {
	return major < otherMajor || (major === otherMajor && minor < otherMinor);
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
