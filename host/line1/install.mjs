/**
 * Puts n8n 1.123 in place for the install tests, in .cache/line1, or in the folder that
 * CANCELLATIONS_HOST_CACHE names. It runs on the Node that runs this: 20.19 to 24.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotStart, repository } from '../install.mjs';

const source = path.dirname(fileURLToPath(import.meta.url));
const cache = path.join(repository, '.cache');
const logs = path.join(cache, 'logs');
const manifest = ['package.json', 'package-lock.json', '.npmrc'];

const stamp = [
	createHash('sha256')
		.update(fs.readFileSync(path.join(source, 'package-lock.json')))
		.digest('hex')
		.slice(0, 16),
	process.platform,
	process.arch,
].join('-');

const shared = process.env.CANCELLATIONS_HOST_CACHE;
const home = shared ? path.join(path.resolve(shared), `line1-${stamp}`) : path.join(cache, 'line1');

async function install() {
	checkNode();
	fs.mkdirSync(logs, { recursive: true });
	if (!isInstalled()) await installApart();
	writePlace();
}

/** Several clones may fill a shared folder at once: each works apart, and the first one stays. */
async function installApart() {
	const folder = shared ? `${home}.${process.pid}` : home;
	fs.mkdirSync(folder, { recursive: true });
	try {
		await fill(folder);
		if (folder !== home && !fs.existsSync(home)) fs.renameSync(folder, home);
	} finally {
		if (folder !== home) fs.rmSync(folder, { recursive: true, force: true });
	}
}

function checkNode() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	if ((major > 20 || (major === 20 && minor >= 19)) && major <= 24) return;
	throw new CannotStart(
		`n8n 1.123 runs on Node 20.19 to 24, and this is Node ${process.versions.node}. ` +
			'Switch to Node 22 and run npm run test:install again.',
	);
}

function isInstalled() {
	const file = path.join(home, 'node_modules', '.installed');
	return fs.existsSync(file) && fs.readFileSync(file, 'utf8') === stamp;
}

async function fill(folder) {
	for (const name of manifest) fs.copyFileSync(path.join(source, name), path.join(folder, name));
	await step(
		folder,
		'Installing n8n 1.123 (1.4 GB, two to four minutes, only once)',
		'install-line1.log',
		['ci', '--ignore-scripts', '--legacy-peer-deps', '--loglevel=error'],
	);
	// n8n's other packages with install scripts ship what they need; SQLite does not.
	await step(
		folder,
		'Preparing its database (one to two minutes, only once)',
		'install-line1-sqlite.log',
		['rebuild', 'sqlite3', '--ignore-scripts=false', '--foreground-scripts', '--loglevel=error'],
	);
	const sqlite = path.join(folder, 'node_modules/sqlite3/build/Release/node_sqlite3.node');
	if (!fs.existsSync(sqlite)) {
		throw new CannotStart(
			`SQLite was not built: ${sqlite} is missing. The log is .cache/logs/install-line1-sqlite.log.`,
		);
	}
	fs.writeFileSync(path.join(folder, 'node_modules', '.installed'), stamp);
}

/**
 * Tells the TypeScript side (place.ts) where n8n is. The Node that runs it gets a folder without
 * npm, so that a test can put another npm into the path.
 */
function writePlace() {
	const node = path.join(cache, 'line1-node', process.platform === 'win32' ? 'node.exe' : 'node');
	fs.mkdirSync(path.dirname(node), { recursive: true });
	fs.rmSync(node, { force: true });
	if (process.platform === 'win32') fs.copyFileSync(process.execPath, node);
	else fs.symlinkSync(process.execPath, node);
	const program = path.join(home, 'node_modules', 'n8n', 'bin', 'n8n');
	const place = { folder: home, node, program };
	fs.writeFileSync(path.join(cache, 'line1.json'), JSON.stringify(place, null, '\t'));
}

async function step(folder, title, log, args) {
	const startedAt = Date.now();
	const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
	const file = path.join(logs, log);
	const output = fs.openSync(file, 'w');
	console.log(`${title} …`);
	const ticker = setInterval(() => console.log(`  still at it, ${seconds()}`), 30_000);
	const code = await new Promise((resolve, reject) => {
		const child = spawn('npm', args, {
			cwd: folder,
			shell: process.platform === 'win32',
			stdio: ['ignore', output, output],
			env: withoutOuterNpm(process.env),
		});
		child.once('error', reject);
		child.once('close', resolve);
	}).finally(() => {
		clearInterval(ticker);
		fs.closeSync(output);
	});
	if (code !== 0) {
		const end = fs.readFileSync(file, 'utf8').trim().split('\n').slice(-15).join('\n');
		throw new CannotStart(`${title}: stopped with exit code ${code}.\n${end}`);
	}
	console.log(`  done in ${seconds()}`);
}

/** npm hands its settings of one folder on to a child that works in another. */
function withoutOuterNpm(env) {
	const outer = /^npm_(config_(ignore_scripts|local_prefix|prefix)|package_|lifecycle_)/;
	return Object.fromEntries(Object.entries(env).filter(([name]) => !outer.test(name)));
}

install().catch((reason) => {
	console.error(reason instanceof CannotStart ? reason.message : reason);
	process.exitCode = 1;
});
