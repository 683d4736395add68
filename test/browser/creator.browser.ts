import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../../host/paths';
import { nodeTitle, providers } from '../providers/samples';
import { picture } from './picture';
import { eventually } from '../eventually';
import { openScreen, type Screen } from './screen';

let screen: Screen;

beforeAll(async () => {
	screen = await openScreen();
	// After a trigger, n8n lists actions before triggers.
	const start = {
		id: 'start',
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	await screen.open(await screen.keep({ name: 'List', nodes: [start], connections: {} }));
	await eventually(async () => {
		await screen.page.getByTestId('canvas-handle-plus').click({ timeout: 3000 });
		await screen.page.getByTestId('node-creator-search-bar').waitFor({ timeout: 3000 });
	});
});
afterAll(async () => await screen?.close());

/** The actions of each node, in the order of its menu. */
const actions = Object.fromEntries(
	providers.map(({ folder, provider }) => [
		nodeTitle(folder),
		Object.values(provider.operations)
			.sort((one, other) => one.name.localeCompare(other.name))
			.map(({ action }) => action),
	]),
);
const products = Object.keys(actions);

/** Nodes whose codex has the search term. */
const knownBy = (word: string) =>
	providers
		.filter(({ folder }) => {
			const codex = path.join(repository, 'nodes', folder, `${folder}.node.json`);
			return (JSON.parse(readFileSync(codex, 'utf8')) as { alias: string[] }).alias.includes(word);
		})
		.map(({ folder }) => nodeTitle(folder));

const entries = () => screen.page.getByTestId('item-iterator-item').filter({ visible: true });
const entry = (product: string) => entries().filter({ hasText: product }).first();

async function search(words: string, found = products): Promise<void> {
	const { page } = screen;
	await eventually(async () => {
		const bar = page.getByTestId('node-creator-search-bar');
		if (!(await bar.isVisible())) {
			await page.getByTestId('nodes-list-header').getByRole('button').first().click();
		}
		await bar.fill('', { timeout: 3000 });
	});
	for (const product of products) await entry(product).waitFor({ state: 'hidden' });
	await page.getByTestId('node-creator-search-bar').fill(words);
	for (const product of found) await entry(product).waitFor();
}

describe('the list of nodes', () => {
	const everywhere = ['cancel', 'churn', 'unsubscribe', 'offboard', 'retention'];
	const somewhere = ['end plan', 'affiliate', 'law firm'];

	it.each<[string, string[]]>([
		...everywhere.map((words): [string, string[]] => [words, products]),
		...somewhere.map((words): [string, string[]] => [words, knownBy(words)]),
	])('has what is looked for with "%s"', async (words, found) => {
		expect(found.length).toBeGreaterThan(0);
		await search(words, found);
	});

	it('shows each with its own icon', async () => {
		await search('cancel');
		const { page } = screen;
		const sources = await Promise.all(
			products.map(async (product) => {
				const icon = entry(product).locator('img').first();
				await icon.waitFor();
				const width = await icon.evaluate(
					(image) => (image as HTMLImageElement).complete && image.getBoundingClientRect().width,
				);
				expect(width).toBeGreaterThanOrEqual(16);
				return await icon.getAttribute('src');
			}),
		);
		expect(new Set(sources).size).toBe(products.length);
		const creator = await page.getByTestId('node-creator').boundingBox();
		const last = await entry(products.at(-1)!).boundingBox();
		if (!creator || !last) throw new Error('The list is not on the screen.');
		const height = last.y + last.height + 16 - creator.y;
		await picture(page, 'list-of-nodes', { ...creator, height });
	});

	it.each(Object.entries(actions))('offers the actions of %s', async (product, offered) => {
		await search('cancel');
		await entry(product).click();
		const names = screen.page.getByTestId('node-creator-item-name').filter({ visible: true });
		await eventually(async () => {
			// The triggers follow.
			expect((await names.allInnerTexts()).slice(0, offered.length)).toEqual(offered);
		});
	});

	it('puts an action on the canvas, ready to be filled in', async () => {
		await search('cancel');
		await entry('FunnelFox').click();
		const { page } = screen;
		await entries().filter({ hasText: 'Cancel a subscription' }).click();
		const column = page.getByTestId('node-parameters');
		await column.getByTestId('parameter-input-subscriptionId').waitFor();
		const operation = column.getByTestId('parameter-input-operation').getByRole('combobox');
		expect(await operation.inputValue()).toBe('Cancel');
		await screen.closeNode();
		await page.locator('[data-test-id=canvas-node]', { hasText: 'subscription' }).first().waitFor();
	});
});
