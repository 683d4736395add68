import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { INode, IWorkflowBase } from 'n8n-workflow';

const { stripeVariant, variants } = jest.requireActual('../scripts/workflowVariants') as {
	stripeVariant(workflow: IWorkflowBase): IWorkflowBase;
	variants: string[];
};

const folder = resolve(__dirname, '..', 'workflows');
const workflows = readdirSync(folder).map((file): [string, IWorkflowBase] => [
	file,
	JSON.parse(readFileSync(join(folder, file), 'utf8')) as IWorkflowBase,
]);

const names = (nodes: INode[]) => nodes.map(({ name }) => name);
const isA = ({ type }: INode, ...types: string[]) =>
	types.some((one) => type === `n8n-nodes-base.${one}`);

/** Every caller who reaches n8n may call it, or fill it in. */
const isOpen = (node: INode) =>
	isA(node, 'webhook', 'formTrigger') &&
	!node.disabled &&
	(!['basicAuth', 'headerAuth'].includes(String(node.parameters.authentication)) ||
		node.credentials === undefined);

/** By itself a form, its last page too, waits until the year 3000. */
const isEndless = (node: INode) =>
	isA(node, 'form', 'wait') && node.parameters.limitWaitTime !== true;

/** An agent reads what goes wrong in its tool's answer. */
const writes = ({ type, parameters }: INode) =>
	type.startsWith('n8n-nodes-cancellations.') && !type.endsWith('Tool') && 'dryRun' in parameters;

describe.each(workflows)('workflows/%s', (file, { id, nodes, connections }) => {
	const after = (name: string, output: number) => connections[name]?.main?.[output] ?? [];

	test('has an ID for which n8n saves what its trigger has to remember', () => {
		const remembers = nodes.some(({ type }) => /^n8n-nodes-cancellations\..*Trigger$/.test(type));
		// n8n saves static data for IDs of up to 21 characters.
		expect(remembers && id.length > 21).toBe(false);
	});

	test('rejects a caller who neither signs in nor sends a key', () =>
		expect(names(nodes.filter(isOpen))).toEqual([]));

	test('does not wait for ever', () => expect(names(nodes.filter(isEndless))).toEqual([]));

	test('runs from left to right: no wire goes back through what stands before it', () => {
		const at = new Map(nodes.map(({ name, position }) => [name, position[0]]));
		const back = Object.entries(connections).flatMap(([from, { main = [] }]) =>
			main.flatMap((to) => (to ?? []).filter(({ node }) => at.get(node)! < at.get(from)!)),
		);
		expect(back.map(({ node }) => node)).toEqual([]);
	});

	test('loses nothing of what goes wrong where it writes', () => {
		// The rehearsal shows every outcome at its node.
		const isKept = ({ name, onError }: INode) => {
			if (onError === 'continueRegularOutput') return after(name, 0).length > 0;
			const isRouted = after(name, 1).length > 0 || file === 'rehearsal.json';
			return onError === 'continueErrorOutput' && isRouted;
		};
		expect(names(nodes.filter((node) => writes(node) && !isKept(node)))).toEqual([]);
	});
});

test('receipts read one row, whatever came of it', () => {
	const receipts = workflows.flatMap(([, { nodes }]) =>
		nodes.filter(({ name }) => name === 'Receipt'),
	);
	expect(receipts).toHaveLength(10);
	for (const { parameters } of receipts)
		expect(JSON.stringify(parameters)).not.toMatch(/\?\?|error/);
});

const contentOf = (file: string) => workflows.find(([name]) => name === `${file}.json`)![1];

test.each(variants)('%s-stripe is the same workflow with the Stripe node', (id) => {
	const variant = contentOf(`${id}-stripe`);
	// After a change, `npm run readme` writes it anew.
	expect(variant).toEqual(stripeVariant(contentOf(id)));
	expect(JSON.stringify(variant).match(/funnelfox/gi)).toBeNull();
	const addresses = (workflow: IWorkflowBase) =>
		workflow.nodes
			.flatMap(({ webhookId, parameters }) => [webhookId, parameters.path])
			.filter(Boolean);
	const shared = addresses(variant).filter((one) => addresses(contentOf(id)).includes(one));
	expect(shared).toEqual([]);
});

test.each([
	'crm-deal-lost',
	'crm-deal-lost-stripe',
	'billing-subscription-deleted',
	'customer-leaves',
])('workflows/%s.json tells an affiliate tool only of whom nothing else runs', (id) => {
	const [, { nodes, connections }] = workflows.find(([file]) => file === `${id}.json`)!;
	const tools = names(nodes.filter(({ type }) => /\.(firstPromoter|reditus)$/.test(type)));
	const leadTo = (name: string) =>
		Object.entries(connections).flatMap(([from, { main = [] }]) =>
			main.flatMap((to, output) => (to?.some(({ node }) => node === name) ? [[from, output]] : [])),
		);
	expect(tools).toHaveLength(2);
	for (const name of tools) expect(leadTo(name)).toEqual([['Nothing else runs?', 0]]);
});

test('workflows/customer-leaves.json leaves Event ID out, so that the record is read before each of its two reports', () => {
	const [, { nodes }] = workflows.find(([file]) => file === 'customer-leaves.json')!;
	const { parameters } = nodes.find(({ type }) => type.endsWith('.firstPromoter'))!;
	expect(parameters.additionalFields).toEqual({});
});
