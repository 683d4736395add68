import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { type Execution, itemsOf, type WorkflowFile } from '../../host/n8n';
import { repository } from '../../host/paths';
import { sandboxCredentials } from '../../host/sandboxCredentials';
import { type RunningN8n, startN8n } from '../../host/server';
import { packPackage } from '../../host/tarball';
import { type Sandbox, startSandbox } from '../../sandbox/server';
import { itemListNodes } from '../e2e/n8nInstance';
import { eventually } from '../eventually';
import { testCredentials } from './credentials';

type PastedBlock = Pick<WorkflowFile, 'nodes' | 'connections'>;

function blocksOf(page: string): PastedBlock[] {
	const text = readFileSync(path.join(repository, 'docs', page), 'utf8');
	return [...text.matchAll(/^```json\n([^]*?)^```$/gm)].map(
		([, block]) => JSON.parse(block) as PastedBlock,
	);
}

const blocks = ['compose.md', 'bulk.md', 'messages.md'].flatMap(blocksOf);

/** Outside the repository, where no other copy of n8n-workflow lies above it: as for users. */
const home = mkdtempSync(path.join(tmpdir(), 'n8n-compose-'));
const nodesFolder = path.join(home, '.n8n', 'nodes');

let sandbox: Sandbox;
let n8n: RunningN8n;
/** By type. */
const credentials: Record<string, { id: string; name: string }> = {};
const credentialTypes: Record<string, string> = {
	'n8n-nodes-cancellations.funnelFox': 'funnelFoxApi',
	'n8n-nodes-cancellations.firstPromoter': 'firstPromoterApi',
	'n8n-nodes-cancellations.reditus': 'reditusApi',
};

beforeAll(async () => {
	mkdirSync(nodesFolder, { recursive: true });
	// As in docs/install.md, with the tarball in place of the name.
	const install = ['install', '--legacy-peer-deps', '--ignore-scripts', '--offline'];
	execFileSync('npm', [...install, '--loglevel=error', await packPackage()], { cwd: nodesFolder });
	sandbox = await startSandbox();
	n8n = await startN8n({ userFolder: home });
	for (const { type, name, data } of sandboxCredentials(sandbox.url)) {
		if (type in credentials || !Object.values(credentialTypes).includes(type)) continue;
		const { id } = await n8n.rest<{ id: string }>('POST', '/credentials', { name, type, data });
		credentials[type] = { id, name };
	}
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
	await n8n?.stop();
	await sandbox?.close();
	rmSync(home, { recursive: true, force: true });
});

