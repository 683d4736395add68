import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { servicesOf } from '../../scripts/mirrors/service';

const root = path.resolve(__dirname, '../..');
const script = path.join(root, 'scripts/moveWorkflows.mjs');
const run = (input: string, ...args: string[]) =>
	spawnSync(process.execPath, [script, ...args], { input, encoding: 'utf8' });
const move = (workflows: unknown) => run(JSON.stringify(workflows));
const moved = (workflows: unknown): unknown => JSON.parse(move(workflows).stdout);

const ownPackage = 'n8n-nodes-cancellations';
const node = (type: string, parameters: object = {}) => ({
	name: 'Cancel',
	type,
	typeVersion: 1,
	parameters,
});
const before = node(`${ownPackage}.azotte`);
const after = node('n8n-nodes-azotte-cancellations.azotte');
const other = node('n8n-nodes-base.set');

test.each(
	servicesOf(root).flatMap(({ name, packageName }) =>
		['', 'Tool', 'Trigger'].map((kind) => [
			`${ownPackage}.${name}${kind}`,
			`${packageName}.${name}${kind}`,
		]),
	),
)('%s becomes %s', (from, to) => {
	expect(moved({ nodes: [node(from)] })).toEqual({ nodes: [node(to)] });
});

test('changes nothing but the types of nodes', () => {
	const workflows = readdirSync(path.join(root, 'workflows'))
		.map((file) => readFileSync(path.join(root, 'workflows', file), 'utf8'))
		.filter((text) => text.includes(`"${ownPackage}.`))
		.map((text) => JSON.parse(text) as object);
	const types = /("type":")n8n-nodes-(?:\w+-)?cancellations\./g;
	const out = JSON.stringify(moved(workflows));
	expect(out).not.toContain(`"type":"${ownPackage}.`);
	expect(out.replace(types, '$1')).toBe(JSON.stringify(workflows).replace(types, '$1'));
});

test('writes only the workflows that changed, and names them on stderr', () => {
	const workflow = (id: string, ...nodes: object[]) => ({ id, name: `Name of ${id}`, nodes });
	const { status, stdout, stderr } = move([
		workflow('a', other),
		workflow('b', before, other, before),
		workflow('c'),
		workflow('d', before),
	]);
	expect(JSON.parse(stdout)).toEqual([workflow('b', after, other, after), workflow('d', after)]);
	expect(stderr.split('\n')).toEqual([
		'"Name of b" (b): 2 nodes moved',
		'"Name of d" (d): 1 node moved',
		'Left out: 2 workflows without such a node',
		'',
	]);
	expect(status).toBe(0);
});

test.each([
	['pinned data', { pinData: { Start: [{ json: before }] } }],
	['static data', { staticData: { before } }],
	[
		'a parameter that looks like a node',
		{ nodes: [before, node('n8n-nodes-base.set', { before })] },
	],
	[
		'a text that names the type',
		{ nodes: [before, node('n8n-nodes-base.stickyNote', { content: before.type })] },
	],
	['a node of another package', { nodes: [before, other] }],
	['a package with a longer name', { nodes: [before, node(`${ownPackage}-more.funnelFox`)] }],
])('leaves %s alone', (_, more) => {
	const workflow = { nodes: [before], ...more };
	const [, ...rest] = workflow.nodes;
	expect(moved(workflow)).toEqual({ ...workflow, nodes: [after, ...rest] });
});

describe('a sub-workflow in a node', () => {
	const holding = (workflowJson: unknown) => ({
		nodes: [node('n8n-nodes-base.executeWorkflow', { source: 'parameter', workflowJson })],
	});
	const text = (one: object, indent?: number) =>
		JSON.stringify({ nodes: [one, other] }, null, indent);

	test.each([
		['an object', { nodes: [before] }, { nodes: [after] }],
		['compact JSON text', text(before), text(after)],
		['indented JSON text', text(before, 2), text(after, 2)],
		['JSON text in expression mode', `=${text(before, 4)}`, `=${text(after, 4)}`],
		[
			'a sub-workflow of its own',
			JSON.stringify(holding(text(before))),
			JSON.stringify(holding(text(after))),
		],
	])('is moved as %s', (_, from, to) => expect(moved(holding(from))).toEqual(holding(to)));

	test.each([
		['an expression', `={{ $json.workflow /* ${before.type} */ }}`],
		['JSON that is no workflow', JSON.stringify(before)],
		['text', before.type],
	])('that is %s stays as it is', (_, value) => {
		const workflow = { nodes: [before, ...holding(value).nodes] };
		expect(moved(workflow)).toEqual({ nodes: [after, ...holding(value).nodes] });
	});
});

test.each([
	['text that is no JSON', 'workflow'],
	['nothing', ''],
	['a string', '"text"'],
	['a number', '5'],
	['null', 'null'],
	['an object without nodes', '{}'],
	['a node without its workflow', JSON.stringify(before)],
	['a list with another value in it', JSON.stringify([{ nodes: [before] }, 5])],
	['nodes that are none', '{"nodes":[5]}'],
	['a workflow without a node of this package', JSON.stringify({ nodes: [other] })],
	['an empty list', '[]'],
])('%s is an error, and nothing is written', (_, input) => {
	const { status, stdout, stderr } = run(input);
	expect([status, stdout]).toEqual([1, '']);
	expect(stderr).toMatch(/^Nothing was moved from stdin: [^\n]+\n$/);
});

describe('a file', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'move-'));
	afterAll(() => rmSync(folder, { recursive: true }));

	test('is read by its name, with or without a byte order mark', () => {
		const file = path.join(folder, 'workflow.json');
		for (const mark of ['', '\uFEFF']) {
			writeFileSync(file, mark + JSON.stringify({ nodes: [before] }));
			expect(JSON.parse(run('', file).stdout)).toEqual({ nodes: [after] });
		}
	});

	test('that does not exist is named', () => {
		const { status, stderr } = run('', path.join(folder, 'none.json'));
		expect(status).toBe(1);
		expect(stderr).toContain(`Nothing was moved from ${path.join(folder, 'none.json')}: ENOENT`);
	});
});

test('a reader that closes the pipe ends the script without a stack trace', async () => {
	const nodes = Array.from({ length: 20_000 }, () => before);
	const child = spawn(process.execPath, [script]);
	let stderr = '';
	child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
	child.stdout.once('data', () => child.stdout.destroy());
	child.stdin.end(JSON.stringify({ nodes }));
	const status = await new Promise((done) => child.once('close', done));
	expect([status, stderr]).toEqual([0, 'The copied nodes: 20000 nodes moved\n']);
});

test('docs/install.md names the package and the types of each service', () => {
	const page = readFileSync(path.join(root, 'docs/install.md'), 'utf8');
	const named = [...page.matchAll(/^\| [\w ]+ \| `([\w-]+)` \| `([\w.-]+)` \|$/gm)].map(
		([, ...one]) => one,
	);
	expect(named).toEqual(
		servicesOf(root).map(({ name, packageName }) => [packageName, `${packageName}.${name}`]),
	);
});
