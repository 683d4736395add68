import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { repository } from '../../host/paths';
import type { JournalEntry } from '../../sandbox/server';
import { eventually } from '../eventually';
import { places } from './places';
import { openScreen, type Screen } from './screen';

let screen: Screen;

// No reset before, because `npm start` does not reset the sandbox either.
beforeAll(async () => {
	screen = await openScreen({ width: 1500, height: 900 });
});
afterAll(async () => {
	await fetch(`${places.sandbox}/_control/reset`, { method: 'POST' });
	await screen?.close();
});

const part = (id: string) => screen.page.getByTestId(id).filter({ visible: true });
const entry = (name: string) =>
	part('item-iterator-item')
		.filter({ has: screen.page.getByText(name, { exact: true }) })
		.first();

/** Opens n8n's list of nodes, searches it and selects the entry of that name. */
async function add(opener: string, words: string, name: string): Promise<void> {
	await eventually(async () => {
		await part(opener).last().click({ timeout: 3000 });
		await part('node-creator-search-bar').waitFor({ timeout: 2000 });
	});
	await part('node-creator-search-bar').fill(words);
	await entry(name).click();
}

async function written(): Promise<string[]> {
	const journal = await (await fetch(`${places.sandbox}/_control/journal`)).json();
	return (journal as JournalEntry[]).map(({ target }) => target);
}

/** Waits until the open node has run and shows its output. */
async function expectOutput(...words: string[]): Promise<void> {
	await eventually(async () => {
		const text = await part('output-panel').first().innerText();
		for (const one of words) expect(text).toContain(one);
	}, 5000);
}

