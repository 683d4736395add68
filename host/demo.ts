import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { formCredentials } from './formCredentials';
import { scenario } from './expectedOutcomes';
import {
	executeWorkflow,
	freePort,
	importCredentials,
	importWorkflows,
	prepareHost,
	type WorkflowFile,
} from './n8n';
import { ownerFile, ownerOf } from './owner';
import { cacheFolder, repository } from './paths';
import { endAll } from './processes';
import { report, say } from './report';
import { sandboxCredentials } from './sandboxCredentials';
import { type RunningN8n, startN8n } from './server';
import { packPackage } from './tarball';
import { reloadSettings, watchSources } from './watchSources';

const trigger = 'Start the rehearsal';
const usage = `npm start -- [options]
  --once              print the table and exit: 0 if all outcomes are as expected
  --dev               compile after each save; n8n reloads the nodes (npm run dev)
  --port 5678         port of n8n's editor
  --sandbox-port 4010 port of the sandbox
  --fresh             delete the n8n data of earlier runs on this port`;

const homes = path.join(cacheFolder, 'n8n');

/**
 * Runs the rehearsal workflow and, without `--once`, keeps n8n's editor open.
 *
 * @param args the arguments after `npm start --`
 * @param signal ends all processes
 * @returns the exit code: 0 if the outcomes are as expected, or the user ended the open editor
 */
export async function runDemo(args: string[], signal: AbortSignal): Promise<number> {
	const stopped = new Promise<'stopped'>((resolve) => {
		if (signal.aborted) resolve('stopped');
		signal.addEventListener('abort', () => resolve('stopped'));
	});
	/** Closes all resources except n8n. */
	const closing: Array<() => unknown> = [];
	let isStopped = false;
	try {
		const chosen = options(args);
		const running = chosen.once ? runOnce(chosen, closing) : keepOpen(chosen, closing, signal);
		// After a stop, errors of the ended processes are expected.
		running.catch(() => undefined);
		const code = await Promise.race([running, stopped]);
		if (code !== 'stopped') return code;
		isStopped = true;
		say('\nStopping …');
		return chosen.once ? 130 : 0;
	} catch (reason) {
		say(reason instanceof Error ? reason.message : String(reason));
		return 1;
	} finally {
		await endAll();
		for (const close of closing) await close();
		if (isStopped) say('Stopped');
	}
}

type Options = ReturnType<typeof options>;

async function runOnce({ sandboxPort }: Options, closing: Array<() => unknown>): Promise<number> {
	removeForgottenHomes();
	// A home for each run, so that two runs at once do not share a database.
	const userFolder = path.join(homes, `once-${process.pid}`);
	closing.push(() => rmSync(userFolder, { recursive: true, force: true }));
	const sandbox = await startSandbox({ port: sandboxPort, scenario });
	closing.push(async () => await sandbox.close());
	const workflow = readWorkflow('rehearsal.json');
	await prepare(userFolder, sandbox, { fresh: true, workflows: [workflow] });
	say('Running the rehearsal …');
	return report(await executeWorkflow(userFolder, workflow.id), workflow, sandbox) ? 0 : 1;
}

async function keepOpen(
	chosen: Options,
	closing: Array<() => unknown>,
	signal: AbortSignal,
): Promise<number> {
	const { fresh, sandboxPort } = chosen;
	const port = chosen.port || (await freePort());
	await refuseTakenPorts({ '--port': port, '--sandbox-port': sandboxPort });
	const sandbox = await startSandbox({ port: sandboxPort, scenario });
	closing.push(async () => await sandbox.close());
	const userFolder = path.join(homes, `rehearsal-${port}`);
	const workflow = readWorkflow('rehearsal.json');
	const isNewHome = fresh || !existsSync(ownerFile(userFolder));
	await prepare(userFolder, sandbox, { fresh, workflows: readyWorkflows() });

	say('Starting n8n …');
	const n8n = await startN8n({ userFolder, port, env: chosen.dev ? reloadSettings : {} });
	report(await n8n.finished(await n8n.run(workflow.id, trigger)), workflow, sandbox);
	// The user starts with the customers as they were before the rehearsal.
	sandbox.reset();
	await listen(n8n, sandbox);
	say(welcome(n8n.url, sandbox.url, workflow, signInWords(userFolder, isNewHome)));
	if (chosen.dev) watchSources(userFolder);
	const code = await n8n.ended;
	// Ctrl-C reaches n8n, too.
	if (!signal.aborted) say(`n8n ended with exit code ${code}. Its log is ${shown(n8n.log)}.`);
	return 1;
}

