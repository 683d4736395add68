import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { type Execution, itemsOf, type WorkflowFile } from '../../host/n8n';
import { repository } from '../../host/place';
import { sandboxCredentials } from '../../host/sandboxCredentials';
import { type RunningN8n, startN8n } from '../../host/server';
import { packPackage } from '../../host/tarball';
import { type Sandbox, startSandbox } from '../../sandbox/server';

type Pasted = Pick<WorkflowFile, 'nodes' | 'connections'>;

const page = readFileSync(path.join(repository, 'docs', 'compose.md'), 'utf8');
const blocks = [...page.matchAll(/^```json\n([^]*?)^```$/gm)].map(
	([, text]) => JSON.parse(text) as Pasted,
);

/** Outside the repository, where no other copy of n8n-workflow lies above it: as for users. */
const home = mkdtempSync(path.join(tmpdir(), 'n8n-compose-'));
const nodesFolder = path.join(home, '.n8n', 'nodes');

let sandbox: Sandbox;
let n8n: RunningN8n;
let credential: { id: string; name: string };

beforeAll(async () => {
	mkdirSync(nodesFolder, { recursive: true });
	// As docs/install.md has it, with the tarball in place of the name.
	const install = ['install', '--legacy-peer-deps', '--ignore-scripts', '--offline'];
	execFileSync('npm', [...install, '--loglevel=error', await packPackage()], { cwd: nodesFolder });
	sandbox = await startSandbox();
	n8n = await startN8n({ userFolder: home });
	const [{ type, name, data }] = sandboxCredentials(sandbox.url);
	const { id } = await n8n.rest<{ id: string }>('POST', '/credentials', { name, type, data });
	credential = { id, name };
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
	await n8n?.stop();
	await sandbox?.close();
	rmSync(home, { recursive: true, force: true });
});

describe('docs/compose.md, pasted into n8n with the package installed by hand', () => {
	test('has three blocks', () => expect(blocks).toHaveLength(3));

	test('starts every block as a dry run, but for what was agreed to', async () => {
		const switches = blocks.flatMap(({ nodes }) =>
			nodes.flatMap(({ name, parameters }) => {
				const { dryRun } = parameters as IDataObject;
				return dryRun === undefined ? [] : [`${String(name)}: ${String(dryRun)}`];
			}),
		);
		expect(switches).toEqual([
			'Cancel: true',
			'Preview: true',
			'Cancel as planned: false',
			'Cancel: true',
		]);
	});

	test('tells what has ended from what has not, and why', async () => {
		const ids = ['sub_ada', 'sub_cleo', 'sub_nobody', ''];
		const execution = await finished(await run(live(blocks[0]), ids));
		expect(targets(execution, 'Say goodbye')).toEqual(['sub_ada', 'sub_cleo']);
		expect(targets(execution, 'Correct the CRM')).toEqual(['sub_nobody']);
		expect(targets(execution, 'Ask a person')).toEqual(['']);
		expect(itemsOf(execution, 'Correct the CRM')[0].json.subscriptionId).toBe('sub_nobody');
	});

	test('asks, waits for a yes, and does what was planned', async () => {
		const execution = await waiting(await run(blocks[1], ['sub_ada']));
		const asked = String(itemsOf(await n8n.execution(execution), 'Ask')[0].json.text);
		expect(asked).toMatch(
			/^Dry run, nothing was sent\. ada@example\.com: would end on \d+ \w+ \d{4} \(FunnelFox\)\./,
		);
		expect(sandbox.journal()).toEqual([]);
		expect((await fetch(asked.replace(/^.* /s, ''))).status).toBe(200);
		const answered = await finished(execution);
		expect(outcomes(answered, 'Cancel as planned')).toEqual(['scheduled']);
		expect(sandbox.journal().map(({ target }) => target)).toEqual(['sub_ada']);
	});

	test('asks, and refuses what has changed meanwhile', async () => {
		const execution = await waiting(await run(blocks[1], ['sub_ada']));
		const asked = String(itemsOf(await n8n.execution(execution), 'Ask')[0].json.text);
		sandbox.change('funnelFox', 'sub_ada', { status: 'paused' });
		await fetch(asked.replace(/^.* /s, ''));
		const [refused] = itemsOf(await finished(execution), 'Cancel as planned', 1);
		expect(refused.json.error).toMatchObject({ outcome: 'refused' });
		expect(sandbox.journal()).toEqual([]);
	});

	test('loops, and gives every item out once', async () => {
		const ids = ['sub_ada', 'sub_ben', 'sub_nobody', 'sub_emil', 'sub_kim'];
		const execution = await finished(await run(live(blocks[2]), ids));
		expect(targets(execution, 'All answers')).toEqual(ids);
		expect(sandbox.journal().map(({ target }) => target)).toHaveLength(4);
	});
});

/** A block whose user has switched Dry Run off. */
const live = ({ nodes, connections }: Pasted): Pasted => ({
	connections,
	nodes: nodes.map((node) =>
		'dryRun' in (node.parameters as IDataObject)
			? { ...node, parameters: { ...(node.parameters as IDataObject), dryRun: false } }
			: node,
	),
});

/** Runs a block behind a list of subscriptions. @returns the execution's id */
async function run({ nodes, connections }: Pasted, ids: string[]): Promise<string> {
	const rows = JSON.stringify({ rows: ids.map((subscriptionId) => ({ subscriptionId })) });
	const chain = [
		{ name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
		{
			name: 'Data',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: rows, options: {} },
		},
		{
			name: 'List',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'rows', options: {} },
		},
	].map((node) => ({ ...node, id: node.name, position: [0, 0] }));
	const pasted = nodes.map((node) =>
		String(node.type).endsWith('.funnelFox')
			? { ...node, credentials: { funnelFoxApi: credential } }
			: node,
	);
	const link = (node: unknown) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	const content = {
		name: 'Composed',
		nodes: [...chain, ...pasted],
		connections: {
			Start: link('Data'),
			Data: link('List'),
			List: link(nodes[0].name),
			...connections,
		},
		settings: { executionOrder: 'v1' },
		active: false,
	};
	const workflowData = await n8n.rest<WorkflowFile>('POST', '/workflows', content);
	// n8n 1.123 wants the whole workflow with the command to run it; newer ones pass over it.
	const { executionId } = await n8n.rest<{ executionId: string }>(
		'POST',
		`/workflows/${workflowData.id}/run`,
		{ workflowData, triggerToStartFrom: { name: 'Start' } },
	);
	return executionId;
}

async function finished(execution: string): Promise<Execution> {
	const ended = await n8n.finished(execution);
	expect(ended.message).toBeUndefined();
	return ended;
}

async function waiting(execution: string): Promise<string> {
	for (;;) {
		const { status } = await n8n.rest<{ status: string }>('GET', `/executions/${execution}`);
		if (status === 'waiting') return execution;
		if (!['new', 'running'].includes(status)) throw new Error(`It is ${status}, not waiting.`);
		await wait(100);
	}
}

const facts = (json: IDataObject) => (json.error ?? json) as IDataObject;
const targets = (execution: Execution, node: string) =>
	allItems(execution, node).map((json) => facts(json).target);
const outcomes = (execution: Execution, node: string) =>
	allItems(execution, node).map((json) => facts(json).outcome);

/** Of all the runs of a node: one that two branches lead to runs for each of them. */
const allItems = ({ runData }: Execution, node: string) =>
	(runData[node] ?? []).flatMap(({ data }) => (data?.main[0] ?? []).map(({ json }) => json));
