import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from '../eventually';
import { nodePackage, openWorkshop, type Workshop } from './fakeNpm';

const host = path.resolve(__dirname, '../../host');
const url = (file: string) => JSON.stringify(pathToFileURL(path.join(host, file)).href);
const program = `
	import { installN8n } from ${url('installN8n.mjs')};
	import { onStopSignal } from ${url('stopSignal.mjs')};
	const [manifest, place] = process.argv.slice(1);
	await installN8n({ manifest, place }, { signal: onStopSignal() });
`;

let workshop: Workshop;
afterEach(() => rmSync(workshop.folder, { recursive: true, force: true }));

function begin(): ChildProcess {
	const { manifest, place, env } = workshop;
	const args = ['--input-type=module', '-e', program, manifest, place];
	return spawn(process.execPath, args, { env, stdio: 'ignore' });
}

const ended = async (child: ChildProcess) =>
	await new Promise<number | null>((resolve) => child.once('exit', resolve));

const modules = (file: string) => path.join(workshop.place, 'node_modules', file);

test('n8n is installed once', async () => {
	workshop = openWorkshop();
	expect(await ended(begin())).toBe(0);
	expect(await ended(begin())).toBe(0);
	expect(workshop.commands()).toEqual(['view', 'ci', 'rebuild']);
});

const addresses = () => {
	const text = readFileSync(path.join(workshop.place, 'package-lock.json'), 'utf8');
	const { packages } = JSON.parse(text) as { packages: Record<string, { resolved?: string }> };
	return Object.fromEntries(
		Object.entries(packages).map(([name, { resolved }]) => [name, resolved]),
	);
};

test('npm gets the address of each package, and asks for no list of versions', async () => {
	workshop = openWorkshop();
	await ended(begin());
	const registry = 'https://registry.example/npm';
	expect(addresses()).toMatchObject({
		'': undefined,
		'node_modules/n8n': `${registry}/n8n/-/n8n-1.0.0.tgz`,
		'node_modules/left-pad/node_modules/@scope/one': `${registry}/@scope/one/-/one-2.0.0.tgz`,
		'node_modules/alias': `${registry}/@scope/one/-/one-2.0.1.tgz`,
	});
});

test('npm finds the packages itself where a registry keeps them elsewhere', async () => {
	workshop = openWorkshop({ tarball: 'https://registry.example/files/sqlite3/1.0.0.tar' });
	expect(await ended(begin())).toBe(0);
	expect(Object.values(addresses()).filter((address) => address !== undefined)).toEqual([]);
});

test.each([
	['a package', 'left-pad/package.json', ''],
	['the Node that comes with it', `${nodePackage}/bin/${path.basename(process.execPath)}`, ''],
	['its database', 'sqlite3/build/Release/node_sqlite3.node', ''],
	["npm's own list", '.package-lock.json', '{'],
	['the mark of being finished', '.installed', 'an older one'],
])('an n8n without %s is installed again', async (_what, file, broken) => {
	workshop = openWorkshop();
	await ended(begin());
	const whole = readFileSync(modules(file), 'utf8');
	writeFileSync(modules(file), broken);
	expect(await ended(begin())).toBe(0);
	expect(readFileSync(modules(file), 'utf8')).toBe(whole);
	// SQLite's binary is kept for all lines.
	expect(workshop.commands()).toEqual(['view', 'ci', 'rebuild', 'view', 'ci']);
});

describe('an installation that ends early', () => {
	const isAlive = (pid: number) => {
		try {
			return process.kill(pid, 0);
		} catch {
			return false;
		}
	};

	test.each(['SIGTERM', 'SIGINT'] as const)('by %s leaves nothing behind', async (signal) => {
		workshop = openWorkshop({ hangs: true });
		const child = begin();
		const pids = await eventually(async () => {
			expect(workshop.processes()).toHaveLength(2);
			return workshop.processes();
		});
		child.kill(signal);
		expect(await ended(child)).toBe(1);
		await eventually(async () => expect(pids.filter(isAlive)).toEqual([]));
		expect(readdirSync(path.dirname(workshop.place))).toEqual([]);
	});

	test('by SIGKILL leaves no process behind', async () => {
		workshop = openWorkshop({ hangs: true });
		const child = begin();
		const pids = await eventually(async () => {
			expect(workshop.processes()).toHaveLength(2);
			return workshop.processes();
		});
		child.kill('SIGKILL');
		await eventually(async () => expect(pids.filter(isAlive)).toEqual([]));
	});
});
