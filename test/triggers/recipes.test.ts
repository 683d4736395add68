import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INode } from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../../sandbox/server';
import { sandboxCredentials } from '../../host/sandboxCredentials';
import { runNode } from '../host/harness';

interface Recipe {
	nodes: INode[];
	connections: Record<string, { main: Array<Array<{ node: string }>> }>;
}

/** The JSON block under the recipe's heading. */
function recipeOn(page: string): Recipe {
	const text = readFileSync(join(__dirname, '../../docs', `${page}.md`), 'utf8');
	const section = text.slice(text.indexOf('## Recipe'));
	const [, json] = /```json\n([^]*?)```/.exec(section) ?? [];
	return JSON.parse(json) as Recipe;
}

let sandbox: Sandbox;
beforeAll(async () => void (sandbox = await startSandbox()));
afterAll(async () => await sandbox.close());

/** By page: a call as the provider sends it, with what the record behind it must show. */
const calls: Array<[page: string, body: IDataObject, shows: IDataObject]> = [
	[
		'firstpromoter',
		{ event: { id: 1, type: 'lead_cancelled' }, data: { email: 'cleo@example.com' } },
		{ email: 'cleo@example.com', state: 'cancelled' },
	],
	[
		'funnelfox',
		{ subtype: 'unsubscription', user: { email: 'ada@example.com' } },
		{ id: 'sub_ada', renews: true, isTest: false },
	],
	['azotte', { data: { object: { customerUrn: 'cu.00.001' } } }, {}],
];

describe.each(calls)('the recipe on docs/%s.md', (page, body, shows) => {
	const recipe = recipeOn(page);
	const [hook, look, check] = recipe.nodes;

	it('is a webhook, a look at the record, and an IF', () => {
		expect(hook.type).toBe('n8n-nodes-base.webhook');
		expect(check.type).toBe('n8n-nodes-base.if');
		const next = ({ name }: INode) => recipe.connections[name].main[0][0].node;
		expect([next(hook), next(look)]).toEqual([look.name, check.name]);
	});

	it('looks up who the call is about', async () => {
		const [type] = Object.keys(look.credentials ?? {});
		const account = sandboxCredentials(sandbox.url).find((one) => one.type === type)!;
		const { main, thrown } = await runNode({
			node: look.type.replace('n8n-nodes-cancellations.', ''),
			parameters: look.parameters as IDataObject,
			items: [{ body }],
			credentials: { [type]: account.data as never },
		});
		expect(thrown).toBeUndefined();
		expect(main.length).toBeGreaterThan(0);
		expect(main[0].json).toMatchObject(shows);
	});
});
