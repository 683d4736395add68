import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { freePort } from '../../host/n8n';
import { cacheFolder, repository } from '../../host/place';
import { owner } from '../../host/server';

const program = path.join(repository, 'host', 'start.mjs');

function start(...options: string[]) {
	return spawnSync(process.execPath, [program, ...options], { cwd: repository, encoding: 'utf8' });
}

describe('npm start -- --once', () => {
	it('prints the table and ends with 0', () => {
		const { stdout, stderr, status } = start('--once');
		expect(stderr).toBe('');
		expect(stdout).toContain('all as expected');
		expect(status).toBe(0);
	});
});

describe('npm start', () => {
	it('says so when a port is taken, and how to choose another', async () => {
		const port = await freePort();
		const other = createServer();
		await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
		const { stdout, status } = start('--port', String(port));
		await new Promise((resolve) => other.close(resolve));
		expect(stdout).toContain(`Port ${port} is taken`);
		expect(stdout).toContain(`npm start -- --port ${port + 1}`);
		expect(status).toBe(1);
	});

	it('keeps the editor open until Ctrl-C, and then ends everything', async () => {
		const [port, sandboxPort] = [await freePort(), await freePort()];
		const options = ['--port', String(port), '--sandbox-port', String(sandboxPort)];
		const child = spawn(process.execPath, [program, ...options], {
			cwd: repository,
			stdio: ['ignore', 'pipe', 'inherit'],
			detached: true,
		});
		try {
			const said = await untilSaid(child, 'Stop everything');
			const editor = `http://127.0.0.1:${port}`;
			expect(said).toContain('all as expected');
			expect(said).toContain(`${editor}/workflow/rehearsal`);
			expect(await statusOf(`${editor}/workflow/rehearsal`)).toBe(200);
			expect(await statusOf(`http://127.0.0.1:${sandboxPort}/`)).toBe(200);
			expect(await signIn(editor)).toBe(200);
		} finally {
			// To the whole group, as a terminal does.
			if (child.pid) process.kill(-child.pid, 'SIGINT');
		}
		expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
		expect(await statusOf(`http://127.0.0.1:${port}/`)).toBe('no answer');
		expect(await statusOf(`http://127.0.0.1:${sandboxPort}/`)).toBe('no answer');
		rmSync(path.join(cacheFolder, 'n8n', `rehearsal-${port}`), { recursive: true });
	});
});

async function untilSaid(child: ChildProcess, words: string): Promise<string> {
	return await new Promise((resolve, reject) => {
		let said = '';
		child.stdout?.on('data', (chunk: Buffer) => {
			said += chunk.toString();
			if (said.includes(words)) resolve(said);
		});
		child.once('close', () => reject(new Error(`npm start ended early:\n${said}`)));
	});
}

async function statusOf(url: string): Promise<number | string> {
	return await fetch(url).then(
		({ status }) => status,
		() => 'no answer',
	);
}

async function signIn(editor: string): Promise<number> {
	const { status } = await fetch(`${editor}/rest/login`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ emailOrLdapLoginId: owner.email, password: owner.password }),
	});
	return status;
}
