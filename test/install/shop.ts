import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Builds } from './builds';

/**
 * A source of packages for n8n's installer: an `npm` at the head of PATH that returns the builds and
 * passes all other commands to the real npm without network, and a proxy that blocks requests to other
 * machines. n8n's installer runs unchanged, without a registry.
 */
export interface Shop {
	/** Settings for n8n's environment. */
	env: Record<string, string>;
	/** Folder of the `npm`, for the head of PATH. */
	counter: string;
	/** The npm commands that n8n has run so far, without options. */
	commands(): string[];
	/** Hosts outside this machine that n8n requested. */
	refused(): string[];
	close(): Promise<void>;
}

export async function openShop(folder: string, builds: Builds): Promise<Shop> {
	const counter = path.join(folder, 'bin');
	const log = path.join(counter, 'commands.log');
	mkdirSync(counter, { recursive: true });
	writeFileSync(log, '');
	const npm = path.join(counter, 'npm');
	writeFileSync(npm, standIn(builds, log));
	chmodSync(npm, 0o755);
	const border = await closedBorder();
	return {
		env: {
			HTTP_PROXY: border.url,
			HTTPS_PROXY: border.url,
			http_proxy: border.url,
			https_proxy: border.url,
			NO_PROXY: '127.0.0.1,localhost',
			no_proxy: '127.0.0.1,localhost',
		},
		counter,
		commands: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
		refused: border.refused,
		close: border.close,
	};
}

/** Responds to n8n's npm commands: does a version exist, download it, is there a newer one. */
function standIn({ name, now, next, folder }: Builds, log: string): string {
	const known = JSON.stringify({ name, now, next, folder, log, real: realNpm() });
	return `#!/usr/bin/env node
const { spawnSync } = require('node:child_process');
const { appendFileSync, copyFileSync, readFileSync } = require('node:fs');
const { name, now, next, folder, log, real } = ${known};
const args = process.argv.slice(2);
const [command, wanted] = args.filter((arg) => !arg.startsWith('-'));
appendFileSync(log, [command, wanted].filter(Boolean).join(' ') + '\\n');
const asked = String(wanted).slice(name.length + 1);
const version = asked === 'latest' ? next : asked;
const isKnown = String(wanted).startsWith(name + '@') && [now, next].includes(version);
if (command === 'view' || command === 'pack') {
	if (!isKnown) {
		console.error('npm error 404 Not Found - ' + wanted);
		process.exit(1);
	}
	const file = name + '-' + version + '.tgz';
	if (command === 'pack') copyFileSync(folder + '/' + file, file);
	console.log(command === 'pack' ? file : JSON.stringify(version));
} else if (command === 'outdated') {
	const current = JSON.parse(readFileSync('package.json', 'utf8')).dependencies[name];
	const isOld = current !== undefined && current !== next;
	console.log(JSON.stringify(isOld ? { [name]: { current, wanted: current, latest: next } } : {}));
	process.exit(isOld ? 1 : 0);
} else {
	const { status } = spawnSync(real, [...args, '--offline'], { stdio: 'inherit' });
	process.exit(status ?? 1);
}
`;
}

const realNpm = () => execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();

/** A proxy that refuses all requests and records their hosts. */
async function closedBorder(): Promise<{
	url: string;
	refused: () => string[];
	close: () => Promise<void>;
}> {
	const asked = new Set<string>();
	const server = createServer((request, response) => {
		asked.add(new URL(request.url ?? '/', 'http://unknown').hostname);
		response.writeHead(403).end();
	});
	server.on('connect', (request, socket) => {
		asked.add(String(request.url).replace(/:\d+$/, ''));
		socket.on('error', () => undefined);
		socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		refused: () => [...asked],
		close: async () =>
			await new Promise((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
}
