import { execFileSync, spawn } from 'node:child_process';
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../host/n8n';
import { cacheFolder, n8nInstallation, repository } from '../../host/paths';
import { type Rest, session, signIn } from '../../host/session';
import { eventually } from '../eventually';

// A copy of the repository, because the test changes a source.
const copy = mkdtempSync(path.join(tmpdir(), 'dev-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const source = path.join(copy, 'nodes/FunnelFox/FunnelFox.node.ts');
const description = /description: "Cancel [^"]*",/;

/** The node's description in n8n's editor. */
async function descriptionIn(rest: Rest): Promise<string> {
	const nodeInfos = [{ name: 'n8n-nodes-cancellations.funnelFox', version: 1 }];
	const [type] = await rest<Array<{ description: string }>>('POST', '/node-types', { nodeInfos });
	return type.description;
}

test('npm run dev shows a saved change in the running n8n', async () => {
	const files = execFileSync('git', ['ls-files'], { cwd: repository, encoding: 'utf8' });
	for (const file of files.trim().split('\n')) {
		cpSync(path.join(repository, file), path.join(copy, file), { recursive: true });
	}
	symlinkSync(path.join(repository, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
	const { folder, line } = n8nInstallation();
	mkdirSync(path.join(copy, '.cache'));
	// As after a first npm start: it is built already.
	cpSync(path.join(repository, 'dist'), path.join(copy, 'dist'), { recursive: true });
	cpSync(path.join(cacheFolder, 'build-stamp'), path.join(copy, '.cache', 'build-stamp'));
	symlinkSync(folder, path.join(copy, '.cache', line), 'junction');
	const ports = [await freePort(), await freePort()].map(String);
	const options = ['--port', ports[0], '--sandbox-port', ports[1]];
	const child = spawn('npm', ['run', 'dev', '--', ...options], {
		cwd: copy,
		detached: true,
		env: { ...process.env, CANCELLATIONS_HOST_CACHE: '' },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const ended = new Promise((resolve) => child.once('exit', resolve));
	try {
		await eventually(async () => expect(output).toContain('Watching for file changes'), 300_000);
		const url = `http://127.0.0.1:${ports[0]}`;
		const home = path.join(copy, '.cache', 'n8n', `rehearsal-${ports[0]}`);
		const rest = session(url);
		await signIn(url, rest, home);
		writeFileSync(
			source,
			readFileSync(source, 'utf8').replace(description, "description: 'Saved a moment ago',"),
		);
		await eventually(async () => expect(await descriptionIn(rest)).toBe('Saved a moment ago'));
	} finally {
		process.kill(-child.pid!, 'SIGINT');
		await ended;
	}
}, 400_000);