/** Connects the sandbox to the workflow for customers who cancel at FunnelFox themselves. */
async function listen(n8n: RunningN8n, sandbox: Sandbox): Promise<void> {
	const { id, nodes } = readWorkflow('customer-leaves.json');
	const hook = nodes.find(({ webhookId }) => webhookId !== undefined)?.webhookId;
	await n8n.activate(id);
	sandbox.pasteWebhook('funnelFox', { url: `${n8n.url}/webhook/${String(hook)}/webhook` });
}

async function prepare(
	userFolder: string,
	sandbox: Sandbox,
	{ fresh, workflows: files }: { fresh: boolean; workflows: WorkflowFile[] },
): Promise<void> {
	say('Installing the packed package in n8n …');
	await prepareHost({ userFolder, tarball: await packPackage(), fresh });
	await importCredentials(userFolder, [
		...sandboxCredentials(sandbox.url),
		...formCredentials(ownerOf(userFolder)),
	]);
	await importWorkflows(userFolder, files);
}

/** Removes the homes of runs that a SIGKILL or a power cut ended. */
function removeForgottenHomes(): void {
	if (!existsSync(homes)) return;
	for (const name of readdirSync(homes)) {
		const [, pid] = /^once-(\d+)$/.exec(name) ?? [];
		if (pid === undefined || isAlive(Number(pid))) continue;
		rmSync(path.join(homes, name), { recursive: true, force: true });
	}
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (reason) {
		return (reason as NodeJS.ErrnoException).code !== 'ESRCH';
	}
}

const workflows = path.join(repository, 'workflows');

function readWorkflow(file: string): WorkflowFile {
	return JSON.parse(readFileSync(path.join(workflows, file), 'utf8')) as WorkflowFile;
}

/** All workflows of this repository. */
export function readyWorkflows(): WorkflowFile[] {
	return readdirSync(workflows)
		.filter((file) => file.endsWith('.json'))
		.map(readWorkflow);
}

function options(args: string[]) {
	const { values } = parseArgs({
		args,
		options: {
			once: { type: 'boolean', default: false },
			dev: { type: 'boolean', default: false },
			fresh: { type: 'boolean', default: false },
			port: { type: 'string' },
			'sandbox-port': { type: 'string' },
		},
	});
	const { once, dev, fresh } = values;
	return {
		once,
		dev,
		fresh,
		port: portIn('--port', values.port ?? (once ? '0' : '5678')),
		sandboxPort: portIn('--sandbox-port', values['sandbox-port'] ?? (once ? '0' : '4010')),
	};
}

function portIn(option: string, text: string): number {
	const port = Number(text);
	if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
	throw new RangeError(`${option} ${text} is not a port between 0 and 65535.\n\n${usage}`);
}

async function refuseTakenPorts(ports: Record<string, number>): Promise<void> {
	for (const [option, port] of Object.entries(ports)) {
		if (await isTaken(port)) {
			throw new RangeError(
				`Port ${port} is taken, perhaps by an earlier npm start. ` +
					`End that one, or choose another port: npm start -- ${option} ${port + 1}`,
			);
		}
	}
}

async function isTaken(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(true));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
	});
}

function signInWords(userFolder: string, isNewHome: boolean): string {
	const { email, password } = ownerOf(userFolder);
	const file = shown(ownerFile(userFolder));
	return isNewHome
		? `${email}, password ${password} (shown only now; saved in ${file})`
		: `${email} and the password in ${file}`;
}

/** What to do next, in at most ten lines. */
function welcome(n8n: string, sandbox: string, workflow: WorkflowFile, signIn: string): string {
	return `
n8n runs with this package. All requests stay on this machine, and no customer is cancelled yet.

  1. Open           ${n8n}/workflow/${workflow.id}   (all workflows: ${n8n}/home/workflows)
  2. Sign in with   ${signIn}
  3. Execute the workflow, and compare the outcomes with the table above. Next: docs/tutorial.md
  4. See customers  ${sandbox}/   (and make the providers fail)
  5. Stop           Ctrl-C. Each npm start restores these workflows: save changes under another name.
`;
}

function shown(file: string): string {
	return path.relative(repository, file);
}
