import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../eventually';

const root = path.resolve(__dirname, '../..');
const scratch = mkdtempSync(path.join(tmpdir(), 'bootstrap-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A copy of host/ in a repository without node_modules, and an npm that runs this code. */
function freshClone(name: string, npm: string) {
	const folder = path.join(scratch, name);
	mkdirSync(folder);
	cpSync(path.join(root, 'host'), path.join(folder, 'host'), { recursive: true });
	writeFileSync(path.join(folder, 'package.json'), '{}');
	const cli = path.join(folder, 'npm-cli.js');
	writeFileSync(cli, npm);
	const env = { ...process.env, npm_execpath: cli, HOME: folder };
	return { folder, env, start: path.join(folder, 'host', 'start.mjs') };
}

const failing = "console.error('no network'); process.exit(7);";
const hanging = "console.log('npm runs'); setInterval(() => undefined, 1000);";

test('no module that runs before npm ci imports a package', () => {
	const imports = new Map<string, string[]>();
	const follow = (file: string) => {
		if (imports.has(file)) return;
		const text = readFileSync(path.join(root, 'host', file), 'utf8');
		const all = [...text.matchAll(/^(?:import|\} from) .*?'([^']+)';$/gm)].map(([, from]) => from);
		imports.set(file, all);
		for (const from of all) if (from.startsWith('./')) follow(from.slice(2));
	};
	follow('start.mjs');
	expect([...imports.keys()]).toContain('bootstrap.mjs');
	const packages = [...imports.values()]
		.flat()
		.filter((from) => !from.startsWith('./') && !builtinModules.includes(from.slice(5)));
	expect(packages).toEqual([]);
});

test('npm start without dependencies runs npm ci first and reports its failure', () => {
	const { env, start } = freshClone('failing', failing);
	const { stderr, status } = spawnSync(process.execPath, [start], { env, encoding: 'utf8' });
	expect(stderr).toContain('no network');
	expect(stderr).toContain('npm ci failed with exit code 7');
	expect(status).toBe(1);
});

test('Ctrl-C during npm ci ends npm and prints "Stopped"', async () => {
	const { env, start } = freshClone('hanging', hanging);
	const child = spawn(process.execPath, [start], { env, stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const ended = new Promise((resolve) => child.once('close', resolve));
	await eventually(async () => expect(output).toContain('npm runs'));
	child.kill('SIGINT');
	expect(await ended).toBe(130);
	expect(output).toMatch(/\nStopped\n$/);
});

describe('one line warns', () => {
	const warned = (folder: string, home: string) => {
		const code = `
			import { warnings } from ${JSON.stringify(path.join(root, 'host', 'bootstrap.mjs'))};
			console.log(JSON.stringify(warnings(${JSON.stringify(folder)}, ${JSON.stringify(home)})));
		`;
		const args = ['--input-type=module', '--eval', code];
		return JSON.parse(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout) as string[];
	};

	test('of a HOME that cannot be written', () => {
		expect(warned('/repository', '/no/such/home')).toEqual([
			expect.stringContaining('/no/such/home (HOME) cannot be written'),
		]);
	});

	test("of a ' in the path, which n8n's loader cannot handle", () => {
		expect(warned("/ada's/repository", scratch)).toEqual([
			expect.stringContaining("/ada's/repository"),
		]);
	});

	test('of nothing otherwise', () => expect(warned('/repository', scratch)).toEqual([]));
});
