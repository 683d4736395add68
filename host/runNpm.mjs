import { execa } from 'execa';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
	cacheFolder,
	CannotStart,
	readText,
	repository,
	Stopped,
	withoutOuterNpm,
} from './files.mjs';

const watchdog = fileURLToPath(new URL('parentWatchdog.cjs', import.meta.url));
const killDelayMs = 5_000;

/**
 * Runs npm and writes its output to a log.
 *
 * @param title names the step in an error
 * @param options.log the name of the log file
 * @param options.explain maps npm's output to an instruction; undefined if the output is not known
 * @param options.env variables beside those of this process
 * @param options.signal ends npm and all processes that npm has started
 * @returns npm's output
 * @throws CannotStart with the reason; Stopped
 */
export async function runNpm(title, options) {
	const { args, cwd, log, env, signal, explain = () => undefined } = options;
	if (signal?.aborted) throw new Stopped();
	const logFile = path.join(cacheFolder, 'logs', log);
	fs.mkdirSync(path.dirname(logFile), { recursive: true });
	const output = fs.openSync(logFile, 'w');
	const [command, ...allArgs] = [...npmCommand(), ...args];
	const child = execa(command, allArgs, {
		cwd,
		env: { ...withoutOuterNpm(process.env), ...env },
		extendEnv: false,
		// The watchdog in npm waits for the end of its standard input.
		stdio: ['pipe', output, output],
		// A process group of its own, so that a compiler that npm has started ends with npm.
		detached: process.platform !== 'win32',
		buffer: false,
		reject: false,
	});
	const stop = () => {
		endGroup(child, 'SIGTERM');
		const late = setTimeout(() => endGroup(child, 'SIGKILL'), killDelayMs);
		void child.finally(() => clearTimeout(late));
	};
	signal?.addEventListener('abort', stop, { once: true });
	const result = await child;
	signal?.removeEventListener('abort', stop);
	fs.closeSync(output);
	if (signal?.aborted) throw new Stopped();
	const text = readText(logFile) ?? '';
	if (!result.failed) return text;
	const reason = explain(text) ?? explainNpm(text);
	const end = text.trim().split('\n').slice(-15).join('\n') || result.shortMessage;
	throw new CannotStart(
		`${title}: npm failed${result.exitCode === undefined ? '' : ` with exit code ${result.exitCode}`}.\n` +
			`${reason ?? end}\nThe log is in ${path.relative(repository, logFile)}.`,
	);
}

function endGroup(child, name) {
	try {
		if (process.platform === 'win32') child.kill(name);
		else if (child.pid !== undefined) process.kill(-child.pid, name);
	} catch (reason) {
		if (reason.code !== 'ESRCH') throw reason;
	}
}

/** The npm that runs this program, with the watchdog; otherwise the first npm in the path. */
function npmCommand() {
	const cli = process.env.npm_execpath;
	return cli?.endsWith('npm-cli.js') ? [process.execPath, '-r', watchdog, cli] : ['npm'];
}

const networkError =
	/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/;

function explainNpm(text) {
	if (/ENOSPC/.test(text)) return 'The disk is full. Free about 4 GB and run npm start again.';
	if (networkError.test(text)) {
		return (
			"npm cannot reach its registry. Check the network (and npm's proxy settings, if there is " +
			'a proxy) and run npm start again. npm keeps what it has already downloaded.'
		);
	}
	if (/EACCES|EPERM/.test(text)) {
		return 'npm cannot write a file. Make sure that you own this folder, then run npm start again.';
	}
	return undefined;
}
