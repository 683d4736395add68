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
	expect(workshop.commands()).toEqual(['ci', 'rebuild']);
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
	expect(workshop.commands()).toEqual(['ci', 'rebuild', 'ci', 'rebuild']);
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
