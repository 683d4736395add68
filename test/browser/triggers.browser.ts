import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { repository } from '../../host/paths';
import type { Delivery } from '../../sandbox/deliveries';
import { eventually } from '../eventually';
import { accountOf } from './credentials';
import { triggers } from './panels';
import { imageFile, keepsPictures, picture } from './picture';
import { places } from './places';
import { openScreen, type Screen } from './screen';

type Trigger = (typeof triggers)[number];

let screen: Screen;
let sandbox: Page;

const part = (id: string) => screen.page.getByTestId(id).filter({ visible: true });
const addressOf = ({ name }: Trigger) => `${places.editor}/webhook-test/${name}/webhook`;
async function control<T>(what: string): Promise<T> {
	const response = await fetch(`${places.sandbox}/_control/${what}`);
	expect(response.status).toBe(200);
	return (await response.json()) as T;
}

beforeAll(async () => {
	await fetch(`${places.sandbox}/_control/reset`, { method: 'POST' });
	screen = await openScreen({ width: 1500, height: 1000 });
	sandbox = await screen.page.context().newPage();
	await sandbox.goto(places.sandbox);
});
afterAll(async () => await screen?.close());

describe.each(triggers.map((trigger) => [trigger.product, trigger] as const))(
	'the %s Trigger',
	(product, trigger) => {
		// A tab in the background is drawn once a second.
		beforeEach(async () => await screen.page.bringToFront());

		it('is found among the triggers', async () => {
			await screen.openNew();
			await eventually(async () => {
				await part('canvas-plus-button').last().click({ timeout: 3000 });
				await part('node-creator-search-bar').waitFor({ timeout: 2000 });
			});
			await part('node-creator-search-bar').fill(trigger.words);
			const entry = part('item-iterator-item').filter({ hasText: product }).first();
			await entry.click();
			const first = part('node-creator-item-name').first();
			await eventually(async () => expect(await first.innerText()).toMatch(/^On /));
		});

		it('has a panel with its fields', async () => {
			await screen.open(
				await screen.keep({ name: product, nodes: [placed(trigger)], connections: {} }),
			);
			const column = await screen.openNode('Trigger');
			const labels = column.getByTestId('input-label').locator('label').filter({ visible: true });
			await eventually(async () => {
				const texts = await labels.evaluateAll((all) =>
					all.map((label) => label.querySelector('span')?.textContent?.trim() ?? ''),
				);
				expect(texts).toEqual(trigger.labels);
			}, 8000);
			if (keepsPictures) await picturesOf(trigger);
		});

		it('shows the item of an event when a customer cancels', async () => {
			if (trigger.learns === 'pasted') {
				await sandbox.locator('#webhookProvider').selectOption(trigger.provider);
				await sandbox.getByLabel('Webhook URL').fill(addressOf(trigger));
				await sandbox.getByRole('button', { name: 'Save URL' }).click();
			}
			const name = `Cancel ${trigger.leaves}`;
			const heads = await sandbox.locator('#customers th').allInnerTexts();
			const column = `#customers td:nth-child(${heads.indexOf(product) + 1})`;
			const button = sandbox.locator(column).getByRole('button', { name });
			if (trigger.learns === 'asks') await button.click();
			await part('trigger-execute-button').first().click();
			if (trigger.learns !== 'asks') {
				await part('trigger-execute-button').getByText('Stop Listening').first().waitFor();
				await eventually(async () =>
					expect(await control(`webhooks/${trigger.provider}`)).toHaveLength(1),
				);
				await button.click();
			}
			await eventually(async () => {
				const text = await part('output-panel').first().innerText();
				for (const words of trigger.shows) expect(text).toContain(words);
			}, 10_000);
		});
	},
);

it('leaves no webhook behind in FirstPromoter once it has listened', async () => {
	await eventually(async () => expect(await control('webhooks/firstPromoter')).toEqual([]));
	const calls = await control<Delivery[]>('deliveries');
	const told = triggers.filter(({ learns }) => learns !== 'asks');
	expect(calls.map(({ status }) => status)).toEqual(told.map(() => 200));
});

it('leaves no trigger out', () => {
	const { n8n } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
		n8n: { nodes: string[] };
	};
	const named = n8n.nodes.filter((file) => file.endsWith('Trigger.node.js'));
	const files = named.map((file) => path.basename(file, '.node.js').toLowerCase());
	expect(triggers.map(({ name }) => name.toLowerCase())).toEqual(files);
});

it('leaves no picture out of the page of the triggers', () => {
	const page = readFileSync(path.join(repository, 'docs', 'triggers.md'), 'utf8');
	for (const { name } of triggers) {
		for (const image of [name, `${name}-dark`]) {
			expect(page).toContain(`images/${image}.png`);
			expect(existsSync(imageFile(image))).toBe(true);
		}
	}
});

function placed({ name, credential }: Trigger) {
	const account = accountOf(credential, places.sandbox);
	return {
		id: name,
		name: 'Trigger',
		type: `n8n-nodes-cancellations.${name}`,
		typeVersion: 1,
		position: [0, 0],
		webhookId: name,
		parameters: {},
		credentials: { [credential]: { id: account.id, name: account.name } },
	};
}

/** Takes pictures of the whole node in both themes, including the trigger's panel. */
async function picturesOf({ name }: Trigger): Promise<void> {
	const { page } = screen;
	const box = await part('ndv').boundingBox();
	if (!box) throw new Error('The panel is not on the screen.');
	const area = { ...box, height: 560 };
	await picture(page, name, area);
	await page.emulateMedia({ colorScheme: 'dark' });
	await eventually(async () => expect(await brightness()).toBeLessThan(90));
	await picture(page, `${name}-dark`, area);
	await page.emulateMedia({ colorScheme: 'light' });
}

/** Brightness of the panel's background, 0 to 255. */
async function brightness(): Promise<number> {
	return await part('node-parameters').evaluate((element) => {
		let under: Element | null = element;
		for (; under; under = under.parentElement) {
			const { backgroundColor } = getComputedStyle(under);
			const [r, g, b, opacity = 1] = (backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
			if (opacity > 0) return Math.max(r, g, b);
		}
		return 255;
	});
}
