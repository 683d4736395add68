import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { expected, scenario } from './expected';
import {
	type Execution,
	executeWorkflow,
	freePort,
	importCredentials,
	importWorkflows,
	prepareHost,
	type WorkflowFile,
} from './n8n';
import { packPackage } from './tarball';
import { cacheFolder, repository } from './place';
import { type Result, resultsOf } from './results';
import { sandboxCredentials } from './sandboxCredentials';
import { owner, startN8n } from './server';

const trigger = 'Start the rehearsal';
const usage = `npm start -- [options]
  --once              print the table and end: 0 if every outcome is the expected one
  --port 5678         where n8n's editor listens
  --sandbox-port 4010 where the sandbox listens
  --fresh             forget what was done in n8n in earlier rehearsals on this port`;

/** What has to be ended, last one first. */
const running: Array<() => Promise<void>> = [];
let stopping: Promise<void> | undefined;

async function main(): Promise<number> {
	const { once, fresh, sandboxPort, ...asked } = options();
	const port = asked.port || (await freePort());
	if (!once) await refuseTakenPorts({ '--port': port, '--sandbox-port': sandboxPort });
	const sandbox = await startSandbox({ port: sandboxPort, scenario });
	running.push(async () => await sandbox.close());

	// A home each, so that two rehearsals side by side do not share a database.
	const home = once ? `once-${process.pid}` : `rehearsal-${port}`;
	const userFolder = path.join(cacheFolder, 'n8n', home);
	const workflow = rehearsal();
	say('Installing the packed package in n8n …');
	await prepareHost({ userFolder, tarball: await packPackage(), fresh: fresh || once });
	await importCredentials(userFolder, sandboxCredentials(sandbox.url));
	await importWorkflows(userFolder, once ? [workflow] : readyWorkflows());

	if (once) {
		say('Running the rehearsal …');
		const execution = await executeWorkflow(userFolder, workflow.id);
		const isExpected = report(execution, workflow, sandbox);
		rmSync(userFolder, { recursive: true, force: true });
		return isExpected ? 0 : 1;
	}

	say('Starting n8n …');
	const n8n = await startN8n({ userFolder, port });
	running.push(async () => await n8n.stop());
	const execution = await n8n.finished(await n8n.run(workflow.id, trigger));
	report(execution, workflow, sandbox);
	say(welcome(n8n.url, sandbox.url, workflow));
	const code = await n8n.ended;
	if (stopping) return 0;
	say(`n8n has ended by itself, with exit code ${code}. Its log is ${shown(n8n.log)}.`);
	return 1;
}

const workflows = path.join(repository, 'workflows');

function readWorkflow(file: string): WorkflowFile {
	return JSON.parse(readFileSync(path.join(workflows, file), 'utf8')) as WorkflowFile;
}

const rehearsal = () => readWorkflow('rehearsal.json');

/** The rehearsal and all others, for whoever looks around in the editor. */
function readyWorkflows(): WorkflowFile[] {
	return readdirSync(workflows)
		.filter((file) => file.endsWith('.json'))
		.map(readWorkflow);
}

function options() {
	const { values } = parseArgs({
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

/** Prints the table. @returns whether every outcome is the expected one */
function report(execution: Execution, workflow: WorkflowFile, sandbox: Sandbox): boolean {
	if (execution.status !== 'success') {
		say(`The rehearsal stopped in "${execution.lastNodeExecuted}": ${execution.message}`);
		return false;
	}
	const results = resultsOf(execution, workflow);
	say(`\n${table(results)}\n`);
	const surprises = surprisesIn(results);
	for (const surprise of surprises) say(surprise);
	const accepted = sandbox.journal().length;
	const twice = repeatedWrites(sandbox);
	if (twice.length > 0) say(`Sent twice: ${twice.join(', ')}`);
	if (surprises.length > 0 || twice.length > 0) return false;
	say(
		`${results.length} outcomes, all as expected. The sandbox took ${accepted} writes, none twice.`,
	);
	return true;
}

function repeatedWrites(sandbox: Sandbox): string[] {
	const seen = new Set<string>();
	return sandbox.journal().flatMap(({ provider, operation, record }) => {
		const write = `${provider} ${operation} ${record}`;
		if (seen.has(write)) return [write];
		seen.add(write);
		return [];
	});
}

function surprisesIn(results: Result[]): string[] {
	return Object.entries(expected).flatMap(([node, outcomes]) =>
		outcomes.flatMap((outcome, item) => {
			const result = results.find((each) => each.node === node && each.item === item);
			if (result?.outcome === outcome) return [];
			const was = result?.outcome ?? 'not tried';
			return [`${node}, item ${item + 1}: ${was}, expected ${outcome ?? 'not tried'}`];
		}),
	);
}

/** One line per item, below the name of the node that it came out of. */
function table(results: Result[]): string {
	const rows = results.map((result) => [
		String(result.item + 1),
		result.provider,
		result.target || '(empty)',
		inWords(result),
		result.effectiveAt ?? '–',
	]);
	const lines = [['item', 'provider', 'target', 'outcome', 'effective at'], ...rows];
	const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
	const [head, ...text] = lines.map((line) =>
		line
			.map((cell, column) => cell.padEnd(widths[column]))
			.join('  ')
			.trimEnd(),
	);
	const named = text.flatMap((line, index) => {
		const { node } = results[index];
		return node === results[index - 1]?.node ? [line] : ['', node, line];
	});
	return [head, widths.map((width) => '─'.repeat(width)).join('  '), ...named].join('\n');
}

function inWords({ outcome, wouldBe, duplicateOf }: Result): string {
	if (wouldBe !== undefined) return `${outcome} (would be ${wouldBe})`;
	return duplicateOf === undefined ? outcome : `${outcome} (same as item ${duplicateOf + 1})`;
}

function welcome(n8n: string, sandbox: string, workflow: WorkflowFile): string {
	return `
n8n is running, with this package installed. Nothing in the rehearsal leaves this machine.

  The workflow      ${n8n}/workflow/${workflow.id}
  All the others    ${n8n}/home/workflows   (reset the sandbox before you try one)
  Sign in with      ${owner.email}
  Password          ${owner.password}
  The sandbox       ${sandbox}/   (who is in which state; make them misbehave)
  Stop everything   Ctrl-C

Each npm start puts these workflows back as they were: save your changes under another name.
`;
}

function shown(file: string): string {
	return path.relative(repository, file);
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

async function stop(): Promise<void> {
	stopping ??= (async () => {
		for (const end of running.splice(0).reverse()) await end();
	})();
	await stopping;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		if (!stopping) say('\nStopping …');
		void stop().then(() => process.exit(0));
	});
}

main()
	.then(async (code) => {
		await stop();
		process.exitCode = code;
	})
	.catch(async (reason: unknown) => {
		// What was under way when somebody stopped it may complain; that is no news.
		if (stopping) return;
		say(reason instanceof Error ? reason.message : String(reason));
		await stop();
		process.exitCode = 1;
	});
