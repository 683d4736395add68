import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { servicesOf } from '../../scripts/mirrors/service';

const root = path.resolve(__dirname, '../..');
const script = path.join(root, 'scripts/moveWorkflows.mjs');
const run = (input: string, ...args: string[]) =>
	spawnSync(process.execPath, [script, ...args], { input, encoding: 'utf8' });
const moved = (workflow: unknown): unknown => JSON.parse(run(JSON.stringify(workflow)).stdout);

const node = (type: string) => ({ name: 'Cancel', type, typeVersion: 1, parameters: {} });
const whole = 'n8n-nodes-cancellations';

test.each(
	servicesOf(root).flatMap(({ name, packageName }) =>
		['', 'Tool', 'Trigger'].map((kind) => [
			`${whole}.${name}${kind}`,
			`${packageName}.${name}${kind}`,
		]),
	),
)('%s becomes %s', (before, after) => {
	expect(moved({ nodes: [node(before)] })).toEqual({ nodes: [node(after)] });
});

test('nothing but the types of the nodes changes', () => {
	const files = readdirSync(path.join(root, 'workflows'));
	const workflows = files.map((file) =>
		JSON.parse(readFileSync(path.join(root, 'workflows', file), 'utf8')),
	);
	const types = /("type":")n8n-nodes-(?:\w+-)?cancellations\./g;
	const out = JSON.stringify(moved(workflows));
	expect(out).not.toContain(`"type":"${whole}.`);
	expect(out.replace(types, '$1')).toBe(JSON.stringify(workflows).replace(types, '$1'));
});

test.each([
	['a node of another package', node('n8n-nodes-base.set')],
	['a package whose name begins alike', node(`${whole}-more.funnelFox`)],
	[
		'a text in a note',
		{ ...node('n8n-nodes-base.stickyNote'), parameters: { content: `${whole}.funnelFox` } },
	],
	['what is no node', { type: `${whole}.funnelFox` }],
])('%s stays as it is', (_, one) => expect(moved([one, null, 1])).toEqual([one, null, 1]));

test('a file may be named in place of what is piped in', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'move-'));
	const file = path.join(folder, 'workflow.json');
	writeFileSync(file, JSON.stringify(node(`${whole}.azotte`)));
	expect(JSON.parse(run('', file).stdout)).toEqual(node('n8n-nodes-azotte-cancellations.azotte'));
	rmSync(folder, { recursive: true });
});

test('what is no JSON is told, and nothing is written', () => {
	const { status, stdout, stderr } = run('workflow');
	expect([status, stdout]).toEqual([1, '']);
	expect(stderr).toMatch(/^What was piped in could not be read: /);
});

test('docs/install.md names the package and the types of each service', () => {
	const page = readFileSync(path.join(root, 'docs/install.md'), 'utf8');
	const named = [...page.matchAll(/^\| \w+ \| `([\w-]+)` \| `([\w.-]+)` \|$/gm)].map(
		([, ...one]) => one,
	);
	expect(named).toEqual(
		servicesOf(root).map(({ name, packageName }) => [packageName, `${packageName}.${name}`]),
	);
});