/** The text below a node on the canvas. */
const subtitleOf = async (name: string) =>
	await screen.page
		.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`)
		.getByText('·')
		.innerText();

/** The steps of docs/tutorial.md; each test continues where the previous one ended. */
describe('the first workflow, built by hand', () => {
	it('begins with a trigger and an action of FunnelFox', async () => {
		await screen.openNew();
		await add('canvas-plus-button', 'manual', 'Manual Trigger');
		await add('canvas-handle-plus', 'cancel', 'FunnelFox');
		await entry('Cancel a subscription').click();
		await part('parameter-input-subscriptionId').waitFor();
	});

	it('has its credential, and a dry run, without being told', async () => {
		const credential = part('node-credentials-select').getByRole('combobox');
		await eventually(async () => expect(await credential.inputValue()).toBe('FunnelFox sandbox'));
		const dryRun = part('parameter-input-dryRun').locator('.el-switch');
		expect(await dryRun.getAttribute('class')).toContain('is-checked');
		await part('node-parameters').getByText('Dry run: previews "Cancel"').waitFor();
	});

	it('finds the subscription by e-mail', async () => {
		await part('rlc-input').click();
		await part('rlc-search').fill('ada@example.com');
		const found = part('rlc-item');
		await eventually(async () => expect(await found.allInnerTexts()).toHaveLength(1));
		await found.click();
	});

	it('shows what would happen, and sends nothing', async () => {
		await part('node-execute-button').click();
		await expectOutput('preview', 'ada@example.com: would end on');
		expect(await written()).toEqual([]);
		await screen.closeNode();
		expect(await subtitleOf('Cancel a subscription')).toBe('Cancel · dry run');
	});

	it('asks whether it has ended', async () => {
		const { page } = screen;
		await add('canvas-handle-plus', 'if', 'If');
		const value = part('filter-condition-left');
		await value.waitFor();
		await part('ndv-input-panel').getByText('ended', { exact: true }).hover();
		await page.mouse.down();
		// n8n recognizes a drag only if the mouse moves in between.
		await value.hover();
		await value.hover({ position: { x: 20, y: 10 } });
		await page.mouse.up();
		await eventually(async () => expect(await value.innerText()).toContain('$json.ended'));
		await part('filter-operator-select').click();
		await page.getByText('Boolean', { exact: true }).filter({ visible: true }).hover();
		await page.getByText('is true', { exact: true }).filter({ visible: true }).click();
		// The editor saves typed text with a delay.
		await eventually(async () => {
			await part('node-execute-button').click();
			await expectOutput('False Branch (1 item)');
		}, 30_000);
		expect(await written()).toEqual([]);
		await screen.closeNode();
	});

	it('cancels, and goes the way of what has ended', async () => {
		await screen.openNode('Cancel a subscription');
		const dryRun = part('parameter-input-dryRun').locator('.el-switch');
		await dryRun.click();
		await eventually(async () =>
			expect(await dryRun.getAttribute('class')).not.toContain('is-checked'),
		);
		await part('node-parameters').getByText('LIVE: every run carries out "Cancel"').waitFor();
		await screen.closeNode();
		expect(await subtitleOf('Cancel a subscription')).toBe('Cancel · LIVE');
		await part('execute-workflow-button').last().click();
		await eventually(async () => expect(await written()).toEqual(['sub_ada']));
		await screen.openNode('If');
		await expectOutput('True Branch (1 item)', 'scheduled');
		expect(await part('filter-condition-left').innerText()).toContain('$json.ended');
		await screen.closeNode();
	});

	it('says that there is nothing left to cancel when it runs again', async () => {
		await part('execute-workflow-button').last().click();
		await screen.openNode('If');
		await expectOutput('True Branch (1 item)', 'alreadyCancelled');
		expect(await written()).toEqual(['sub_ada']);
	});
});

/** The task of docs/messages.md built by hand, from a call with an email address to all tools. */
describe('from an e-mail address in the CRM to three ends, in four nodes', () => {
	const actions = {
		FunnelFox: 'Cancel a subscription',
		FirstPromoter: 'Track a cancellation',
		Reditus: 'Mark a referral as churned',
	};
	/** Number of accepted writes before the whole run, because Execute step also runs changed nodes. */
	let earlier: number;

	/** Number of mouse clicks, without typing. */
	const clicks = async () =>
		await screen.page.evaluate(() => Number(document.documentElement.dataset.clicks ?? 0));

	const shown = (text: string) =>
		screen.page.getByText(text, { exact: true }).filter({ visible: true });

	/** Sends the CRM's call. n8n listens shortly after the click, and to one call only. */
	async function lose(email: string): Promise<void> {
		const body = JSON.stringify({ email, reason: 'Too expensive' });
		const headers = { 'content-type': 'application/json' };
		await eventually(async () => {
			const address = `${places.editor}/webhook-test/deal-lost`;
			const { status } = await fetch(address, { method: 'POST', headers, body });
			expect(status).toBe(200);
		});
	}

	/** Adds an action after the last node, for the email address of the input. */
	async function act(words: string, product: keyof typeof actions, field: string) {
		await add('canvas-handle-plus', words, product);
		await entry(actions[product]).click();
		const value = part(`parameter-input-${field}`);
		await value.waitFor();
		return value;
	}

	/** Drags a field of the input into a parameter. */
	async function drag(name: string, value: Locator) {
		const { page } = screen;
		const { x, y, width, height } = (await value.boundingBox())!;
		await part('ndv-input-panel').getByText(name, { exact: true }).first().hover();
		await page.mouse.down();
		// n8n recognizes a drag only if the mouse moves in between.
		await page.mouse.move(x + width / 2, y + height / 2, { steps: 8 });
		await page.mouse.move(x + width * 0.7, y + height / 2, { steps: 4 });
		await page.mouse.up();
	}

	async function take(name: string, value: Locator) {
		await drag(name, value);
		const found = new RegExp(`\\$json\\.(body\\.)?${name}`);
		await eventually(async () => expect(await value.innerText()).toMatch(found));
	}

	/** Runs the node as a dry run, then live. */
	async function runDemo() {
		await part('node-execute-button').click();
		await expectOutput('preview', 'kim@example.com');
		await part('parameter-input-dryRun').locator('.el-switch').click();
		await part('node-parameters').getByText('LIVE: every run carries out').waitFor();
		await screen.closeNode();
	}

	it('begins with a call of the CRM', async () => {
		const { page } = screen;
		await screen.openNew();
		await page.evaluate(() => {
			const { dataset } = document.documentElement;
			const count = () => (dataset.clicks = String(Number(dataset.clicks ?? 0) + 1));
			document.addEventListener('click', count, true);
		});
		await add('canvas-plus-button', 'webhook', 'Webhook');
		await part('parameter-input-httpMethod').click();
		await page.getByRole('option', { name: 'POST' }).filter({ visible: true }).click();
		await part('parameter-input-path').locator('input').fill('deal-lost');
		await part('trigger-execute-button').first().click();
		await lose('kim@example.com');
		await expectOutput('kim@example.com', 'Too expensive');
		await screen.closeNode();
	});

	it('is built by choosing and dragging, without typing an expression', async () => {
		const { page } = screen;
		const subscription = await act('cancel', 'FunnelFox', 'subscriptionId');
		await part('rlc-mode-selector').click();
		await page.getByRole('option', { name: 'By Email' }).filter({ visible: true }).click();
		await take('email', subscription);
		await shown('Add Field').click();
		// n8n adds the only field without a menu.
		const reason = part('parameter-input-reason');
		await eventually(async () => {
			if (!(await reason.isVisible())) await shown('Reason').last().click({ timeout: 2000 });
			await reason.waitFor({ timeout: 2000 });
		});
		await take('reason', reason);
		await runDemo();
		await take('email', await act('affiliate', 'FirstPromoter', 'email'));
		await runDemo();
		await take('email', await act('affiliate', 'Reditus', 'referralEmail'));
		await runDemo();
		earlier = (await written()).length;
	});

	it('runs from one call to three ends, with exactly these nodes', async () => {
		await part('zoom-to-fit').click();
		await part('execute-workflow-button').last().click();
		await lose('renewed@example.com');
		await eventually(async () =>
			expect((await written()).slice(earlier)).toEqual([
				'sub_renewed',
				'renewed@example.com',
				'renewed@example.com',
			]),
		);
		const nodes = screen.page.getByTestId('canvas-node');
		await eventually(async () =>
			expect(await nodes.getByTestId('canvas-node-status-success').count()).toBe(4),
		);
		const names = await nodes.evaluateAll((all) =>
			all.map((one) => one.getAttribute('data-node-name')),
		);
		expect(names).toEqual(['Webhook', ...Object.values(actions)]);
		expect(await clicks()).toBeLessThan(40);
	});

	it('ends in a message with one node more, and cancels nothing again', async () => {
		await add('canvas-handle-plus', 'edit fields', 'Edit Fields (Set)');
		const { page } = screen;
		await part('ndv-input-panel').getByText('summary', { exact: true }).first().waitFor();
		await drag('summary', page.getByText('Drag input fields here'));
		await part('node-execute-button').click();
		await expectOutput('renewed@example.com: marked as churned', 'Reditus');
		expect(await written()).toHaveLength(earlier + 3);
	});
});

describe('a block of a how-to page', () => {
	const blocks = ['compose.md', 'bulk.md', 'messages.md'].flatMap((page) => {
		const text = readFileSync(path.join(repository, 'docs', page), 'utf8');
		return [...text.matchAll(/```json\n([^]*?)```/g)].map(([, block]) => block);
	});

	it.each(blocks)('is put on the canvas by copy and paste %#', async (block) => {
		const { page } = screen;
		await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
		// On a new page: the block would join what the one before has left.
		await page.goto(`${places.editor}/workflow/new`);
		await part('canvas-plus-button').waitFor();
		await page.evaluate(async (text) => await navigator.clipboard.writeText(text), block);
		const { nodes } = JSON.parse(block) as { nodes: Array<{ name: string }> };
		const names = page.getByTestId('canvas-node');
		await eventually(async () => {
			await part('canvas').click({ position: { x: 200, y: 600 } });
			await page.keyboard.press('Control+V');
			await names.first().waitFor({ timeout: 3000 });
		});
		const shown = await names.evaluateAll((all) =>
			all.map((one) => one.getAttribute('data-node-name')),
		);
		expect(shown.sort()).toEqual(nodes.map(({ name }) => name).sort());
	});
});