describe('the how-to pages, pasted into n8n with the package installed by hand', () => {
	test('have five blocks', () => expect(blocks).toHaveLength(5));

	test('ends by e-mail address, in one node', async () => {
		const rows = ['ada', 'twin', 'over', 'zoe'].map((who) => ({ email: `${who}@example.com` }));
		const execution = await finished(await run(blocks[0], rows));
		expect(itemsOf(execution, 'Cancel by e-mail', 0).map(({ json }) => json)).toMatchObject([
			{ outcome: 'scheduled', target: 'sub_ada', foundBy: 'ada@example.com' },
			{ outcome: 'alreadyCancelled', target: 'sub_over_2', foundBy: 'over@example.com' },
		]);
		const failed = itemsOf(execution, 'Cancel by e-mail', 1).map(({ json }) => json.error);
		expect(failed).toMatchObject([
			{ outcome: 'refused', candidates: [{ target: 'sub_twin_1' }, { target: 'sub_twin_2' }] },
			{ outcome: 'notFound', target: 'zoe@example.com' },
		]);
		expect(sandbox.journal().map(({ target }) => target)).toEqual(['sub_ada']);
	});

	test('tells what has ended from what has not, and why', async () => {
		const ids = ['sub_ada', 'sub_cleo', 'sub_nobody', ''];
		const execution = await finished(await run(blocks[1], listed(ids)));
		expect(targets(execution, 'Say goodbye')).toEqual(['sub_ada', 'sub_cleo']);
		expect(targets(execution, 'Correct the CRM')).toEqual(['sub_nobody']);
		expect(targets(execution, 'Ask a person')).toEqual(['']);
		expect(itemsOf(execution, 'Correct the CRM')[0].json.subscriptionId).toBe('sub_nobody');
	});

	test('asks, waits for a yes, and does what was planned', async () => {
		const execution = await waiting(await run(blocks[2], listed(['sub_ada'])));
		const asked = String(itemsOf(await n8n.execution(execution), 'Ask')[0].json.text);
		expect(asked).toMatch(/^ada@example\.com: would end on \d+ \w+ \d{4} \(FunnelFox, dry run\)\./);
		expect(sandbox.journal()).toEqual([]);
		expect((await fetch(asked.replace(/^.* /s, ''))).status).toBe(200);
		const answered = await finished(execution);
		expect(outcomes(answered, 'Cancel as planned')).toEqual(['scheduled']);
		expect(sandbox.journal().map(({ target }) => target)).toEqual(['sub_ada']);
	});

	test('asks, and refuses what has changed meanwhile', async () => {
		const execution = await waiting(await run(blocks[2], listed(['sub_ada'])));
		const asked = String(itemsOf(await n8n.execution(execution), 'Ask')[0].json.text);
		sandbox.change('funnelFox', 'sub_ada', { status: 'paused' });
		await fetch(asked.replace(/^.* /s, ''));
		const [refused] = itemsOf(await finished(execution), 'Cancel as planned', 1);
		expect(refused.json.error).toMatchObject({ outcome: 'refused' });
		expect(sandbox.journal()).toEqual([]);
	});

	test('loops, and gives every item out once', async () => {
		const ids = ['sub_ada', 'sub_ben', 'sub_nobody', 'sub_emil', 'sub_kim'];
		const execution = await finished(await run(blocks[3], listed(ids)));
		expect(targets(execution, 'All answers')).toEqual(ids);
		expect(sandbox.journal().map(({ target }) => target)).toHaveLength(4);
	});

	test('makes a message for every customer, also where a step fails', async () => {
		const rows = ['ada', 'zoe', 'kim'].map((who) => ({
			body: { email: `${who}@example.com`, reason: 'Too expensive' },
		}));
		const failing = { provider: 'reditus', target: 'kim@example.com', times: 0 };
		sandbox.fault({ ...failing, kind: 'serverErrorBefore' });
		const execution = await finished(await run(live(blocks[4]), rows));
		const messages = (node: string) =>
			allItems(execution, node).map(({ message }) => String(message).split('\n'));
		expect(messages('Message')).toEqual([
			[
				expect.stringMatching(/^ada@example\.com: cancelled, ends on .* \(FunnelFox\)$/),
				'ada@example.com: recorded as cancelled (FirstPromoter)',
				'ada@example.com: marked as churned (Reditus)',
			],
		]);
		expect(messages('Message of a failure').sort()).toEqual([
			[
				expect.stringMatching(/^kim@example\.com: cancelled, ends on .* \(FunnelFox\)$/),
				expect.stringMatching(/^kim@example\.com: not marked as churned\. /),
			],
			[expect.stringMatching(/^zoe@example\.com: FunnelFox has no subscription with this/)],
		]);
	});
});

/** The block with every dry run switched off. */
const live = ({ nodes, connections }: PastedBlock): PastedBlock => ({
	connections,
	nodes: nodes.map((node) => {
		const parameters = node.parameters as IDataObject;
		return 'dryRun' in parameters
			? { ...node, parameters: { ...parameters, dryRun: false } }
			: node;
	}),
});

