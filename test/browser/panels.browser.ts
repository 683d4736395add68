import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { repository } from '../../host/paths';
import { providers } from '../providers/samples';
import { accountOf } from './credentials';
import { nameOf, type Panel } from './panel';
import { customer, panels } from './panels';
import { type Area, picture } from './picture';
import { eventually } from '../eventually';
import { places } from './places';
import { openScreen, type Screen, type Workflow } from './screen';

let screen: Screen;

beforeAll(async () => {
	screen = await openScreen({ height: 1600 });
	await screen.open(await screen.keep(everyPanel()));
});
afterAll(async () => await screen?.close());

/** A workflow with a list of customers, followed by one node per panel. */
function everyPanel(): Workflow {
	const list = {
		id: 'customers',
		name: 'Customers',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [-400, 0],
		parameters: {},
	};
	return {
		name: 'Every panel',
		nodes: [list, ...panels.map(placed)],
		connections: {
			[list.name]: {
				main: [panels.map((panel) => ({ node: nameOf(panel), type: 'main', index: 0 }))],
			},
		},
		pinData: { [list.name]: [{ json: customer }] },
	};
}

function placed(panel: Panel, index: number) {
	const { node, operation, parameters, credential } = panel;
	const { id, name } = accountOf(credential, places.sandbox);
	return {
		id: nameOf(panel),
		name: nameOf(panel),
		type: `n8n-nodes-cancellations.${node}`,
		typeVersion: 1,
		// One below the other: the line to a selected node lies above all others.
		position: [0, index * 120],
		parameters: { operation, ...parameters },
		credentials: { [credential]: { id, name } },
	};
}

/** Labels of the visible fields, without n8n's own switches. */
async function labelsOf(panel: Locator): Promise<string[]> {
	const labels = panel.getByTestId('input-label').locator('label').filter({ visible: true });
	return await labels.evaluateAll((all) =>
		all.map((label) => label.querySelector('span')?.textContent?.trim() ?? ''),
	);
}

afterEach(async () => await screen.closeNode());

describe.each(panels.map((panel) => [nameOf(panel), panel] as const))('%s', (name, panel) => {
	it('shows the fields that it needs, and no others', async () => {
		const column = await screen.openNode(name);
		try {
			await eventually(async () => expect(await labelsOf(column)).toEqual(panel.labels), 8000);
		} finally {
			await picture(screen.page, name, await columnArea(column));
		}
	});
});

it.each(providers.map(({ provider }) => provider))(
	'the page of $displayName shows every panel',
	({ name, operations }) => {
		const page = readFileSync(path.join(repository, 'docs', `${name.toLowerCase()}.md`), 'utf8');
		const shown = [...page.matchAll(/images\/([\w-]+)\.png/g)].map(([, image]) => image);
		const own = panels.filter(({ node }) => node === name);
		expect(own.map(nameOf).filter((image) => !shown.includes(image))).toEqual([]);
		const looked = own.map(({ operation }) => operation);
		expect(Object.keys(operations).filter((one) => !looked.includes(one))).toEqual([]);
	},
);

/** From the tabs down to the last field. */
async function columnArea(column: Locator): Promise<Area> {
	const { page } = screen;
	const fields = column.getByTestId('parameter-item').filter({ visible: true });
	const [tabs, last, sides] = await Promise.all(
		[page.getByTestId('tab-params'), fields.last(), column].map((part) => part.boundingBox()),
	);
	if (!tabs || !last || !sides) throw new Error('The panel is not on the screen.');
	const [top, bottom] = [tabs.y - 10, last.y + last.height + 16];
	return { x: sides.x, y: top, width: sides.width, height: bottom - top };
}
