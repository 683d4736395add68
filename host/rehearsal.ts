import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { doorCredentials } from './doors';
import { scenario } from './expected';
import {
	executeWorkflow,
	freePort,
	importCredentials,
	importWorkflows,
	prepareHost,
	type WorkflowFile,
} from './n8n';
import { ownerFile, ownerOf } from './owner';
import { cacheFolder, repository } from './place';
import { endAll } from './processes';
import { report, say } from './report';
import { sandboxCredentials } from './sandboxCredentials';
import { type RunningN8n, startN8n } from './server';
import { packPackage } from './tarball';

const trigger = 'Start the rehearsal';
const usage = `npm start -- [options]
  --once              print the table and end: 0 if every outcome is the expected one
  --port 5678         where n8n's editor listens
  --sandbox-port 4010 where the sandbox listens
  --fresh             forget what was done in n8n in earlier rehearsals on this port`;

const homes = path.join(cacheFolder, 'n8n');

/**
 * Runs the rehearsal and, unless it is to run once, keeps n8n's editor open.
 *
 * @param args what stands behind `npm start --`
 * @param signal ends everything, whatever is under way
 * @returns the exit code: 0 if the outcomes are the expected ones, or the open editor was ended
 */
export async function rehearse(args: string[], signal: AbortSignal): Promise<number> {
	const stopped = new Promise<'stopped'>((resolve) => {
		if (signal.aborted) resolve('stopped');
		signal.addEventListener('abort', () => resolve('stopped'));
	});
	/** What has to be closed besides n8n. */
	const closing: Array<() => unknown> = [];
	try {
		const asked = options(args);
		const going = asked.once ? runOnce(asked, closing) : keepOpen(asked, closing);
		// What was under way when somebody stopped it may complain; that is no news.
		going.catch(() => undefined);
		const code = await Promise.race([going, stopped]);
		if (code !== 'stopped') return code;
		say('\nStopping …');
		return asked.once ? 130 : 0;
	} catch (reason) {
		say(reason instanceof Error ? reason.message : String(reason));
		return 1;
	} finally {
		await endAll();
		for (const close of closing) await close();
	}
}

type Options = ReturnType<typeof options>;

async function runOnce({ sandboxPort }: Options, closing: Array<() => unknown>): Promise<number> {
	removeForgottenHomes();
	// A home each, so that two rehearsals side by side do not share a database.
	const userFolder = path.join(homes, `once-${process.pid}`);
	closing.push(() => rmSync(userFolder, { recursive: true, force: true }));
	const sandbox = await startSandbox({ port: sandboxPort, scenario });
	closing.push(async () => await sandbox.close());
	const workflow = readWorkflow('rehearsal.json');
	await prepare(userFolder, sandbox, { fresh: true, workflows: [workflow] });
	say('Running the rehearsal …');
	return report(await executeWorkflow(userFolder, workflow.id), workflow, sandbox) ? 0 : 1;
}

async function keepOpen(asked: Options, closing: Array<() => unknown>): Promise<number> {
	const { fresh, sandboxPort } = asked;
	const port = asked.port || (await freePort());
	await refuseTakenPorts({ '--port': port, '--sandbox-port': sandboxPort });
	const sandbox = await startSandbox({ port: sandboxPort, scenario });
	closing.push(async () => await sandbox.close());
	const userFolder = path.join(homes, `rehearsal-${port}`);
	const workflow = readWorkflow('rehearsal.json');
	const isNewHome = fresh || !existsSync(ownerFile(userFolder));
	await prepare(userFolder, sandbox, { fresh, workflows: readyWorkflows() });

	say('Starting n8n …');
	const n8n = await startN8n({ userFolder, port });
	report(await n8n.finished(await n8n.run(workflow.id, trigger)), workflow, sandbox);
	// Whoever tries something now finds the customers as they were.
	sandbox.reset();
	await listen(n8n, sandbox);
	say(welcome(n8n.url, sandbox.url, workflow, signInWords(userFolder, isNewHome)));
	const code = await n8n.ended;
	say(`n8n has ended by itself, with exit code ${code}. Its log is ${shown(n8n.log)}.`);
	return 1;
}

/** From now on a customer who leaves FunnelFox by themselves starts the ready workflow for it. */
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
		...doorCredentials(ownerOf(userFolder)),
	]);
	await importWorkflows(userFolder, files);
}

/** Those of rehearsals that were cut off by something that nothing survives. */
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

/** The rehearsal and all others, for whoever looks around in the editor. */
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
			fresh: { type: 'boolean', default: false },
			port: { type: 'string' },
			'sandbox-port': { type: 'string' },
		},
	});
	const { once, fresh } = values;
	return {
		once,
		fresh,
		port: portIn('--port', values.port ?? (once ? '0' : '5678')),
		sandboxPort: portIn('--sandbox-port', values['sandbox-port'] ?? (once ? '0' : '4010')),
	};
}

function portIn(option: string, text: string): number {
	const port = Number(text);
	if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
	throw new RangeError(`${option} ${text}: this is not a port between 0 and 65535.\n\n${usage}`);
}

async function refuseTakenPorts(ports: Record<string, number>): Promise<void> {
	for (const [option, port] of Object.entries(ports)) {
		if (await isTaken(port)) {
			throw new RangeError(
				`Port ${port} is taken, perhaps by an earlier rehearsal that still runs. ` +
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
	const kept = shown(ownerFile(userFolder));
	return isNewHome
		? `  Sign in with      ${email}
  Password          ${password}   (shown this once, kept in ${kept})`
		: `  Sign in with      ${email} and the password in ${kept}`;
}

function welcome(n8n: string, sandbox: string, workflow: WorkflowFile, signIn: string): string {
	return `
n8n is running, with this package installed. Nothing in the rehearsal leaves this machine.

  The workflow      ${n8n}/workflow/${workflow.id}
  All the others    ${n8n}/home/workflows
${signIn}
  Forms             ask for the same
  The sandbox       ${sandbox}/   (who is in which state; make them misbehave)
  Stop everything   Ctrl-C

The sandbox is as it was before the rehearsal: no customer is cancelled yet.
Each npm start puts these workflows back as they were: save your changes under another name.
`;
}

function shown(file: string): string {
	return path.relative(repository, file);
}
