import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, CannotStart, readText, repository } from './files.mjs';

const leash = fileURLToPath(new URL('leash.cjs', import.meta.url));
const patience = 5_000;

/** Somebody stopped it. */
export class Stopped extends Error {
	message = 'Stopped.';
}

/**
 * Runs npm, and tells on the terminal that it is at it. What npm says goes into a log.
 *
 * @param title what it is doing, for the person at the terminal
 * @param options.log the log's name
 * @param options.explain turns what npm said into what to do, where it knows
 * @param options.signal ends npm and all that it has started
 * @throws CannotStart with the reason; Stopped
 */
export async function npmStep(title, { args, cwd, log, say, signal, explain = () => undefined }) {
	const startedAt = Date.now();
	const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
	const isTerminal = process.stdout.isTTY === true;
	const logFile = path.join(cacheFolder, 'logs', log);
	fs.mkdirSync(path.dirname(logFile), { recursive: true });
	if (!isTerminal) say(`${title} …`);
	const ticker = isTerminal
		? setInterval(() => process.stdout.write(`\r${title} … ${seconds()}`), 1000)
		: setInterval(() => say(`  still at it, ${seconds()}`), 60_000);
	if (isTerminal) process.stdout.write(`${title} …`);
	let code;
	try {
		code = await run(npm(args, cwd), logFile, signal);
	} finally {
		clearInterval(ticker);
	}
	if (isTerminal) process.stdout.write(`\r${title}: ${seconds()}      \n`);
	else say(`  done in ${seconds()}`);
	if (code === 0) return;
	const text = readText(logFile) ?? '';
	const shown = path.relative(repository, logFile);
	const reason = explain(text) ?? explainNpm(text);
	const end = text.trim().split('\n').slice(-15).join('\n');
	throw new CannotStart(
		`${title}: stopped with exit code ${code}.\n` +
			(reason ? `${reason}\nThe whole log is in ${shown}.` : `${end}\n\nThe log is in ${shown}.`),
	);
}

/** @returns npm's exit code */
async function run({ command, args, cwd, shell }, logFile, signal) {
	if (signal?.aborted) throw new Stopped();
	const output = fs.openSync(logFile, 'w');
	const child = spawn(command, args, {
		cwd,
		shell,
		stdio: ['pipe', output, output],
		env: withoutOuterNpm(process.env),
		// A group of its own, so that a compiler that npm has started ends with it.
		detached: process.platform !== 'win32',
	});
	const ended = new Promise((resolve, reject) => {
		child.once('error', (cause) =>
			reject(new CannotStart(`${command} could not be started: ${cause.message}`)),
		);
		child.once('close', resolve);
	});
	const stop = () => {
		endGroup(child, 'SIGTERM');
		const late = setTimeout(() => endGroup(child, 'SIGKILL'), patience);
		void ended.finally(() => clearTimeout(late));
	};
	signal?.addEventListener('abort', stop, { once: true });
	try {
		const code = await ended;
		if (signal?.aborted) throw new Stopped();
		return code;
	} finally {
		signal?.removeEventListener('abort', stop);
		fs.closeSync(output);
	}
}

function endGroup(child, name) {
	try {
		if (process.platform === 'win32') child.kill(name);
		else process.kill(-child.pid, name);
	} catch (reason) {
		if (reason.code !== 'ESRCH') throw reason;
	}
}

function npm(args, cwd) {
	const cli = process.env.npm_execpath;
	// Under npm its own program is known; otherwise the shell finds npm (npm.cmd on Windows).
	return cli?.endsWith('npm-cli.js')
		? { command: process.execPath, args: ['-r', leash, cli, ...args], cwd }
		: { command: 'npm', args, cwd, shell: process.platform === 'win32' };
}

/** npm hands its settings of one folder on to a child that works in another. */
function withoutOuterNpm(env) {
	const outer = /^npm_(config_(ignore_scripts|local_prefix|prefix)|package_|lifecycle_)/;
	return Object.fromEntries(Object.entries(env).filter(([name]) => !outer.test(name)));
}

function explainNpm(text) {
	if (/ENOSPC/.test(text)) {
		return 'The disk is full. Free about 4 GB and run npm start again.';
	}
	if (
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/.test(
			text,
		)
	) {
		return (
			"npm's registry could not be reached. Check the network (and npm's proxy settings, if " +
			'there is a proxy) and run npm start again; what was downloaded already is kept.'
		);
	}
	if (/EACCES|EPERM/.test(text)) {
		return 'A file could not be written. See to it that this folder belongs to you, then run npm start again.';
	}
	return undefined;
}
