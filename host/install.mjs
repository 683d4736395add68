/**
 * Puts in place what `npm start` and the tests need: the repository's own dependencies, the built
 * package, and a real n8n. It runs before anything is installed, so it is plain Node and imports
 * nothing but Node. By itself: `node host/install.mjs n8n-2 n8n-1` (each the name of a manifest in
 * this folder).
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
	cacheFolder,
	CannotStart,
	checkDiskSpace,
	digest,
	filesIn,
	readJson,
	readText,
	repository,
} from './files.mjs';
import { installHost, isWithin, nodeFile, placeOf } from './installHost.mjs';
import { onSignal } from './signals.mjs';
import { npmStep, Stopped } from './step.mjs';

/** The n8n that host/n8n.ts drives, too. */
export const chosenLine = process.env.CANCELLATIONS_N8N ?? 'n8n-2';

const oldestNode = '20.19';
const diskSpaceForPackage = 0.8e9;

/**
 * Installs what is missing and builds the package if its source changed. The second run only
 * compares.
 *
 * @param lines of n8n, by the names of their manifests
 * @throws CannotStart with what happened and what to do; Stopped
 */
export async function install(lines, { say = console.log, signal } = {}) {
	checkNode();
	fs.mkdirSync(cacheFolder, { recursive: true });
	await installRepository(say, signal);
	for (const line of lines) await installLine(line, { say, signal });
	await buildPackage(say, signal);
}

function checkNode() {
	if (isWithin(process.versions.node, `>=${oldestNode} <1000`)) return;
	throw new CannotStart(
		`This is Node ${process.versions.node}; Node ${oldestNode} or newer is needed. ` +
			'Install a newer Node (24 is a good choice) and run npm start again.',
	);
}

async function installRepository(say, signal) {
	if (hasLockedPackages(repository)) return;
	checkDiskSpace(repository, diskSpaceForPackage);
	await npmStep('Installing the dependencies of this repository (about a minute)', {
		args: ['ci', '--loglevel=error'],
		cwd: repository,
		log: 'install-repository.log',
		say,
		signal,
	});
}

/** Installs a line of n8n and tells place.ts where it is. */
async function installLine(line, { say, signal }) {
	const manifest = path.join(repository, 'host', `${line}.json`);
	const folder = placeOf(manifest);
	const { program, node = ownNode(line) } = await installHost(
		{ manifest, place: folder },
		{ say, signal },
	);
	const place = JSON.stringify({ line, folder, node, program }, null, '\t');
	fs.writeFileSync(path.join(cacheFolder, `${line}.json`), place);
}

/** Our own Node, in a folder without npm, so that a test can put another npm into the path. */
function ownNode(line) {
	const node = path.join(cacheFolder, `${line}-node`, nodeFile);
	fs.mkdirSync(path.dirname(node), { recursive: true });
	fs.rmSync(node, { force: true });
	if (process.platform === 'win32') fs.copyFileSync(process.execPath, node);
	else fs.symlinkSync(process.execPath, node);
	return node;
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

async function buildPackage(say, signal) {
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
	await npmStep('Building the package', {
		args: ['run', 'build'],
		cwd: repository,
		log: 'build.log',
		say,
		signal,
	});
	fs.writeFileSync(stampFile, stamp());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const lines = process.argv.slice(2);
	install(lines.length > 0 ? lines : [chosenLine], { signal: onSignal() }).catch((reason) => {
		console.error(
			reason instanceof CannotStart || reason instanceof Stopped ? reason.message : reason,
		);
		process.exitCode = 1;
	});
}