/** Each trigger in a workflow of its own. */
describe('the triggers, in the same n8n', () => {
	async function save(name: string, type: string, more: IDataObject = {}): Promise<string> {
		const account = sandboxCredentials(sandbox.url).filter((one) => one.type === type)[0];
		const { data } = account;
		const made = await n8n.rest<{ id: string }>('POST', '/credentials', { name, type, data });
		const parameters = { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...more };
		const trigger = {
			...{ id: name, name: 'Trigger', typeVersion: 1, position: [0, 0], webhookId: name },
			type: `n8n-nodes-cancellations.${name}`,
			parameters,
			credentials: { [type]: { id: made.id, name } },
		};
		const settings = { executionOrder: 'v1' };
		const content = { name, nodes: [trigger], connections: {}, settings, active: false };
		const { id } = await n8n.rest<{ id: string }>('POST', '/workflows', content);
		return id;
	}

	/** n8n 1.123 uses one call for all changes. */
	async function turn(id: string, active: boolean): Promise<void> {
		if (process.env.CANCELLATIONS_N8N === 'n8n-1') {
			await n8n.rest('PATCH', `/workflows/${id}`, { active });
		} else if (active) await n8n.activate(id);
		else await n8n.rest('POST', `/workflows/${id}/deactivate`);
	}

	/** Waits for a number of executions. @returns their trigger items */
	async function began(id: string, count: number): Promise<IDataObject[]> {
		const all = await eventually(async () => {
			const executions = await n8n.executions(id);
			expect(executions).toHaveLength(count);
			return executions;
		});
		const ended = await Promise.all(all.map(async (one) => await finished(one.id)));
		return ended.flatMap((one) => itemsOf(one, 'Trigger').map(({ json }) => json));
	}

	test('of FirstPromoter registers, starts once per cancellation, and is removed', async () => {
		const id = await save('firstPromoterTrigger', 'firstPromoterV2Api');
		await turn(id, true);
		const registered = async (count: number) =>
			await eventually(async () => expect(sandbox.webhooks('firstPromoter')).toHaveLength(count));
		await registered(1);
		sandbox.deliveryFault('firstPromoter', 'twice');
		sandbox.customerCancels('firstPromoter', 'ada@example.com');
		await sandbox.deliveriesDone();
		sandbox.deliveryFault('firstPromoter', 'wrongSecret');
		sandbox.customerCancels('firstPromoter', 'dora@example.com');
		await eventually(async () =>
			expect(sandbox.deliveries('firstPromoter').at(-1)).toMatchObject({ status: 401 }),
		);
		expect(await began(id, 1)).toMatchObject([
			{ outcome: 'cancelled', ended: true, target: 'ada@example.com' },
		]);
		await turn(id, false);
		await registered(0);
	});

	test('of FunnelFox receives calls at its URL', async () => {
		const id = await save('funnelFoxTrigger', 'funnelFoxApi');
		await turn(id, true);
		sandbox.pasteWebhook('funnelFox', { url: `${n8n.url}/webhook/funnelFoxTrigger/webhook` });
		sandbox.customerCancels('funnelFox', 'sub_ada', { source: 'api' });
		sandbox.customerCancels('funnelFox', 'sub_ben', { source: 'psp' });
		expect(await began(id, 1)).toMatchObject([
			{ outcome: 'scheduled', ended: true, target: 'sub_ben', source: 'psp' },
		]);
		sandbox.pasteWebhook('funnelFox', null);
	});

	test.each([
		['Reditus', 'reditusTrigger', 'reditusApi', 'cus_ada', 'cancelled'],
		[
			'Smokeball',
			'smokeballTrigger',
			'smokeballApi',
			'b471682e-fa17-4e46-b7fe-000000000001',
			'scheduled',
		],
	])(
		'of %s reports cancellations that it missed while it was inactive',
		async (_, name, type, target, outcome) => {
			const id = await save(name, type);
			const provider = type.replace('Api', '');
			await turn(id, true);
			// n8n 2.41 polls and saves the cursor after its response.
			await eventually(async () => expect(sandbox.requests(provider)).not.toEqual([]));
			await wait(1000);
			await turn(id, false);
			sandbox.customerCancels(provider, target);
			await turn(id, true);
			expect(await began(id, 1)).toMatchObject([{ outcome, ended: true }]);
			await turn(id, false);
		},
	);
});

describe('the credentials, in the same n8n', () => testCredentials(() => n8n));

const listed = (ids: string[]) => ids.map((subscriptionId) => ({ subscriptionId }));

/** Runs a block behind a list of rows. @returns the execution's id */
async function run({ nodes, connections }: PastedBlock, list: IDataObject[]): Promise<string> {
	const chain = itemListNodes(list);
	const pasted = nodes.map((node) => {
		const type = credentialTypes[String(node.type)];
		return type === undefined ? node : { ...node, credentials: { [type]: credentials[type] } };
	});
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
	// n8n 1.123 requires the whole workflow to run it; newer versions ignore it.
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

/** Items of all runs of a node; a node after two branches runs for each. */
const allItems = ({ runData }: Execution, node: string) =>
	(runData[node] ?? []).flatMap(({ data }) => (data?.main[0] ?? []).map(({ json }) => json));
