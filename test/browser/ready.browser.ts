import type { Page } from 'playwright-core';
import { readyWorkflows } from '../../host/demo';
import { eventually } from '../eventually';
import { places } from './places';
import { openScreen, type Screen } from './screen';
import { type Step, stepsOf } from './steps';

const workflows = readyWorkflows().map((workflow) => ({ ...workflow, steps: stepsOf(workflow) }));

/** These workflows need an SMTP server, or an API key of this n8n and dead executions. */
const elsewhere = ['pick-up-failed', 'support-agent-review'];

let screen: Screen;

beforeAll(async () => {
	screen = await openScreen({ width: 1500, height: 900, forms: true });
});
beforeEach(reset);
afterAll(async () => {
	await reset();
	await screen?.close();
});

async function reset(): Promise<void> {
	await fetch(`${places.sandbox}/_control/reset`, { method: 'POST' });
}

const part = (id: string) => screen.page.getByTestId(id).filter({ visible: true });

it('has steps to try it in the note of every workflow that the sandbox can stand in for', () =>
	expect(workflows.filter(({ steps }) => steps.length === 0).map(({ id }) => id)).toEqual(
		elsewhere,
	));

describe('a ready workflow, by the steps of its own note', () => {
	it.each(
		workflows.filter(({ steps }) => steps.length > 0).map(({ id, steps }) => ({ id, steps })),
	)('$id', async ({ id, steps }) => {
		await screen.open(id);
		const visitor = newVisitor();
		try {
			for (const step of steps) await follow(step, visitor);
		} finally {
			await visitor.leave();
		}
	});
});

/** The window that n8n opens for a form. */
function newVisitor() {
	const windows = () =>
		screen.page
			.context()
			.pages()
			.filter((page) => page !== screen.page && !page.isClosed());
	return {
		async page(): Promise<Page> {
			return await eventually(async () => {
				const page = windows().at(-1);
				if (!page) throw new Error('n8n has opened no page.');
				await page.getByRole('heading').first().waitFor({ timeout: 2000 });
				return page;
			}, 30_000);
		},
		async leave() {
			for (const page of windows()) await page.close();
		},
	};
}

type Visitor = ReturnType<typeof newVisitor>;

async function follow(step: Step, visitor: Visitor): Promise<void> {
	// A tab in the background is drawn once a second.
	if ('press' in step || 'node' in step) await screen.page.bringToFront();
	if ('press' in step) return await press(step.press, step.from);
	if ('node' in step) return await lookInto(step.node, step.words);
	const page = await visitor.page();
	if ('page' in step) {
		for (const words of step.page) await page.getByText(words).first().waitFor();
		return;
	}
	if ('fill' in step) {
		for (const { label, value } of step.fill) await fillIn(page, label, value);
	} else {
		await page.getByRole('combobox').selectOption({ label: step.choose });
	}
	const heading = await page.getByRole('heading').first().innerText();
	await page.locator('#submit-btn').click();
	// The next page opens in the same window.
	await page.getByRole('heading', { name: heading, exact: true }).waitFor({ state: 'hidden' });
}

async function fillIn(page: Page, label: string, value: string): Promise<void> {
	const field = page.getByLabel(label);
	if ((await field.evaluate(({ tagName }) => tagName)) === 'SELECT') {
		await field.selectOption({ label: value });
	} else {
		await field.fill(value);
	}
}

/** Clicks the button below the canvas, with the trigger selected beside it. */
async function press(name: string, from?: string): Promise<void> {
	const button = part('execute-workflow-button').filter({ hasText: name }).last();
	if (from !== undefined) {
		await button.locator('xpath=following::button[1]').click();
		await screen.page.getByRole('menuitem', { name: `from ${from}` }).click();
	}
	await button.click();
}

/** Opens a node that has run and checks the texts in its output. */
async function lookInto(name: string, words: string[]): Promise<void> {
	const node = screen.page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`);
	await node.getByTestId('canvas-node-status-success').waitFor({ timeout: 90_000 });
	await screen.openNode(name);
	await eventually(async () => {
		const text = await part('output-panel').first().innerText();
		for (const one of words) expect(text).toContain(one);
	}, 5000);
	await screen.closeNode();
}
