import { cancelWorkflow, nodeNames } from '../e2e/n8nInstance';
import { nodeTitle, providers } from '../providers/samples';
import { picture } from './picture';
import { openScreen, type Screen } from './screen';

const products = providers.map(({ folder }) => nodeTitle(folder));

let screen: Screen;

beforeAll(async () => {
	screen = await openScreen({ theme: 'dark', width: 1400, height: 900 });
	const workflow = cancelWorkflow(['sub_ada']);
	await screen.open(
		await screen.keep({ ...workflow, nodes: workflow.nodes.slice(3), connections: {} }),
	);
});
afterAll(async () => await screen?.close());

describe('in the dark', () => {
	it('shows a panel on dark ground', async () => {
		const panel = await screen.openNode(nodeNames.node);
		await panel.getByTestId('parameter-input-dryRun').waitFor();
		const area = await panel.boundingBox();
		const ground = await panel.evaluate((element) => {
			let part: Element | null = element;
			for (; part; part = part.parentElement) {
				const { backgroundColor } = getComputedStyle(part);
				const [r, g, b, opacity = 1] = (backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
				if (opacity > 0) return [r, g, b];
			}
			return [255];
		});
		expect(Math.max(...ground)).toBeLessThan(90);
		if (area) await picture(screen.page, 'dark', { ...area, height: 620 });
		await screen.closeNode();
	});

	it('shows the icons that are made for it', async () => {
		const { page } = screen;
		await page.getByTestId('node-creator-plus-button').click();
		await page.getByTestId('node-creator-search-bar').fill('cancel');
		for (const product of products) {
			const icon = page
				.getByTestId('item-iterator-item')
				.filter({ hasText: product })
				.locator('img')
				.first();
			await icon.waitFor();
			expect(await icon.getAttribute('src')).toMatch(/icon\.dark\.svg$/);
		}
		const list = await page.getByTestId('node-creator').boundingBox();
		if (list) await picture(page, 'dark-list-of-nodes', { ...list, height: 560 });
	});
});
