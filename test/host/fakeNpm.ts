import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const system = process.platform === 'win32' ? 'win' : process.platform;
/** The package that carries a Node for this machine. */
export const nodePackage = `node-${system}-${process.arch}`;

/** A small stand-in for n8n, pinned by a manifest, and an npm that installs it without network. */
export interface Workshop {
	folder: string;
	manifest: string;
	place: string;
	env: NodeJS.ProcessEnv;
	/** What npm was asked for, in order. */
	commands(): string[];
	/** The processes of an npm that hangs, and of what it has started. */
	processes(): number[];
}

/**
 * @param hangs whether npm never comes to an end
 * @param tarball the address that the registry names for SQLite's package
 */
export function openWorkshop({
	hangs = false,
	tarball = 'https://registry.example/npm/sqlite3/-/sqlite3-1.0.0.tgz',
} = {}): Workshop {
	const folder = mkdtempSync(path.join(tmpdir(), 'workshop-'));
	const file = (name: string, content: unknown) =>
		writeFileSync(path.join(folder, name), JSON.stringify(content));
	file('tiny.json', {
		description: 'a tiny n8n (1 kB)',
		engines: { node: '>=20 <99' },
		config: { diskSpace: 1000 },
		optionalDependencies: { [nodePackage]: '1.0.0' },
	});
	const names = ['n8n', 'sqlite3', 'left-pad', nodePackage];
	const packages = names.map((name) => [`node_modules/${name}`, { version: '1.0.0' }]);
	file('tiny.lock.json', {
		packages: {
			...Object.fromEntries(packages),
			'': { name: 'tiny' },
			'node_modules/left-pad/node_modules/@scope/one': { version: '2.0.0' },
			'node_modules/alias': { name: '@scope/one', version: '2.0.1' },
		},
	});
	writeFileSync(path.join(folder, '.npmrc'), '');
	const log = path.join(folder, 'commands.log');
	const pids = path.join(folder, 'pids.log');
	writeFileSync(log, '');
	writeFileSync(pids, '');
	mkdirSync(path.join(folder, 'bin'));
	const npm = path.join(folder, 'bin', 'npm-cli.js');
	writeFileSync(npm, standIn({ log, pids, hangs, tarball }));
	return {
		folder,
		manifest: path.join(folder, 'tiny.json'),
		place: path.join(folder, 'shared', 'tiny'),
		env: { ...process.env, npm_execpath: npm },
		commands: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
		processes: () => readFileSync(pids, 'utf8').split('\n').filter(Boolean).map(Number),
	};
}

function standIn(known: { log: string; pids: string; hangs: boolean; tarball: string }): string {
	return `
const { spawn } = require('node:child_process');
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { log, pids, hangs, tarball } = ${JSON.stringify(known)};
const [command] = process.argv.slice(2);
appendFileSync(log, command + '\\n');
const write = (file, text) => {
	mkdirSync(file.replace(/[^/]+$/, ''), { recursive: true });
	writeFileSync(file, text);
};
if (hangs) {
	const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
	appendFileSync(pids, process.pid + '\\n' + child.pid + '\\n');
	setInterval(() => undefined, 1000);
} else if (command === 'view') {
	console.log(tarball);
} else if (command === 'ci') {
	const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
	for (const name of Object.keys(packages)) if (name) write(name + '/package.json', '{}');
	write('node_modules/.package-lock.json', JSON.stringify({ packages }));
	write('node_modules/n8n/bin/n8n', '#');
	write('node_modules/${nodePackage}/bin/${process.platform === 'win32' ? 'node.exe' : 'node'}', '#');
} else {
	write('node_modules/sqlite3/build/Release/node_sqlite3.node', '#');
}
`;
}
