import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { WorkflowFile } from '../../host/n8n';
import { repository } from '../../host/paths';
import type { JournalEntry } from '../../sandbox/server';
import { cancelWorkflow, nodeNames } from '../e2e/n8nInstance';
import { type Area, picture } from './picture';
import { places } from './places';
import { eventually } from '../eventually';
import { openScreen, type Screen } from './screen';

let screen: Screen;

beforeAll(async () => {
	screen = await openScreen({ width: 1500, height: 900 });
});
afterAll(async () => {
	await fetch(`${places.sandbox}/_control/reset`, { method: 'POST' });
	await screen?.close();
});

async function journal(): Promise<JournalEntry[]> {
	return (await (await fetch(`${places.sandbox}/_control/journal`)).json()) as JournalEntry[];
}

/** Nodes side by side, so that each can be clicked. */
function sideBySide(workflow: WorkflowFile): WorkflowFile {
	const nodes = workflow.nodes.map((node, index) => ({ ...node, position: [index * 220, 0] }));
	return { ...workflow, nodes };
}

/** Clicks the button below the canvas and waits until the node has run. */
async function execute(lastNode: string): Promise<void> {
	const { page } = screen;
	const node = page.locator(`[data-test-id=canvas-node][data-node-name="${lastNode}"]`);
	await page.getByTestId('execute-workflow-button').last().click();
	await node.getByTestId('canvas-node-status-success').waitFor();
	await page.locator('.el-notification__closeBtn').first().click();
}

async function area(part: Locator) {
	const box = await part.boundingBox();
	if (!box) throw new Error('It is not on the screen.');
	return box;
}

describe('three customers: one is known, one is not, one has no ID', () => {
	beforeAll(async () => {
		const workflow = sideBySide(cancelWorkflow(['sub_ada', 'sub_zoe', '']));
		await screen.open(await screen.keep(workflow));
		await execute(nodeNames.node);
		await screen.openNode(nodeNames.node);
	});

	const output = () => screen.page.getByTestId('output-panel');

	it('shows how many came out where', async () => {
		await output().getByText('Success Branch (1 item)').waitFor();
		await output().getByText('Error Branch (2 items)').waitFor();
	});

	it('shows the one that is cancelled, with its end', async () => {
		await output().getByText('Success Branch (1 item)').click();
		await output().getByTestId('radio-button-table').click();
		const table = output().locator('table');
		await eventually(async () => {
			const text = await table.innerText();
			for (const words of ['outcome', 'scheduled', 'sub_ada', 'effectiveAt']) {
				expect(text).toContain(words);
			}
		});
	});

	it('shows the other two, each with its reason', async () => {
		const { page } = screen;
		await output().getByText('Error Branch (2 items)').click();
		await eventually(async () => {
			const text = await output().locator('table').innerText();
			for (const words of ['notFound', 'sub_zoe', 'invalid', 'is empty']) {
				expect(text).toContain(words);
			}
		});
		await picture(page, 'outcomes', await area(page.getByTestId('ndv')));
	});
});

describe('the list of subscriptions', () => {
	it('finds those of an e-mail, under readable names', async () => {
		const workflow = sideBySide(cancelWorkflow([]));
		Object.assign(workflow.nodes[3].parameters as object, {
			subscriptionId: { __rl: true, mode: 'list', value: '' },
		});
		await screen.open(await screen.keep(workflow));
		const panel = await screen.openNode(nodeNames.node);
		const { page } = screen;
		await panel.getByTestId('rlc-input').click();
		await page.getByTestId('rlc-search').fill('ben@example.com');
		const found = page.getByTestId('rlc-item');
		await eventually(async () => {
			const texts = await found.allInnerTexts();
			expect(texts).toHaveLength(1);
			expect(texts[0]).toContain('ben@example.com');
			expect(texts[0]).not.toMatch(/false|null|undefined|NaN/);
		});
		await picture(page, 'list-of-subscriptions', { ...(await area(panel)), height: 560 });
		await found.first().click();
	});
});

describe('the status page of the sandbox', () => {
	it('lists what was really done, and nothing else', async () => {
		const { page } = screen;
		await page.goto(places.sandbox);
		const rows = page.locator('#journal tbody tr');
		await rows.first().waitFor();
		const [entry, ...others] = await journal();
		expect(others).toEqual([]);
		expect(await rows.allInnerTexts()).toEqual([
			[entry.at.slice(11, 19), 'FunnelFox', 'cancel', 'sub_ada', 'ada@example.com'].join('\t'),
		]);
		await page.setViewportSize({ width: 1200, height: 760 });
		await picture(page, 'sandbox', { x: 0, y: 0, width: 1200, height: 760 });
	});
});

describe('the rehearsal', () => {
	it('runs on the canvas, to its receipts', async () => {
		const { page } = screen;
		await page.setViewportSize({ width: 1500, height: 900 });
		const file = path.join(repository, 'workflows', 'rehearsal.json');
		const workflow = JSON.parse(readFileSync(file, 'utf8')) as WorkflowFile;
		await screen.open(await screen.keep(firstStory(workflow)));
		await execute('Receipt');
		await page.getByTestId('zoom-to-fit').click();
		await picture(page, 'rehearsal', await drawn());
	});
});

/** The part of the canvas with nodes and notes. */
async function drawn(): Promise<Area> {
	const { page } = screen;
	const boxesOf = async (id: string, more: number) =>
		await page
			.getByTestId(id)
			.evaluateAll(
				(all, beside) =>
					all
						.map((part) => part.getBoundingClientRect())
						.map(({ x, y, right, bottom }) => [x, y, right + beside, bottom]),
				more,
			);
	// Room on the right for the last node's output.
	const boxes = [...(await boxesOf('canvas-node', 90)), ...(await boxesOf('sticky', 24))];
	const [lefts, tops, rights, bottoms] = [0, 1, 2, 3].map((side) => boxes.map((box) => box[side]));
	const [x, y] = [Math.min(...lefts) - 24, Math.min(...tops) - 16];
	const [width, height] = [Math.max(...rights) - x, Math.max(...bottoms) + 8 - y];
	return { x, y, width, height };
}

/** The workflow's first row, because the whole workflow would be too small to read. */
function firstStory(workflow: WorkflowFile): WorkflowFile {
	const nodes = workflow.nodes.filter(({ position }) => (position as number[])[1] < 600);
	const kept = new Set(nodes.map(({ name }) => name as string));
	const connections = Object.fromEntries(
		Object.entries(workflow.connections as Connections)
			.filter(([name]) => kept.has(name))
			.map(([name, { main }]) => [
				name,
				{ main: main.map((ends) => ends?.filter(({ node }) => kept.has(node))) },
			]),
	);
	return { ...workflow, nodes, connections };
}

type Connections = Record<string, { main: Array<Array<{ node: string }> | null> }>;
